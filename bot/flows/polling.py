"""Ask a registry whether anything changed: one list of tags, and the digest of each tag that is followed by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.flows import looks
from bot.flows.following import poll_after
from bot.flows.known_tags import OF_ONE_TAG
from bot.flows.readers import ReaderUnfit, opened
from bot.jobs.performing import ComesAgain, WaitUntil, performs
from bot.jobs.work import PollImage, ScanImage
from bot.registries import RegistryError, RegistryLimited

if TYPE_CHECKING:
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.store import PollState

log = structlog.get_logger()


@performs(PollImage)
async def poll_image(work: PollImage, parts: Parts) -> None:
    """Look whether an image changed, ask for a scan if so, and wait for the next time.

    It ends where nobody follows the image any more. Whatever the registry does, the next poll stands: an outage
    delays its own images only, and only while it lasts.
    """
    state = await parts.store.ledger.poll_state(work.host, work.repository, work.credential)
    if state.every is None:
        log.info("poll.ended", host=work.host, image=work.repository)
        return
    if not _was_read_just_now(state, parts.clock()):
        await _look(work, parts, state)
    raise ComesAgain(poll_after(work, parts.clock(), state.every))


def _was_read_just_now(state: PollState, now: datetime) -> bool:
    scan = state.scan
    assert state.every is not None
    return scan is not None and scan.error is None and (now - scan.at).total_seconds() < state.every / 2


async def _look(work: PollImage, parts: Parts, state: PollState) -> None:
    try:
        changed = await _has_changed(work, parts, state)
    except RegistryLimited as limited:
        await looks.failed(parts, work, limited)
        raise WaitUntil(limited.until, "the registry asks to wait") from limited
    except (RegistryError, ReaderUnfit) as error:
        await looks.failed(parts, work, error)
        return
    if changed or (state.scan is not None and state.scan.error is not None):
        # What failed may have failed half-way: an equal list does not say that it was decided about.
        await parts.ask(ScanImage(work.host, work.repository, work.credential))
    else:
        await looks.succeeded(parts, work, state.scan)


async def _has_changed(work: PollImage, parts: Parts, state: PollState) -> bool:
    if state.scan is None or not state.scan.list_digest:
        return True
    reader = await opened(parts, work.host, work.credential)
    place = (work.host, work.repository)
    listed = await parts.registries.tags(*place, reader.access, known=state.scan.list_digest)
    if not listed.unchanged:
        return True
    for tag, digest in state.digests.items():
        try:
            if await parts.registries.head(*place, tag, reader.access) != digest:
                return True
        except OF_ONE_TAG as error:  # the others are compared all the same
            log.info("tag.not_compared", host=work.host, image=work.repository, tag=tag, reason=str(error))
    return False

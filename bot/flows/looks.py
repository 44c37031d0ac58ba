"""How looks at images ended: kept for everybody who asks, and told where it stays wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot import registries
from bot.flows.readers import ReaderGone, SecretLocked
from bot.jobs.work import ChooseReaders, ReportPolicyFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.jobs.work import PollImage, ScanImage
    from bot.store import ScanState

log = structlog.get_logger()

PATIENCE = timedelta(hours=1)
"""How long a registry may be away before the repositories that wait for it are told."""

CALM = timedelta(minutes=10)
"""How long what changed about an image that was read before is left to change again, before it is told."""

_PASSING: Final = (registries.RegistryLimited, registries.RegistryUnavailable, registries.InvalidAnswer)
"""What may be over the next time, without anybody's doing."""

_ASKED_AGAIN: Final = "it is asked again"
"""How the words for what may pass end: they are told once they have been true for a while."""

_MENDED_BY: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (registries.ImageNotFound, "mend the image's name in the policy; if it is private, add a credential that reads it"),
    (
        registries.RegistryRefused,
        "add a credential that may read it with `niro registries add`, or rotate the one used",
    ),
    (registries.UntrustedRealm, "if it does, add a credential with that host as `--token-host`"),
    (registries.AddressNotAllowed, "whoever runs the bot can allow the network with NIRO_PRIVATE_NETWORKS"),
    (registries.UntrustedCertificate, "if its authority is your own, add a credential with `--certificate`"),
    (registries.InvalidCertificate, "add the credential again with a CA's certificate in PEM"),
    (registries.CredentialForOtherHost, "add a credential for this host"),
    (ReaderGone, "add a credential again, or make the image public"),
    (SecretLocked, "whoever runs the bot has to give it the key in NIRO_KEYS, or to add the credential again"),
    (registries.RegistryLimited, f"a credential may have higher limits; {_ASKED_AGAIN}"),
    (registries.RegistryError, _ASKED_AGAIN),
)

NOT_FOLLOWED: Final = "nobody followed the image"
"""Why an image that is followed again was not read lately."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a look at an image's tags read: a hash of the list, and the tags to compare at every poll."""

    list_digest: str
    watched: frozenset[str]


async def succeeded(
    parts: Parts, work: PollImage | ScanImage, before: ScanState | None, read: Read | None = None
) -> None:
    """Keep that an image could be read. `before`: how the last look ended; `read` is None where nothing changed."""
    await parts.store.ledger.scanned(
        work.host,
        work.repository,
        parts.clock(),
        None,
        work.credential,
        list_digest=None if read is None else read.list_digest,
        watched=None if read is None else sorted(read.watched),
    )
    if before is not None and before.error is not None:
        await _tell(parts, await _told_before(parts, work), at_once=True)


async def failed(parts: Parts, work: PollImage | ScanImage, error: Exception) -> None:
    """Keep why an image could not be read, and have it told where it does not look as if it passed by itself."""
    now, said = parts.clock(), _with_what_mends(error)
    before = await parts.store.ledger.scan_state(work.host, work.repository, work.credential)
    await parts.store.ledger.scanned(work.host, work.repository, now, said, work.credential)
    log.warning("image.not_read", host=work.host, image=work.repository, reason=said)
    if isinstance(error, ReaderGone):
        gone = await parts.store.index.followers(work.host, work.repository, work.credential)
        await parts.ask(*(ChooseReaders(each.installation) for each in gone))
    if _is_news(error, before, now):
        followers = await parts.store.index.followers(work.host, work.repository, work.credential)
        was_read = before is not None and bool(before.list_digest)
        await _tell(parts, ((each.installation, each.repository) for each in followers), at_once=not was_read)


def is_trouble(state: ScanState, now: datetime) -> bool:
    """Whether what the last look at an image ended with is worth telling: it does not pass by itself, or has not."""
    if state.error is None or state.error == NOT_FOLLOWED:
        return False
    waited = state.failing_since is not None and now - state.failing_since >= PATIENCE
    return waited or not state.error.endswith(_ASKED_AGAIN)


def mending(state: ScanState) -> str:
    """Return what mends the last failure, without what failed."""
    return (state.error or "").rpartition("; ")[2]


def _with_what_mends(error: Exception) -> str:
    mends = next((mends for kind, mends in _MENDED_BY if isinstance(error, kind)), "it is tried again")
    # Until when a registry asks to wait changes with each answer, and would make news of it each time.
    said = f"{error.host}: asks to wait" if isinstance(error, registries.RegistryLimited) else str(error)
    return f"{said}; {mends}"


def _is_news(error: Exception, before: ScanState | None, now: datetime) -> bool:
    """Whether to tell: that it began, unless it may pass, and then once an hour what it has become."""
    if before is None or before.failing_since is None or before.error == NOT_FOLLOWED:
        return not isinstance(error, _PASSING)
    return (before.at - before.failing_since) // PATIENCE != (now - before.failing_since) // PATIENCE


async def _told_before(parts: Parts, work: PollImage | ScanImage) -> list[tuple[int, int]]:
    """List the repositories (installation, repository) among the followers that were told something last."""
    followers = await parts.store.index.followers(work.host, work.repository, work.credential)
    where = dict.fromkeys((each.installation, each.repository) for each in followers)
    reports = [(each, await parts.store.repositories.reported(each[1])) for each in where]
    return [each for each, report in reports if report is not None and report.digest]


async def _tell(parts: Parts, where: Iterable[tuple[int, int]], *, at_once: bool) -> None:
    """Have it told: at once where a person may be waiting for the first look, else when it had time to change again."""
    when = parts.clock() + (timedelta() if at_once else CALM)
    await parts.ask_at((ReportPolicyFile(*repository), when) for repository in dict.fromkeys(where))

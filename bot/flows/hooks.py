"""What a registry's hook asks for: a look at the images it may speak of, if its installation follows them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.flows.asking import Ask
from bot.jobs.work import AnnounceImage, JudgeAgain
from bot.registries.lookup import is_below
from bot.registries.notifications import PostedReport, UnreadableNotification, images, scan_report, scanned
from bot.store import ScanReportRecord

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.images import ImageReference
    from bot.store import Hook

log = structlog.get_logger()

SOURCE = "hook:"
"""How the source of a hook's delivery begins; its kind and its id follow, between colons."""

REPORT: Final = "hook:scan:"
"""How the source of a delivery begins that is a scanner's report, posted by CI."""

WEIGHT_OF_A_REPORT: Final = 4
"""Reading a report takes longer than finding images in so many bytes."""

MOST_IMAGES = 100
"""So many images may one notification name; registries send a call for each push."""

NOBODYS_HOST = "removed.invalid"
"""The host of a hook that was removed: what it sent is still read, and parked where it cannot be."""


async def asks_of_hook(parts: Parts, source: str, payload: dict[str, Any]) -> tuple[Ask, ...]:
    """Read a hook's notification. Whoever holds its address can make the bot look at nothing else.

    Times and digests in it are not believed, and nothing it points at is fetched. Raises UnreadableNotification. A hook
    that was removed since asks for nothing.
    """
    _, kind, identifier = source.split(":", 2)
    found = await parts.store.hooks.get(identifier)
    named = _named(kind, payload, NOBODYS_HOST if found is None else found[0].host)
    if found is None:
        return ()
    hook = found[0]
    wanted = [image for image in named.values() if await _counts(parts, hook, image)]
    pushed = tuple(Ask(AnnounceImage(image.host, image.repository), settle=True) for image in wanted)
    return pushed + await _evidence(parts, kind, payload, hook)


async def _evidence(parts: Parts, kind: str, payload: dict[str, Any], hook: Hook) -> tuple[Ask, ...]:
    """Say which images are to be judged again, for their scan is done."""
    scans = scanned(kind, payload, hook.host)[:MOST_IMAGES]
    counting = [(image, digest) for image, digest in scans if await _counts(parts, hook, image)]
    return tuple(Ask(JudgeAgain(image.host, image.repository, digest)) for image, digest in counting)


async def asks_of_report(parts: Parts, source: str, body: bytes) -> tuple[Ask, ...]:
    """Keep a report that CI posted, if the hook may speak of its image: only below the prefix that it names.

    Whose image it is judged for is known by the hook, never by what the report says. Raises UnreadableNotification.
    """
    found = await parts.store.hooks.get(source.split(":", 2)[2])
    hook = None if found is None else found[0]
    host = NOBODYS_HOST if hook is None else hook.host
    report = await parts.compute(WEIGHT_OF_A_REPORT * len(body), read_report, body, host)
    if hook is None:
        return ()
    image = report.image
    if not hook.repository_prefix or hook.installation is None or not await _counts(parts, hook, image):
        log.info("report.not_its_image", hook=hook.id, host=image.host, image=image.repository)
        return ()
    await parts.store.scan_reports.put(
        ScanReportRecord(
            host=image.host,
            image=image.repository,
            digest=report.digest,
            hook=hook.id,
            installation=hook.installation,
            media_type=report.media_type,
            content=report.content,
            at=parts.clock(),
        )
    )
    log.info("report.kept", hook=hook.id, host=image.host, image=image.repository, digest=report.digest)
    return (Ask(JudgeAgain(image.host, image.repository, report.digest)),)


def read_report(body: bytes, host: str) -> PostedReport:
    """Read what CI posted through a hook about an image of `host`. Raises UnreadableNotification."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise UnreadableNotification(f"the body is not JSON: {type(problem).__name__}") from None
    if not isinstance(payload, dict):
        raise UnreadableNotification(f"the body is a JSON {type(payload).__name__}, not an object")
    return scan_report(payload, host)


def _named(kind: str, payload: dict[str, Any], host: str) -> dict[tuple[str, str], ImageReference]:
    named = {(image.host, image.repository): image for image in images(kind, payload, host)}
    if len(named) > MOST_IMAGES:
        raise UnreadableNotification(f"the notification names {len(named)} images; {MOST_IMAGES} are the most")
    return named


async def _counts(parts: Parts, hook: Hook, image: ImageReference) -> bool:
    if image.host != hook.host or not _is_allowed(hook, image):
        log.info("hook.not_its_image", hook=hook.id, host=image.host, image=image.repository)
        return False
    if not await _follows(parts, hook.installation, image):
        log.info("image.not_followed", hook=hook.id, host=image.host, image=image.repository)
        return False
    return True


def _is_allowed(hook: Hook, image: ImageReference) -> bool:
    prefix = hook.repository_prefix.rstrip("/")
    return not prefix or is_below(image.repository, prefix)


async def _follows(parts: Parts, installation: int | None, image: ImageReference) -> bool:
    """Whether a policy of the hook's installation follows the image; the operator's own hooks speak for everybody.

    The policies of suspended installations and archived repositories follow nothing.
    """
    followers = await parts.store.index.followers(image.host, image.repository)
    return any(installation in {None, follower.installation} for follower in followers)

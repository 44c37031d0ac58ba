"""What a registry's hook asks for: a look at the images it may speak of, if its installation follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from bot.flows.asking import Ask
from bot.jobs.work import ScanImage
from bot.registries.notifications import images

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.images import ImageReference
    from bot.store import Hook

log = structlog.get_logger()

SOURCE = "hook:"
"""How the source of a hook's delivery begins; its kind and its id follow, between colons."""


async def asks_of_hook(parts: Parts, source: str, payload: dict[str, Any]) -> tuple[Ask, ...]:
    """Read a hook's notification. Whoever holds its address can make the bot look at nothing else.

    Raises UnreadableNotification. A hook that was removed since asks for nothing.
    """
    _, kind, identifier = source.split(":", 2)
    pushed = images(kind, payload)
    found = await parts.store.hooks.get(identifier)
    if found is None:
        return ()
    wanted = [image for image in pushed if await _counts(parts, found[0], image)]
    return tuple(Ask(ScanImage(image.host, image.repository), settle=True) for image in wanted)


async def _counts(parts: Parts, hook: Hook, image: ImageReference) -> bool:
    if image.host != hook.host or not image.repository.startswith(hook.repository_prefix):
        log.info("hook.not_its_image", hook=hook.id, host=image.host, image=image.repository)
        return False
    if not await _follows(parts, hook.installation, image):
        log.info("image.not_followed", hook=hook.id, host=image.host, image=image.repository)
        return False
    return True


async def _follows(parts: Parts, installation: int | None, image: ImageReference) -> bool:
    """Whether a policy of the hook's installation follows the image; the operator's own hooks speak for everybody."""
    followers = await parts.store.index.followers(image.host, image.repository)
    return any(installation in {None, follower.installation} for follower in followers)

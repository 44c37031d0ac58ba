"""What a registry's hook asks for: a look at the images it may speak of, if its installation follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.flows.asking import Ask
from bot.jobs.work import ScanImage
from bot.registries.notifications import images

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.images import ImageReference
    from bot.store import Hook

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
    allowed = [image for image in pushed if _may_tell(found[0], image)]
    wanted = [image for image in allowed if await _follows(parts, found[0].installation, image)]
    return tuple(Ask(ScanImage(image.host, image.repository), settle=True) for image in wanted)


def _may_tell(hook: Hook, image: ImageReference) -> bool:
    return image.host == hook.host and image.repository.startswith(hook.repository_prefix)


async def _follows(parts: Parts, installation: int | None, image: ImageReference) -> bool:
    """Whether a policy of the hook's installation follows the image; the operator's own hooks speak for everybody."""
    followers = await parts.store.index.followers(image.host, image.repository)
    return any(installation in {None, follower.installation} for follower in followers)

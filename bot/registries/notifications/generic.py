"""What anybody's own script sends: the image, and what happened to it."""

from bot.registries.notifications.reading import Payload, UnreadableNotification, text_at


def images(payload: Payload, host: str) -> tuple[str, ...]:  # noqa: ARG001 - the image is named with its host
    """Read `{"image": "registry.example/team/api", "tag": "1.2.3"}`: an image as a manifest would name it, or a list.

    `tag` and `digest` may be left out. `action` may say something else than `push`; then nothing is looked at.
    """
    if (text_at(payload, "action") or "push").lower() != "push":
        return ()
    named = payload.get("image")
    images = named if isinstance(named, list) else [named]
    if not images or not all(isinstance(image, str) for image in images):
        raise UnreadableNotification("the notification should name its image in `image`; this one does not")
    return tuple(images)

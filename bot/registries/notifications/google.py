"""What Google's registries publish when an image changed."""

from bot.registries.notifications.reading import Payload, UnreadableNotification, json_in_base64, text_at, wanted_text


def images(payload: Payload, host: str) -> tuple[str, ...]:  # noqa: ARG001 - Google names its host
    """Read a Pub/Sub push of Artifact Registry's topic `gcr`, whole or unwrapped; deletions tell of no new image.

    https://cloud.google.com/artifact-registry/docs/configure-notifications,
    https://cloud.google.com/pubsub/docs/payload-unwrapping
    """
    event = json_in_base64(wanted_text(payload, "message", "data")) if "message" in payload else payload
    if wanted_text(event, "action") != "INSERT":
        return ()
    names = tuple(name for key in ("tag", "digest") if (name := text_at(event, key)))
    if not names:
        raise UnreadableNotification("an INSERT of Artifact Registry names a tag or a digest; this one does not")
    return names

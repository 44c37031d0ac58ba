"""What Quay sends when something happened in a repository."""

from bot.registries.notifications.reading import Payload, wanted_text


def images(payload: Payload, host: str) -> tuple[str, ...]:  # noqa: ARG001 - Quay names its host
    """Read a Quay notification: only a push has `updated_tags`, a list, or in the old form an object of tags.

    https://docs.projectquay.io/use_quay.html#repository-events
    """
    name = wanted_text(payload, "docker_url")
    return (name,) if "updated_tags" in payload else ()

"""What the CNCF's registry sends when something happened in it; GitLab's own registry sends the same."""

from bot.registries.notifications.reading import Payload, UnreadableNotification, text_at

_MANIFESTS = (
    "application/vnd.docker.distribution.manifest.",
    "application/vnd.oci.image.manifest.",
    "application/vnd.oci.image.index.",
)


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read an envelope of events: each manifest that was pushed is one; layers, pulls and deletions are none.

    https://distribution.github.io/distribution/about/notifications/,
    https://docs.gitlab.com/administration/packages/container_registry/#configure-container-registry-notifications
    """
    events = payload.get("events")
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise UnreadableNotification("the registry's notification holds its events in a list; this one does not")
    return tuple(_image(event, host) for event in events if _pushes_manifest(event))


def _pushes_manifest(event: Payload) -> bool:
    return event.get("action") == "push" and (text_at(event, "target", "mediaType") or "").startswith(_MANIFESTS)


def _image(event: Payload, host: str) -> str:
    return f"{text_at(event, 'request', 'host') or host}/{text_at(event, 'target', 'repository') or ''}"

"""What Harbor sends when something happened in a project."""

from bot.registries.notifications.cloud_events import event_data
from bot.registries.notifications.reading import Payload, text_at, value_at, wanted_text

# An event in the default format, and as a CloudEvent.
_PUSHED = {"PUSH_ARTIFACT", "harbor.artifact.pushed"}
_SCANNED = {"SCANNING_COMPLETED", "harbor.scan.completed"}


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read a Harbor webhook, in its default format or as a CloudEvent.

    All resources of one event are of one repository; `resource_url` is not used, since it names Harbor as it is
    configured, which may be a name that nobody pulls from.
    https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/
    """
    return (_name(payload, host),) if wanted_text(payload, "type") in _PUSHED else ()


def scans(payload: Payload, host: str) -> tuple[tuple[str, str], ...]:
    """Read a Harbor webhook that tells of a scan that is done: the image and each digest that was scanned.

    One that failed or was stopped has found nothing out, and names nothing. Documented where `images` says.
    """
    if wanted_text(payload, "type") not in _SCANNED:
        return ()
    name, resources = _name(payload, host), value_at(_data(payload), "resources")
    digests = [text_at(resource, "digest") or "" for resource in resources] if isinstance(resources, list) else []
    return tuple((name, digest) for digest in digests or [""])


def _name(payload: Payload, host: str) -> str:
    return f"{host}/{wanted_text(_data(payload), 'repository', 'repo_full_name')}"


def _data(payload: Payload) -> object:
    return event_data(payload) if text_at(payload, "specversion") else value_at(payload, "event_data")

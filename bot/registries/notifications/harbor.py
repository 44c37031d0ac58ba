"""What Harbor sends when something happened in a project."""

from bot.registries.notifications.cloud_events import event_data
from bot.registries.notifications.reading import Payload, text_at, value_at, wanted_text


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read a Harbor webhook, in its default format or as a CloudEvent.

    All resources of one event are of one repository; `resource_url` is not used, since it names Harbor as it is
    configured, which may be a name that nobody pulls from.
    https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/
    """
    if text_at(payload, "specversion"):
        data, pushed = event_data(payload), "harbor.artifact.pushed"
    else:
        data, pushed = value_at(payload, "event_data"), "PUSH_ARTIFACT"
    if wanted_text(payload, "type") != pushed:
        return ()
    return (f"{host}/{wanted_text(data, 'repository', 'repo_full_name')}",)

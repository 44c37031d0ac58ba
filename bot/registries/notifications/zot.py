"""What zot sends when something happened in it."""

from bot.registries.notifications.cloud_events import event_data
from bot.registries.notifications.reading import Payload, wanted_text


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read a CloudEvent of zot; the beginning of its type is the operator's to choose.

    https://zotregistry.dev/latest/articles/events/
    """
    if not f".{wanted_text(payload, 'type')}".endswith(".image.updated"):
        return ()
    return (f"{host}/{wanted_text(event_data(payload), 'name')}",)

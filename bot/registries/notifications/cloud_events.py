"""What any sender of CloudEvents may send: an event whose data names an image."""

from bot.registries.notifications import generic
from bot.registries.notifications.reading import Payload, UnreadableNotification, json_in_base64, text_at, wanted_text

_REMOVING = {"delete", "deleted", "remove", "removed"}


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read an event with the data `{"image": ..., "tag": ..., "digest": ...}`, unless its type speaks of a deletion.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
    """
    words = wanted_text(payload, "type").lower().split(".")
    return () if _REMOVING.intersection(words) else generic.images(event_data(payload), host)


def event_data(payload: Payload) -> Payload:
    """Return an event's data, which stands in `data`, or encoded in `data_base64` (section 3.1 of the JSON format)."""
    encoded = text_at(payload, "data_base64")
    data = payload.get("data") if encoded is None else json_in_base64(encoded)
    if not isinstance(data, dict):
        raise UnreadableNotification("the event should hold an object in data; this one does not")
    return data

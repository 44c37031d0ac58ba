"""What the JFrog Platform sends when a tag of an image changed."""

from yarl import URL

from bot.registries.notifications.reading import Payload, UnreadableNotification, text_at, value_at, wanted_text

_ADDING = {"pushed", "promoted"}
_MANIFESTS = {"manifest.json", "list.manifest.json"}


def images(payload: Payload, host: str) -> tuple[str, ...]:
    """Read a webhook of the domain `docker`; older versions send its data without the frame around it.

    An image's host is the platform's, with the repository's key in the path, or in front of the host (JFrog's
    subdomain method). Without `jpd_origin`, which not all versions send, the hook's host is the platform's, or already
    the repository's own. `image_name` may be the last segment alone, so the path of the manifest is preferred.
    https://docs.jfrog.com/administration/docs/event-types,
    https://jfrog.com/help/r/jfrog-artifactory-documentation/the-subdomain-method-for-docker
    """
    data = value_at(payload, "data") if "domain" in payload else payload
    event = wanted_text(payload, "event_type")
    if text_at(payload, "domain") not in {"docker", None} or event not in _ADDING:
        return ()
    if not isinstance(data, dict):
        raise UnreadableNotification("a webhook of JFrog holds an object in data; this one does not")
    key, name = wanted_text(data, "repo_key"), _name(data)
    origin = _host_of(text_at(payload, "jpd_origin"))
    if origin is None:
        return (f"{host}/{key}/{name}", f"{host}/{name}")
    return (f"{origin}/{key}/{name}", f"{key}.{origin}/{name}")


def _name(data: Payload) -> str:
    """Return the image's name: the path of its manifest is `<name>/<tag>/manifest.json`."""
    *name, _, file = ["", "", *(text_at(data, "path") or "").strip("/").split("/")]
    found = "/".join(part for part in name if part)
    return found if found and file in _MANIFESTS else wanted_text(data, "image_name")


def _host_of(origin: str | None) -> str | None:
    try:
        return URL(origin).host_port_subcomponent if origin else None
    except ValueError:
        raise UnreadableNotification("jpd_origin is no address") from None

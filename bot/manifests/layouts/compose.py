"""Images in Compose files: those that services run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.manifests.fields import fields, followed, text_of
from bot.manifests.layouts.layout import Layout
from bot.manifests.layouts.placing import doubled_among, found_along, is_empty, is_text, whole
from bot.manifests.layouts.walking import Steps
from bot.manifests.places import Owner
from bot.manifests.tree import Mapping, Scalar, Sequence
from bot.manifests.ways import below, element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Document
    from bot.manifests.places import Finding
    from bot.manifests.tree import Node

_FILE_NAME: Final = re.compile(r"(?:docker-)?compose[^/]*\.ya?ml")
# Compose Specification, the top-level elements; `version` is obsolete. Any `x-...` may stand beside them.
_ELEMENTS: Final = frozenset(
    {"version", "name", "include", "services", "networks", "volumes", "configs", "secrets", "models"}
)
_EXTENSION: Final = "x-"
# What a file writes to take back what the file before it says.
_RESET: Final = "!reset"


def _fits(document: Document) -> bool:
    if document.owner.kind:
        return False
    keys = document.values.keys() | fields(document.root).twice.keys()
    if _FILE_NAME.fullmatch(document.path.rpartition("/")[2]):
        return "services" in keys
    return all(key in _ELEMENTS or key.startswith(_EXTENSION) for key in keys) and _runs_services(document)


def _runs_services(document: Document) -> bool:
    """Whether `services` is as only Compose has it; in the values of a chart an image may be a mapping with a tag."""
    services = followed(document.values.get("services"))
    if not isinstance(services, Mapping):
        return False
    each = [fields(service).values for service in _mappings(services)]
    return any("build" in service or is_text(service.get("image")) for service in each) and not any(
        "tag" in service for service in each
    )


def _mappings(services: Mapping) -> Iterator[Mapping]:
    for node in fields(services).values.values():
        service = followed(node)
        if isinstance(service, Mapping):
            yield service


def _services(node: Node, _owner: Owner, way: str) -> Iterator[Finding]:
    services = followed(node)
    if not isinstance(services, Mapping):
        return
    entered: set[int] = set()
    yield from doubled_among(services, fields(services).twice)
    for name, each in fields(services).values.items():
        service = followed(each)
        if isinstance(service, Mapping) and id(service) not in entered:
            entered.add(id(service))
            yield from _image(service, name, below(way, name))
            yield from _volumes(service, name, below(way, name), entered)


def _image(service: Mapping, name: str, way: str) -> Iterator[Finding]:
    """Give the image of a service, unless it is what is built here."""
    values, twice = fields(service)
    if "build" in twice or _is_set(values.get("build")):
        return
    yield from doubled_among(service, ("image",))
    image = values.get("image")
    if image is not None and not _is_reset(image):
        yield whole(image, Owner(), below(way, "image"), container=name)


def _volumes(service: Mapping, name: str, way: str, entered: set[int]) -> Iterator[Finding]:
    """Give the images that are mounted into a service."""
    yield from doubled_among(service, ("volumes",))
    volumes = followed(fields(service).values.get("volumes"))
    if not isinstance(volumes, Sequence) or id(volumes) in entered:
        return
    entered.add(id(volumes))
    for index, each in enumerate(volumes.children):
        volume = followed(each)
        if isinstance(volume, Mapping) and text_of(fields(volume).values.get("type")) == "image":
            yield from doubled_among(volume, ("source",))
            source = fields(volume).values.get("source")
            if source is not None:
                field = below(element(below(way, "volumes"), index), "source")
                yield whole(source, Owner(), field, container=name)


def _is_set(node: Node | None) -> bool:
    return node is not None and not is_empty(node) and not _is_reset(node)


def _is_reset(node: Node) -> bool:
    scalar = followed(node)
    return isinstance(scalar, Scalar) and scalar.tag == _RESET


_RULES: Final = ((Steps.along("services"), _services),)


def _find(document: Document) -> Iterator[Finding]:
    return found_along(document, _RULES)


_EXAMPLE: Final = """\
services:
  app:
    image: ghcr.io/acme/app:1.9.0
    ports: ["8080:8080"]
"""

LAYOUTS: Final[tuple[Layout, ...]] = (
    Layout(
        title="Compose file",
        where=(
            "`compose*.yaml`, `docker-compose*.yaml` (and `.yml`), and any file that has only what Compose knows",
            "`services.*.image`; with `build` beside it that is the name of what is built, and not an image in use",
            "`services.*.volumes[].source` where `type` is `image`",
            "a value with a variable (`${TAG:-1.9.0}`) is reported and not edited",
        ),
        example=_EXAMPLE,
        fits=_fits,
        find=_find,
    ),
)

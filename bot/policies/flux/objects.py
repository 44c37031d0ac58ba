"""Where Flux's objects stand in the manifests of a repository."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.manifests.reasons import SkipReason
from bot.manifests.source import Source
from bot.manifests.tree import Mapping, Scalar, Sequence, Unreadable, grow
from bot.policies.flux.fields import Fields, followed, glimpse, place_of
from bot.policies.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Files

    from bot.manifests.tree import Node
    from bot.policies.flux.fields import Report

DEFAULT_NAMESPACE: Final = "default"
MOST_OBJECTS: Final = 10_000

_VERSIONS: Final = ("v1", "v1beta2", "v1beta1")
_MANIFESTS: Final = (".yaml", ".yml", ".json")
# With the slash of `apiVersion`: Flux's own custom resource definitions name the groups too, and are long.
_IMAGE_OBJECT = re.compile(rb"image\.toolkit\.fluxcd\.io\\?/v")
_SOURCE_OBJECT = re.compile(rb"source\.toolkit\.fluxcd\.io\\?/v")
_GIT_REPOSITORY: Final = b"GitRepository"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_LONGEST_NAME: Final = 253


class Kind(Enum):
    """The kinds of objects that say which images are followed, and where the changes go."""

    REPOSITORY = "ImageRepository"
    POLICY = "ImagePolicy"
    AUTOMATION = "ImageUpdateAutomation"
    SOURCE = "GitRepository"


_GROUPS: Final = {
    Kind.REPOSITORY: "image.toolkit.fluxcd.io",
    Kind.POLICY: "image.toolkit.fluxcd.io",
    Kind.AUTOMATION: "image.toolkit.fluxcd.io",
    Kind.SOURCE: "source.toolkit.fluxcd.io",
}
_KINDS: Final = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class FluxObject:
    """One of Flux's objects. Where no namespace is written it is Kubernetes' own default."""

    kind: Kind
    namespace: str
    name: str
    fields: Fields

    @property
    def spec(self) -> Fields:
        """What the object asks for."""
        return self.fields.section("spec")

    @property
    def key(self) -> tuple[str, str]:
        """Namespace and name: what one object of a kind has and no other."""
        return self.namespace, self.name

    @property
    def full_name(self) -> str:
        """The name as markers write it."""
        return f"{self.namespace}:{self.name}"


@dataclass(slots=True)
class Objects:
    """Flux's objects of a repository, by kind, namespace and name. A source may stand once for each cluster."""

    repositories: dict[tuple[str, str], FluxObject] = field(default_factory=dict)
    policies: dict[tuple[str, str], FluxObject] = field(default_factory=dict)
    automations: dict[tuple[str, str], FluxObject] = field(default_factory=dict)
    sources: dict[tuple[str, str], list[FluxObject]] = field(default_factory=dict)
    count: int = 0


def find_objects(files: Files[str, bytes], report: Report) -> Objects:
    """Read Flux's objects out of the files that can hold some; all others are passed over by a look at their bytes.

    A GitRepository is only looked for where there is an automation, which alone asks for it.
    """
    objects = Objects()
    manifests = sorted(path for path in files if path.lower().endswith(_MANIFESTS))
    read = [path for path in manifests if _IMAGE_OBJECT.search(files[path])]
    for path in read:
        _read_file(path, files[path], objects, report)
    if objects.automations:
        for path in sorted(set(manifests) - set(read)):
            if _GIT_REPOSITORY in files[path] and _SOURCE_OBJECT.search(files[path]):
                _read_file(path, files[path], objects, report)
    return objects


def _read_file(path: str, content: bytes, objects: Objects, report: Report) -> None:
    try:
        for root in grow(Source(content).yaml):
            for node, kind in _flux_nodes(root):
                _enter(path, node, kind, objects, report)
    except Unreadable as unreadable:
        is_template = (
            unreadable.reason is SkipReason.BROKEN_YAML and b"{{" in content and "templates" in path.split("/")
        )
        problems = report.noted if is_template else report.refused
        message = f"{unreadable.message}; it names Flux's objects, and none of it is read"
        problems.append(Problem(unreadable.line or 1, 1, "", message, path))


def _flux_nodes(node: Node | None) -> Iterator[tuple[Mapping, Kind]]:
    """Give each of Flux's objects in a document, also those in a List."""
    if not isinstance(node, Mapping):
        return
    word = _word(node, "kind")
    items = glimpse(node, "items")
    if word.endswith("List") and isinstance(items, Sequence):
        for item in items.children:
            yield from _flux_nodes(followed(item))
    kind = _KINDS.get(word)
    if kind is not None and _word(node, "apiVersion").partition("/")[0] == _GROUPS[kind]:
        yield node, kind


def _word(node: Node, key: str) -> str:
    value = glimpse(node, key)
    return str(value.value) if isinstance(value, Scalar) else ""


def _enter(path: str, node: Mapping, kind: Kind, objects: Objects, report: Report) -> None:
    found = _object(path, node, kind, report)
    if found is None:
        return
    objects.count += 1
    if objects.count == MOST_OBJECTS + 1:
        place = found.fields.place
        message = f"there are more than {MOST_OBJECTS} of Flux's objects; only so many are read"
        report.refused.append(Problem(place.line, place.column, "", message, path))
    elif objects.count <= MOST_OBJECTS:
        _file_under(found, objects)


def _file_under(found: FluxObject, objects: Objects) -> None:
    if found.kind is Kind.SOURCE:
        objects.sources.setdefault(found.key, []).append(found)
        return
    shelf = {
        Kind.REPOSITORY: objects.repositories,
        Kind.POLICY: objects.policies,
        Kind.AUTOMATION: objects.automations,
    }[found.kind]
    first = shelf.setdefault(found.key, found)
    if first is not found:
        where = f"{quoted(first.fields.path)}, line {first.fields.place.line}"
        said = f"and namespace are those of the {found.kind.value} in {where}"
        found.fields.section("metadata").refuse("name", f"{said}; which of the two counts is not known")


def _object(path: str, node: Mapping, kind: Kind, report: Report) -> FluxObject | None:
    """Read what tells an object from others; None where it is of a version that is not known, or has no name."""
    fields = Fields(path, node, place_of(node), report)
    version = _word(node, "apiVersion").partition("/")[2]
    if version not in _VERSIONS:
        fields.note("apiVersion", f"is not known with {quoted(version)}; read are {', '.join(_VERSIONS)}")
        return None
    metadata = fields.section("metadata")
    name = metadata.required("name")
    namespace = metadata.text("namespace") or DEFAULT_NAMESPACE
    for key, text in (("name", name), ("namespace", namespace)):
        if text is not None and not is_name(text):
            metadata.refuse(key, f"cannot be the name of an object in Kubernetes: {quoted(text)}")
            name = None
    return None if name is None else FluxObject(kind, namespace, name, fields)


def is_name(text: str) -> bool:
    """Whether an object or a namespace can be called so: lower-case letters, digits, `.` and `-`, at most 253."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None

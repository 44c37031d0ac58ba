"""Where images stand in Kubernetes workloads: a table of kinds, and the walk along it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

_TEMPLATE: Final = ("spec", "template", "spec")

# The way from the root of an object to its pod spec, by kind: Kubernetes API reference, core/v1, apps/v1, batch/v1.
POD_SPECS: Final[dict[str, tuple[str, ...]]] = {
    "Pod": ("spec",),
    "PodTemplate": ("template", "spec"),
    "Deployment": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "ReplicaSet": _TEMPLATE,
    "ReplicationController": _TEMPLATE,
    "Job": _TEMPLATE,
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
CONTAINER_LISTS: Final = frozenset({"initContainers", "containers", "ephemeralContainers"})

_MERGE: Final = "<<"
_NAMES: Final = ("name", "namespace")
_STEPS: Final = frozenset(step for way in POD_SPECS.values() for step in way)
_WORDS: Final = frozenset({"kind", "metadata", "items", "image", *_NAMES}) | CONTAINER_LISTS | _STEPS


class Place(NamedTuple):
    """The value of one `image:` key and the object it belongs to."""

    kind: str
    namespace: str
    name: str
    container: str
    field: str
    node: Scalar | Alias


class Note(NamedTuple):
    """Something on the way to an image that this walk does not follow. `line` counts from 1."""

    line: int
    reason: SkipReason
    message: str


class _Ambiguous(Exception):
    """A key that counts stands twice in one mapping."""

    def __init__(self, line: int, key: str) -> None:
        self.note = Note(line, SkipReason.DUPLICATE_KEY, f"the key {key!r} stands twice in one mapping")
        super().__init__(key)


def places_in(document: Node | None) -> list[Place | Note]:
    """Find the images of the Kubernetes object in `document`, and of each object in it when it is a `List`."""
    return _object(document, "")


def line_of(node: Node) -> int:
    """Tell the line on which a node begins, from 1."""
    mark = node.start_mark if isinstance(node, Scalar) else node.mark
    assert mark is not None
    return int(mark.line) + 1


def _object(node: Node | None, prefix: str) -> list[Place | Note]:
    """One object; when a key on the way stands twice nobody can say which counts, and the object is left alone."""
    if isinstance(node, Alias):
        return [_unfollowed(node)] if _holds(node.target, {"kind"}) else []
    if not isinstance(node, Mapping):
        return []
    try:
        fields = _fields(node)
        kind = _text(fields.get("kind"))
        if kind.endswith("List"):
            return list(_items(fields.get("items"), prefix))
        if kind in POD_SPECS:
            return list(_workload(kind, node, fields, prefix))
    except _Ambiguous as ambiguous:
        return [ambiguous.note]
    return []


def _items(node: Node | None, prefix: str) -> Iterator[Place | Note]:
    if isinstance(node, Sequence):
        for index, item in enumerate(node.children):
            yield from _object(item, f"{prefix}items[{index}].")


def _workload(kind: str, node: Mapping, fields: dict[str, Node], prefix: str) -> Iterator[Place | Note]:
    metadata = fields.get("metadata")
    named = _fields(metadata) if isinstance(metadata, Mapping) else {}
    identity = (kind, _text(named.get("namespace")), _text(named.get("name")))
    here = node
    for step in POD_SPECS[kind]:
        after = _fields(here).get(step)
        if after is None:
            yield from _merged(here, {step})
        elif isinstance(after, Alias):
            yield _unfollowed(after)
        if not isinstance(after, Mapping):
            return
        here = after
    yield from _pod_spec(here, identity, prefix + ".".join(POD_SPECS[kind]))


def _pod_spec(node: Mapping, identity: tuple[str, str, str], way: str) -> Iterator[Place | Note]:
    fields = _fields(node)
    yield from _merged(node, CONTAINER_LISTS - fields.keys())
    for key in sorted(CONTAINER_LISTS & fields.keys()):
        containers = fields[key]
        if isinstance(containers, Alias):
            yield _unfollowed(containers)
        elif isinstance(containers, Sequence):
            for index, container in enumerate(containers.children):
                yield from _container(container, identity, f"{way}.{key}[{index}].image")


def _container(node: Node, identity: tuple[str, str, str], field: str) -> Iterator[Place | Note]:
    if isinstance(node, Alias):
        yield _unfollowed(node)
    if not isinstance(node, Mapping):
        return
    fields = _fields(node)
    image = fields.get("image")
    if image is None:
        yield from _merged(node, {"image"})
    elif isinstance(image, Scalar) or (isinstance(image, Alias) and isinstance(image.target, Scalar)):
        yield Place(*identity, _text(fields.get("name")), field, image)
    else:
        yield Note(line_of(image), SkipReason.NOT_A_TEXT, "the image of this container is not a text")


def _fields(mapping: Mapping) -> dict[str, Node]:
    """Give the values by key, for keys that are scalars; raises _Ambiguous when a key of the walk stands twice."""
    children = mapping.children
    keys = children[::2]
    fields = {key.value: value for key, value in zip(keys, children[1::2], strict=True) if isinstance(key, Scalar)}
    if len(fields) < len(keys):
        _refuse_duplicates(keys)
    return fields


def _refuse_duplicates(keys: list[Node]) -> None:
    seen: set[str] = set()
    for key in keys:
        if isinstance(key, Scalar):
            if key.value in seen and key.value in _WORDS:
                raise _Ambiguous(line_of(key), key.value)
            seen.add(key.value)


def _merged(mapping: Mapping, wanted: Set[str]) -> Iterator[Note]:
    """Note each merge key that brings one of the wanted keys, or may bring it through a merge of its own."""
    children = mapping.children
    for key, value in zip(children[::2], children[1::2], strict=True):
        if isinstance(key, Scalar) and key.value == _MERGE and _brings(value, wanted | {_MERGE}):
            message = "what stands here comes through a merge key; only the place of its anchor can be edited"
            yield Note(line_of(key), SkipReason.MERGE_KEY, message)


def _brings(value: Node, wanted: Set[str]) -> bool:
    sources = value.children if isinstance(value, Sequence) else [value]
    targets = (source.target if isinstance(source, Alias) else source for source in sources)
    return any(_holds(target, wanted) for target in targets)


def _holds(node: Node, wanted: Set[str]) -> bool:
    """Whether a node is a mapping with one of the wanted keys."""
    return isinstance(node, Mapping) and any(isinstance(k, Scalar) and k.value in wanted for k in node.children[::2])


def _unfollowed(alias: Alias) -> Note:
    message = "what stands here is an alias; only the place of its anchor can be edited"
    return Note(line_of(alias), SkipReason.ALIAS, message)


def _text(node: Node | None) -> str:
    target = node.target if isinstance(node, Alias) else node
    return str(target.value) if isinstance(target, Scalar) else ""

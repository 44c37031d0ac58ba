"""Which pod specs of a document are to name which pull secrets, and where that would change pods that need none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import DOCKER_HUB, ImageReference, InvalidImageReference, quoted
from bot.manifests.fields import MERGE_KEY, fields, followed, is_null, line_of, text_of
from bot.manifests.layouts import pod_specs_in
from bot.manifests.places import Note
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.manifests.layouts import PodSpec
    from bot.manifests.tree import Node

FIELD: Final = "imagePullSecrets"
CONTAINER_LISTS: Final = frozenset({"containers", "initContainers", "ephemeralContainers"})
_VOLUMES: Final = "volumes"
_MOST_NAMES_SHOWN: Final = 5


class Wish(NamedTuple):
    """A pod spec that is to get entries for Secrets. `value` is the empty value that stands there, None for no key."""

    pod: PodSpec
    names: tuple[str, ...]
    value: Scalar | Sequence | None

    @property
    def line(self) -> int:
        """The line of the pod spec's first key, from 1 within the text that was parsed."""
        return line_of(self.pod.node.children[0])


class Wanted:
    """The Secrets that images need, by registry."""

    def __init__(self, secrets: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a registry ("ghcr.io/my-org") and the name of its Secret."""
        self._names: dict[str, list[str]] = {}
        for registry, name in secrets:
            self._names.setdefault(normalised(registry), []).append(name)
        self._known: dict[str, tuple[str, ...]] = {}

    def by(self, image: str) -> tuple[str, ...]:
        """Give the names for an image: those of the longest registry that it lies in, compared by whole segments."""
        if image not in self._known:
            self._known[image] = self._found(image)
        return self._known[image]

    def _found(self, image: str) -> tuple[str, ...]:
        try:
            registry = ImageReference.parse(image).name
        except InvalidImageReference:
            return ()
        while registry:
            if registry in self._names:
                return tuple(self._names[registry])
            registry = registry.rpartition("/")[0]
        return ()


def normalised(registry: str) -> str:
    """Write a registry as the names of images begin: Docker Hub has two hosts."""
    host, slash, path = registry.rstrip("/").partition("/")
    return (DOCKER_HUB if host == f"index.{DOCKER_HUB}" else host) + slash + path


def wishes_in(document: Node | None, path: str, wanted: Wanted) -> list[Wish | Note]:
    """Say what is to be written into one document, and why something is not.

    A pod spec that gets its pull secrets through a merge key from one that is edited has no wish of its own.
    Raises Unreadable where a bound is passed.
    """
    pods = [_Pod(spec, wanted.by) for spec in pod_specs_in(document, path)]
    verdicts = [_verdict(pod) for pod in pods]
    asking = [pod for pod, verdict in zip(pods, verdicts, strict=True) if isinstance(verdict, Wish)]
    sharing = _Sharing(pods, asking)
    return [
        sharing.verdict(pod) or verdict if isinstance(verdict, Wish) else verdict
        for pod, verdict in zip(pods, verdicts, strict=True)
        if verdict is not None and not sharing.is_served(pod)
    ]


def wish_of(spec: PodSpec, names: tuple[str, ...]) -> Wish | None:
    """Say what is to be written so that one pod spec with images names just these Secrets, which it lacks all.

    None where it names some, or where nobody can say. Whether other pods share what stands here is not looked at.
    Raises Unreadable where merges are chained deeper than anybody writes them.
    """
    verdict = _verdict(_Pod(spec, lambda _image: names))
    return verdict if isinstance(verdict, Wish) else None


class _Pod:
    """A pod spec, the names that its images need, and what says so already. `by` gives the names for an image."""

    def __init__(self, spec: PodSpec, by: Callable[[str], tuple[str, ...]]) -> None:
        self.spec = spec
        values, self.twice = fields(spec.node)
        images = dict.fromkeys(_images(values))
        self.names = tuple(dict.fromkeys(name for image in images for name in by(image)))
        self.value = values.get(FIELD)
        self.own_key, self.own = _own(spec.node)
        self.standing = _names_in(self.value)
        self.merged = _merged(spec.node)

    @property
    def line(self) -> int:
        """The line of what names pull secrets, or of the pod spec."""
        return line_of(self.own_key or self.spec.node.children[0])

    def note(self, reason: SkipReason, message: str) -> Note:
        return Note(self.line, reason, message)


def _images(values: dict[str, Node]) -> Iterator[str]:
    """Give the images of a pod spec in the order in which they stand."""
    for key, value in values.items():
        if key in CONTAINER_LISTS:
            yield from (text_of(each.get("image")) for each in _elements(value))
        elif key == _VOLUMES:
            for volume in _elements(value):
                image = followed(volume.get("image"))
                if isinstance(image, Mapping):
                    yield text_of(fields(image).values.get("reference"))


def _elements(value: Node) -> Iterator[dict[str, Node]]:
    listed = followed(value)
    for child in listed.children if isinstance(listed, Sequence) else ():
        element = followed(child)
        if isinstance(element, Mapping):
            yield fields(element).values


def _own(mapping: Mapping) -> tuple[Scalar | None, Node | None]:
    """Give key and value of what the mapping itself says, without merge keys."""
    for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
        if isinstance(key, Scalar) and key.value == FIELD:
            return key, value
    return None, None


def _names_in(value: Node | None) -> list[str] | None:
    """List the names that stand there, without empty ones; None where nobody can say."""
    target = followed(value)
    if target is None or is_null(target):
        return []
    if not isinstance(target, Sequence):
        return None
    names = [_name_of(followed(child)) for child in target.children]
    return None if None in names else [name for name in names if name]


def _name_of(entry: Node | None) -> str | None:
    named = followed(fields(entry).values.get("name")) if isinstance(entry, Mapping) else entry
    if named is None or is_null(named):
        return ""
    return str(named.value) if isinstance(named, Scalar) else None


def _merged(mapping: Mapping) -> dict[int, Mapping]:
    """Give all mappings that merge keys bring into this one, by their ids."""
    found: dict[int, Mapping] = {}
    waiting = [mapping]
    while waiting:
        for source in _sources(waiting.pop()):
            if id(source) not in found:
                found[id(source)] = source
                waiting.append(source)
    return found


def _sources(mapping: Mapping) -> Iterator[Mapping]:
    for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
        if isinstance(key, Scalar) and key.value == MERGE_KEY:
            node = followed(value)
            for each in node.children if isinstance(node, Sequence) else [node]:
                source = followed(each)
                if isinstance(source, Mapping):
                    yield source


def _verdict(pod: _Pod) -> Wish | Note | None:
    """Decide about a pod spec without a look at others: a wish, a reason against it, or None where nothing is asked."""
    doubled = next((key for key in (*CONTAINER_LISTS, _VOLUMES, FIELD) if key in pod.twice), None)
    if doubled is not None:
        message = f"the key {doubled!r} stands twice in one mapping"
        return Note(pod.twice[doubled], SkipReason.DUPLICATE_KEY, message) if pod.names or doubled != FIELD else None
    if pod.standing is None:
        message = "what stands here is no list of pull secrets"
        return pod.note(SkipReason.NOT_A_TEXT, message) if pod.names else None
    missing = [name for name in pod.names if name not in pod.standing]
    if not missing:
        return None
    if pod.standing:
        message = f"the pod names other pull secrets already: {_shown(pod.standing)}; it lacks {_shown(missing)}"
        return pod.note(SkipReason.PULL_SECRETS_STAND, message)
    return _wish(pod)


def _wish(pod: _Pod) -> Wish | Note:
    value = pod.own
    if isinstance(value, Alias) or (value is not None and value.anchor is not None):
        return pod.note(SkipReason.ALIAS, "the empty value stands elsewhere too, by an alias")
    assert not isinstance(value, Mapping)
    return Wish(pod.spec, pod.names, value)


def _shown(names: list[str]) -> str:
    more = ", ..." if len(names) > _MOST_NAMES_SHOWN else ""
    return ", ".join(quoted(name) for name in names[:_MOST_NAMES_SHOWN]) + more


class _Sharing:
    """What merge keys make common to pod specs: an edit of one changes those that it is merged into."""

    def __init__(self, pods: list[_Pod], asking: list[_Pod]) -> None:
        self._asking = {id(pod.spec.node): pod for pod in asking}
        self._spoiled = {source for pod in pods if _changes_unasked(pod) for source in pod.merged}

    def verdict(self, pod: _Pod) -> Note | None:
        """Refuse an edit that might change a pod that asks for nothing."""
        if id(pod.spec.node) not in self._spoiled:
            return None
        message = "a merge key brings what stands here into another pod, which is to stay as it is"
        return pod.note(SkipReason.MERGE_KEY, message)

    def is_served(self, pod: _Pod) -> bool:
        """Whether a pod that says nothing itself gets just the names that it needs from those merged into it."""
        if id(pod.spec.node) not in self._asking or pod.own is not None:
            return False
        sources = [self._asking[source] for source in pod.merged if source in self._asking]
        if not any(source.own is pod.value for source in sources):
            return False
        return all(source.names == pod.names and id(source.spec.node) not in self._spoiled for source in sources)


def _changes_unasked(pod: _Pod) -> bool:
    """Whether a pod asks for nothing, and an edit of what is merged into it might still change what it names."""
    return pod.own is None and (not pod.names or pod.standing != [])

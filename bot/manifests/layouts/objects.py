"""The objects of a document: the one that it is, or those that it holds, as a `List` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.fields import fields, followed, line_of, text_of
from bot.manifests.layouts.layout import Document
from bot.manifests.layouts.walking import Steps, doubled, walk
from bot.manifests.owners import owner_of
from bot.manifests.places import Note
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Mapping, Sequence
from bot.manifests.ways import element

if TYPE_CHECKING:
    from bot.manifests.tree import Node

_DEEPEST: Final = 10
_LIST: Final = "List"
_ITEMS: Final = Steps.along("items[]")


class _Type(NamedTuple):
    """What an object says of itself: its kind, and the group in its `apiVersion`."""

    kind: str
    group: str


class Holder(NamedTuple):
    """A kind whose objects hold whole objects of other kinds. `ways` lead to each of them."""

    kind: str
    group: str
    ways: tuple[str, ...]


HOLDERS: Final = (
    Holder("Template", "template.openshift.io", ("objects[]",)),
    Holder("TriggerTemplate", "triggers.tekton.dev", ("spec.resourcetemplates[]",)),
    Holder("ManifestWork", "work.open-cluster-management.io", ("spec.workload.manifests[]",)),
    Holder("ResourceSet", "fluxcd.controlplane.io", ("spec.resources[]",)),
)
_STEPS: Final = {(holder.kind, holder.group): Steps.along(*holder.ways) for holder in HOLDERS}


def objects_in(root: Node | None, path: str) -> list[Document | Note]:
    """Give the objects in the root of one document of the file at `path`, and what could not be followed.

    A mapping is an object. So is each item of a `List` and of any other kind that ends so, each mapping of a document
    that is a sequence, and each object that one of the HOLDERS holds. The items of a `DeploymentList` that do not say
    what they are, as an API server may leave it out, are of the list's kind and version (Kubernetes API conventions,
    Lists and Simple kinds). Any mapping is given once, however often aliases
    name it. Raises Unreadable where merges are chained deeper than anybody writes them.
    """
    objects = _Objects(path)
    target = followed(root)
    if isinstance(target, Sequence):
        for index, each in enumerate(target.children):
            objects.take(each, element("", index), 0)
    elif target is not None:
        objects.take(target, "", 0)
    return objects.found


class _Objects:
    """The objects found so far, in the order of the file."""

    def __init__(self, path: str) -> None:
        self.found: list[Document | Note] = []
        self._path = path
        self._taken: set[int] = set()

    def take(self, node: Node, way: str, depth: int, unsaid: _Type | None = None) -> None:
        """Take an object. `unsaid` is its type where it says none itself."""
        root = followed(node)
        if not isinstance(root, Mapping) or id(root) in self._taken:
            return
        self._taken.add(id(root))
        values, twice = fields(root)
        if "kind" in twice:
            self.found.append(doubled("kind", twice["kind"]))
            return
        version = text_of(values.get("apiVersion"))
        group = version.partition("/")[0] if "/" in version else ""
        owner = owner_of(root)
        if unsaid is not None and not owner.kind:
            owner = owner._replace(kind=unsaid.kind)
            group = group if version else unsaid.group
        document = Document(self._path, root, values, owner, group, way)
        steps = _held(document)
        if steps is None:
            self.found.append(document)
        elif depth == _DEEPEST:
            message = f"objects hold objects deeper than {_DEEPEST} levels"
            self.found.append(Note(line_of(root), SkipReason.TOO_DEEP, message))
        else:
            self._take_held(document, steps, depth)

    def _take_held(self, document: Document, steps: Steps, depth: int) -> None:
        reached, notes = walk(document.root, steps, document.way)
        self.found += notes
        unsaid = _type_of_items(document)
        for each in reached:
            self.take(each.node, each.way, depth + 1, unsaid)


def _held(document: Document) -> Steps | None:
    """Give the ways to the objects in an object, None for one that holds none."""
    kind = document.owner.kind
    if kind.endswith(_LIST) and ("items" in document.values or "items" in fields(document.root).twice):
        return _ITEMS
    return _STEPS.get((kind, document.group))


def _type_of_items(document: Document) -> _Type | None:
    """Tell what the items of a list are that do not say it; None of a plain `List`, and of what is no list."""
    kind = document.owner.kind
    if kind == _LIST or not kind.endswith(_LIST):
        return None
    return _Type(kind.removesuffix(_LIST), document.group)

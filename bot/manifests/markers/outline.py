"""Documents laid out along their text: which values stand where, one after the other, and what holds each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.fields import fields, text_of
from bot.manifests.owners import owner_of
from bot.manifests.tree import Alias, Mapping, Scalar
from bot.manifests.ways import below, element

if TYPE_CHECKING:
    from collections.abc import Sequence as Several

    from bot.manifests.markers.marked import Read
    from bot.manifests.places import Owner
    from bot.manifests.tree import Node, Sequence

NOTHING: Final = -1


class Leaf(NamedTuple):
    """A scalar or an alias, keys among them. `start` and `end` count characters of the text.

    `holder` is the branch that holds it, NOTHING for the root of a document, and `position` its place among the
    children there. `is_key` says that it is a key of a mapping or stands within one.
    """

    node: Scalar | Alias
    start: int
    end: int
    holder: int
    position: int
    is_key: bool
    document: int


class Branch:
    """A mapping or a sequence: it begins at the character `start` and holds the leaves from `first` to before `last`.

    `holder`, `position` and `is_key` are as those of a leaf.
    """

    __slots__ = ("document", "first", "holder", "is_key", "last", "node", "position", "start")

    def __init__(self, node: Mapping | Sequence, holder: int, position: int, is_key: bool, document: int) -> None:
        self.node = node
        self.start = int(node.mark.index)
        self.holder = holder
        self.position = position
        self.is_key = is_key
        self.document = document
        self.first = self.last = 0


class Outline:
    """The leaves and branches of documents in the order of their text; both are named by their numbers."""

    def __init__(self, documents: Several[Read]) -> None:
        self.leaves: list[Leaf] = []
        self.branches: list[Branch] = []
        for number, document in enumerate(documents):
            if document.root is not None:
                self._add(document.root, NOTHING, 0, False, number)
        self.starts = [leaf.start for leaf in self.leaves]
        self.leaf_of = {id(leaf.node): number for number, leaf in enumerate(self.leaves)}
        self.branch_of = {id(branch.node): number for number, branch in enumerate(self.branches)}
        self._documents = documents
        self._owner_of: dict[int, Owner] = {}
        self._ways: dict[int, str] = {}
        self._doubled: dict[int, str | None] = {}

    def _add(self, node: Node, holder: int, position: int, is_key: bool, document: int) -> None:
        if isinstance(node, Scalar | Alias):
            start, end = _start(node), _end(node)
            self.leaves.append(Leaf(node, start, end, holder, position, is_key, document))
            return
        number = len(self.branches)
        branch = Branch(node, holder, position, is_key, document)
        self.branches.append(branch)
        branch.first = len(self.leaves)
        is_mapping = isinstance(node, Mapping)
        for index, child in enumerate(node.children):
            self._add(child, number, index, is_key or (is_mapping and index % 2 == 0), document)
        branch.last = len(self.leaves)

    def outermost(self, leaf: int, bound: int) -> Leaf | Branch:
        """Give the outermost node that begins with this leaf and not before the character `bound`."""
        node: Leaf | Branch = self.leaves[leaf]
        while node.holder != NOTHING:
            holder = self.branches[node.holder]
            if holder.first != leaf or holder.start < bound:
                break
            node = holder
        return node

    def value_of(self, key: Leaf) -> Leaf | Branch:
        """Give the value of a key."""
        holder = self.branches[key.holder]
        value = holder.node.children[key.position + 1]
        if isinstance(value, Scalar | Alias):
            return self.leaves[self.leaf_of[id(value)]]
        return self.branches[self.branch_of[id(value)]]

    def way(self, node: Leaf | Branch) -> str:
        """Write the way from the root of the document to a node."""
        if node.holder == NOTHING:
            return ""
        holder = self.branches[node.holder]
        if node.holder not in self._ways:
            self._ways[node.holder] = self.way(holder)
        way = self._ways[node.holder]
        if isinstance(holder.node, Mapping):
            return below(way, text_of(holder.node.children[node.position - 1]))
        return element(way, node.position)

    def owner(self, node: Leaf | Branch) -> Owner:
        """Tell the nearest object around a node: a mapping with a kind, and metadata or a version of its interface."""
        if node.holder == NOTHING:
            return self._documents[node.document].owner
        if node.holder not in self._owner_of:
            holder = self.branches[node.holder]
            own = owner_of(holder.node) if _is_object(holder.node) else self.owner(holder)
            self._owner_of[node.holder] = own
        return self._owner_of[node.holder]

    def doubled_key(self, node: Leaf | Branch) -> str | None:
        """Give a key on the way to a node that stands twice in its mapping: nobody can say which of them counts."""
        if node.holder == NOTHING:
            return None
        holder = self.branches[node.holder]
        if node.holder not in self._doubled:
            self._doubled[node.holder] = self.doubled_key(holder)
        key = text_of(holder.node.children[node.position - 1]) if isinstance(holder.node, Mapping) else None
        is_doubled = key is not None and isinstance(holder.node, Mapping) and key in fields(holder.node).twice
        return key if is_doubled else self._doubled[node.holder]

    def name_beside(self, leaf: Leaf) -> str:
        """Give the `name` in the mapping that holds a value or the sequence it stands in; "" where there is none."""
        node: Leaf | Branch = leaf
        while node.holder != NOTHING:
            node = self.branches[node.holder]
            if isinstance(node.node, Mapping):
                name = fields(node.node).values.get("name")
                return "" if name is leaf.node else text_of(name)
        return ""


def _is_object(node: Mapping | Sequence) -> bool:
    if not isinstance(node, Mapping):
        return False
    values = fields(node).values
    return "kind" in values and ("metadata" in values or "apiVersion" in values)


def _start(node: Scalar | Alias) -> int:
    mark = node.start_mark if isinstance(node, Scalar) else node.mark
    return int(mark.index)  # type: ignore[union-attr]


def _end(node: Scalar | Alias) -> int:
    return int(node.end_mark.index)  # type: ignore[union-attr]

"""Whether a file reads after an edit as before, but for what the edit itself wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from bot.manifests.fields import is_null
from bot.manifests.reading import read
from bot.manifests.scope import Format, format_of
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Several

    from bot.manifests.adding.additions import Addition
    from bot.manifests.reading import ReadDocument, Reading
    from bot.manifests.tree import Node

_Pair: TypeAlias = "tuple[Node | None, Node | None]"


def changes_nothing_else(path: str, content: bytes, after: bytes, edit: Addition) -> bool:
    """Read a file before and after an edit, and compare: never raises for what they hold.

    All that stood there stands in its place, but for a scalar that the edit changed in its own place; all that is new
    stands between the bytes that the edit wrote. Images differ only as that one scalar does.
    """
    old, new = read(path, content, _all), read(path, after, _all)
    if not _images_agree(old, new):
        return False
    if format_of(path) is Format.DOCKERFILE:
        return True
    pairs = [
        (one, other)
        for one, other in zip(old.documents, new.documents, strict=False)
        if one.stretch.yaml != other.stretch.yaml
    ]
    if len(old.documents) != len(new.documents) or len(pairs) != 1 or len(pairs[0][0].roots) != len(pairs[0][1].roots):
        return False
    return _Written.by(edit, pairs[0][0]).explains(pairs[0])


def _all(_yaml: bytes) -> bool:
    return True


def _images_agree(old: Reading, new: Reading) -> bool:
    """Whether every image stands where it stood, and all that changed were the same and are the same."""
    if len(old.found) != len(new.found) or len(old.skipped) != len(new.skipped):
        return False
    changed = set()
    for one, other in zip(old.found, new.found, strict=True):
        before, after = one.occurrence, other.occurrence
        if (before.document, before.field, before.marker) != (after.document, after.field, after.marker):
            return False
        if before.text != after.text:
            changed.add((before.text, after.text))
    reasons = zip(old.skipped, new.skipped, strict=True)
    return len(changed) <= 1 and all(one.reason is other.reason for one, other in reasons)


class _Written(NamedTuple):
    """The characters that an edit replaced, from `start` to `end`, and those that it wrote, from `start` to `last`."""

    start: int
    end: int
    last: int

    @classmethod
    def by(cls, edit: Addition, document: ReadDocument) -> _Written:
        """Count the characters of an edit within the text that was parsed."""
        stretch = document.stretch
        at, end = edit.start - stretch.byte, edit.end - stretch.byte
        start = len(stretch.yaml[:at].decode(errors="replace"))
        replaced = len(stretch.yaml[at:end].decode(errors="replace"))
        return cls(start, start + replaced, start + len(edit.written.decode(errors="replace")))

    def explains(self, documents: tuple[ReadDocument, ReadDocument]) -> bool:
        """Whether two readings differ in nothing but what was written."""
        waiting: list[_Pair] = list(zip(documents[0].roots, documents[1].roots, strict=True))
        while waiting:
            old, new = waiting.pop()
            below = self._below(old, new)
            if below is None:
                return False
            waiting += below
        return True

    def _below(self, old: Node | None, new: Node | None) -> Several[_Pair] | None:
        """Give what is to be compared below two nodes that agree; None where they do not."""
        match old, new:
            case Mapping(), Mapping():
                return self._entries(old, new) if old.anchor == new.anchor else None
            case Sequence(), Sequence():
                return self._elements(old, new) if old.anchor == new.anchor else None
            case None, None:
                return []
            case Alias(), Alias():
                return [] if _anchor(old) == _anchor(new) else None
            case _:
                return [] if _agree(old, new) or self._took_its_place(old, new) else None

    def _entries(self, old: Mapping, new: Mapping) -> Several[_Pair] | None:
        """Lay the entries of mappings beside each other; a key that is there once stays so."""
        children = iter(zip(new.children[::2], new.children[1::2], strict=True))
        known = [key.value for key in old.children[::2] if isinstance(key, Scalar)]
        pairs: list[_Pair] = []
        for key, value in zip(old.children[::2], old.children[1::2], strict=True):
            for new_key, new_value in children:
                if self._is_new(new_key, new_value, known):
                    continue
                pairs += [(key, new_key), (value, new_value)]
                break
            else:
                return None
        return pairs if all(self._is_new(*rest, known) for rest in children) else None

    def _is_new(self, key: Node, value: Node, known: list[Any]) -> bool:
        if not isinstance(key, Scalar) or key.value in known:
            return False
        return self._wrote(key) and self._wrote(value)

    def _elements(self, old: Sequence, new: Sequence) -> Several[_Pair] | None:
        kept = new.children
        if len(old.children) != len(new.children):
            kept = [each for each in new.children if not self._wrote(each)]
        return list(zip(old.children, kept, strict=True)) if len(old.children) == len(kept) else None

    def _took_its_place(self, old: Node | None, new: Node | None) -> bool:
        """Whether a scalar was changed where it stands, or something was written in the place of nothing."""
        if not isinstance(old, Scalar) or new is None or isinstance(new, Alias) or old.anchor != new.anchor:
            return False
        if not isinstance(new, Scalar):
            return is_null(old) and self._wrote(new)
        touched = _begin(old) <= self.end and self.start <= _end(old)
        return touched and _begin(new) <= self.last and self.start <= _end(new) and old.tag == new.tag

    def _wrote(self, node: Node) -> bool:
        """Whether all of a node stands in what was written."""
        return all(
            self.start <= _begin(each) and _end(each) <= self.last and each.anchor is None for each in _parts(node)
        )


def _parts(node: Node) -> Iterator[Any]:
    """Give a node and all below it; an alias as a scalar without a value, which nobody writes."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each.target if isinstance(each, Alias) else each
        if isinstance(each, Mapping | Sequence):
            waiting += each.children


def _begin(node: Any) -> int:
    mark = node.start_mark if isinstance(node, Scalar) else node.mark
    return int(mark.index)  # type: ignore[union-attr]


def _end(node: Any) -> int:
    return int(node.end_mark.index) if isinstance(node, Scalar) else _begin(node)  # type: ignore[union-attr]


def _anchor(alias: Alias) -> object:
    return None if isinstance(alias.target, Alias) else alias.target.anchor


def _agree(old: Node | None, new: Node | None) -> bool:
    if not (isinstance(old, Scalar) and isinstance(new, Scalar)):
        return False
    told = (old.value, old.tag, old.anchor, bool(old.style))
    return told == (new.value, new.tag, new.anchor, bool(new.style))

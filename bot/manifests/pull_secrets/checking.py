"""Whether a YAML reader sees in the new bytes the old trees, and besides them just what was inserted."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.manifests.pull_secrets.insertion import Insertion, Sort
from bot.manifests.pull_secrets.spelling import is_plain
from bot.manifests.pull_secrets.wishes import FIELD
from bot.manifests.tree import Alias, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as ById

    from bot.manifests.tree import Node

# What is compared of a node: its sort, text, tag and anchor, and whether it stands without quotes.
_Token: TypeAlias = tuple[object, ...]
_DOCUMENT: Final[_Token] = ("document",)
_NOTHING: Final[_Token] = ("nothing",)
_END: Final[_Token] = ("end",)


def adds_only(before: Iterable[Node | None], after: Iterable[Node | None], insertions: Iterable[Insertion]) -> bool:
    """Compare the roots of all documents of a file before and after some insertions. Trees may be of any depth."""
    by_node = {id(insertion.node): insertion for insertion in insertions}
    pairs = zip_longest(_tokens(before, by_node), _tokens(after, {}))
    return all(expected == found for expected, found in pairs)


def _tokens(roots: Iterable[Node | None], insertions: ById[int, Insertion]) -> Iterator[_Token]:
    for root in roots:
        yield _DOCUMENT
        if root is None:
            yield _NOTHING
            continue
        waiting: list[Node | None] = [root]
        while waiting:
            node = waiting.pop()
            insertion = insertions.get(id(node))
            if insertion is not None:
                yield from _inserted(insertion)
            if insertion is None or insertion.sort is not Sort.LIST:
                yield _token(node)
                if not (node is None or isinstance(node, Scalar | Alias)):
                    waiting.append(None)
                    waiting += reversed(node.children)


def _token(node: Node | None) -> _Token:
    """Say what a node is; None stands for the end of a mapping or a sequence."""
    match node:
        case None:
            return _END
        case Alias():
            return "alias", None if isinstance(node.target, Alias) else node.target.anchor
        case Scalar():
            return "scalar", node.value, node.tag, node.anchor, not node.style
        case _:
            return "mapping" if isinstance(node, Mapping) else "sequence", node.anchor


def _inserted(insertion: Insertion) -> Iterator[_Token]:
    if insertion.sort is Sort.KEY:
        yield _text(FIELD, plain=not insertion.is_json)
    if insertion.sort is not Sort.ENTRIES:
        yield "sequence", None
    for name in insertion.names:
        yield "mapping", None
        yield _text("name", plain=not insertion.is_json)
        yield _text(name, plain=not insertion.is_json and is_plain(name))
        yield _END
    if insertion.sort is not Sort.ENTRIES:
        yield _END


def _text(value: str, *, plain: bool) -> _Token:
    return "scalar", value, None, None, plain

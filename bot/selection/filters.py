"""Which tags are looked at, and which part of them is compared: a pattern, and Go's template of its groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, cast

import re2

from bot.selection import patterns, templates
from bot.selection.patterns import InvalidPattern

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_TEMPLATE: Final = 256
LONGEST_VALUE: Final = 1024


@dataclass(frozen=True, slots=True)
class TagFilter:
    """A pattern of RE2 that is searched anywhere in a tag, and a template in the way of Go's Regexp.Expand.

    Without a template ("") the whole tag is compared. Raises InvalidPattern when made with a pattern that RE2 refuses,
    or with a template of more than 256 characters.
    """

    pattern: str
    extract: str = ""

    def __post_init__(self) -> None:
        patterns.check(self.pattern)
        if len(self.extract) > LONGEST_TEMPLATE:
            raise InvalidPattern(self.extract, f"a template has at most {LONGEST_TEMPLATE} characters")

    def value(self, tag: str) -> str | None:
        """Tell the text that is compared for `tag`; None where the pattern is not found in it.

        It is the template with the groups of the first match put in, as Go's Regexp.ExpandString does; the whole tag
        where there is no template. None also where the tag or the value is longer than 1,024 characters.
        """
        if len(tag) > LONGEST_VALUE:
            return None
        prepared = _prepared(self.pattern, self.extract)
        encoded = tag.encode("utf-8", "replace")
        match = prepared.search(encoded)
        if match is None:
            return None
        if prepared.pieces is None:
            return tag
        groups = {number: encoded[slice(*match.span(number))] for number in prepared.groups}
        written = b"".join([piece if isinstance(piece, bytes) else groups[piece] for piece in prepared.pieces])
        value = written.decode("utf-8", "replace")
        return value if len(value) <= LONGEST_VALUE else None


class _Match(Protocol):
    def span(self, group: int) -> tuple[int, int]: ...


class _Search(Protocol):
    def __call__(self, text: bytes) -> _Match | None: ...


class _Pattern(Protocol):
    search: _Search
    groups: int
    groupindex: Mapping[str, int]


class _Prepared(NamedTuple):
    """How to search; the template as literal bytes and numbers of groups, None: no template; which groups it names."""

    search: _Search
    pieces: tuple[bytes | int, ...] | None
    groups: frozenset[int] = frozenset()


@lru_cache(maxsize=1024)
def _prepared(pattern: str, extract: str) -> _Prepared:
    options = re2.Options()
    options.log_errors = False  # RE2 would write the pattern, which may be private, to standard error
    compiled = cast("_Pattern", re2.compile(pattern, options))
    if not extract:
        return _Prepared(compiled.search, None)
    groups = dict(compiled.groupindex)
    pieces: list[bytes | int] = []
    for piece in templates.parse(extract):
        if isinstance(piece, templates.Literal):
            pieces.append(piece.text.encode("utf-8", "replace"))
        else:
            number = groups.get(piece.name) if piece.number is None else piece.number
            if number is not None and number <= compiled.groups:
                pieces.append(number)
    return _Prepared(compiled.search, tuple(pieces), frozenset(piece for piece in pieces if isinstance(piece, int)))

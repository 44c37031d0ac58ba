"""A template that names groups of a match, in the language of Go's Regexp.Expand."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

_LARGEST_NUMBER_BEFORE_LAST_DIGIT: Final = 10**8


class Literal(NamedTuple):
    """Text that stands for itself."""

    text: str


class Group(NamedTuple):
    """A group of the match: by its number where `number` is not None, else by its name."""

    name: str
    number: int | None


def parse(template: str) -> tuple[Literal | Group, ...]:
    """Split a template into literal texts and groups, with the rules of Go's regexp package.

    `$name` and `${name}` are a group; the name is as long as letters, digits and underscores follow, so `$1x` is the
    group "1x". A name of decimal digits without a leading zero is a number. `$$` is a dollar, and so is one that
    begins no name (`$`, `${}`, `${bad`). Nothing is refused.
    """
    pieces: list[Literal | Group] = []
    position = 0
    while True:
        dollar = template.find("$", position)
        if dollar < 0:
            break
        pieces.append(Literal(template[position:dollar]))
        position = dollar + 1
        if template.startswith("$", position):
            pieces.append(Literal("$"))
            position += 1
            continue
        name, after = _name(template, position)
        if name:
            pieces.append(Group(name, _number(name)))
            position = after
        else:
            pieces.append(Literal("$"))
    pieces.append(Literal(template[position:]))
    return tuple(piece for piece in pieces if piece != Literal(""))


def _name(template: str, start: int) -> tuple[str, int]:
    """Read the name that begins at `start`, and where the template goes on; "" where there is none."""
    is_braced = template.startswith("{", start)
    begin = start + is_braced
    end = begin
    while end < len(template) and _belongs_to_name(template[end]):
        end += 1
    if is_braced and not template.startswith("}", end):
        return "", start
    return template[begin:end], end + is_braced


def _belongs_to_name(character: str) -> bool:
    category = unicodedata.category(character)
    return category.startswith("L") or category == "Nd" or character == "_"


def _number(name: str) -> int | None:
    """Read a name as a number; None where it is a name, as are 007 and what goes beyond nine digits."""
    if not (name.isascii() and name.isdigit()) or (name[0] == "0" and len(name) > 1):
        return None
    return int(name) if int(name[:-1] or "0") < _LARGEST_NUMBER_BEFORE_LAST_DIGIT else None

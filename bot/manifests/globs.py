"""Which paths a list of globs selects, read the way .gitignore reads its patterns.

google-re2 does the matching, so that no pattern takes more than linear time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_PATTERN: Final = 1_000
_MAGIC: Final = frozenset("\\*?[!#")
_CLASSES: Final = {
    **{
        name: f"[:{name}:]"
        for name in ("alnum", "alpha", "blank", "cntrl", "digit", "lower", "space", "upper", "xdigit")
    },
    # Without the slash, which no bracket matches.
    "graph": r"!-.0-~",
    "print": r" -.0-~",
    "punct": r"!-.:-@\[-`{-~",
}


def selects(patterns: tuple[str, ...], path: str) -> bool:
    """Whether the list selects a file, by its path in the repository ("clusters/prod/app.yaml").

    The last pattern that matches decides; `!` takes out, also below a folder that was taken in, which git itself
    does not do. A list that begins with `!` begins with everything. A pattern that cannot match (an open bracket)
    selects nothing.
    """
    rules = _compiled(patterns)
    selected = bool(rules) and rules[0].negated
    for rule in rules:
        if rule.negated == selected and rule.matches(path):
            selected = not selected
    return selected


def exactly(path: str) -> str:
    """Write the pattern that selects this one path and nothing else."""
    escaped = "".join(f"\\{letter}" if letter in _MAGIC or letter == " " else letter for letter in path)
    return f"/{escaped}"


class _Rule(NamedTuple):
    negated: bool
    expression: Any

    def matches(self, path: str) -> bool:
        return self.expression is not None and self.expression.fullmatch(path) is not None


@lru_cache(maxsize=512)
def _compiled(patterns: tuple[str, ...]) -> tuple[_Rule, ...]:
    return tuple(_rule(text) for pattern in patterns if (text := _trimmed(pattern)) and not text.startswith("#"))


def _trimmed(pattern: str) -> str:
    """Leave out spaces at the end, except one that a backslash keeps."""
    trimmed = pattern.rstrip(" ")
    backslashes = len(trimmed) - len(trimmed.rstrip("\\"))
    return trimmed + " " if backslashes % 2 and len(trimmed) < len(pattern) else trimmed


def _rule(text: str) -> _Rule:
    negated = text.startswith("!")
    return _Rule(negated, _expression(text[1:] if negated else text))


def _expression(text: str) -> Any:
    """Compile one pattern without its `!`; None when it can match nothing."""
    folder = text.endswith("/")
    body = text[:-1] if folder else text
    if not body or len(body) > _LONGEST_PATTERN:
        return None
    anchored = "/" in body
    try:
        inner = "".join(_translated(body.removeprefix("/")))
        start = "" if anchored else "(?:.*/)?"
        return re2.compile(f"(?s){start}{inner}{'/.*' if folder else '(?:/.*)?'}", _options())
    except (_NoMatch, re2.error):
        return None


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


class _NoMatch(Exception):
    """A pattern that git's wildmatch gives up on."""


def _translated(body: str) -> Iterator[str]:
    """Turn a pattern into parts of a regular expression (git's wildmatch.c, with WM_PATHNAME)."""
    at = 0
    while at < len(body):
        part, at = _stars(body, at) if body[at] == "*" else _one(body, at)
        yield part


def _stars(body: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(body) and body[end] == "*":
        end += 1
    opened = at == 0 or body[at - 1] == "/"
    if end - at >= 2 and opened:  # noqa: PLR2004
        if end == len(body):
            return ".+" if at else ".*", end
        if body[end] == "/":
            return "(?:.*/)?", end + 1
    return "[^/]*", end


def _one(body: str, at: int) -> tuple[str, int]:
    letter = body[at]
    if letter == "?":
        return "[^/]", at + 1
    if letter == "[":
        return _bracket(body, at + 1)
    if letter == "\\":
        if at + 1 == len(body):
            raise _NoMatch
        return re2.escape(body[at + 1]), at + 2
    return re2.escape(letter), at + 1


def _bracket(body: str, at: int) -> tuple[str, int]:
    """Read `[...]` from behind the bracket; it never matches a slash."""
    negated = body[at : at + 1] in {"!", "^"}
    at += negated
    parts: list[str] = []
    first = True
    while first or body[at : at + 1] != "]":
        part, at = _member(body, at)
        parts.append(part)
        first = False
    members = "".join(parts)
    if not members and not negated:
        raise _NoMatch
    return (f"[^/{members}]" if negated else f"[{members}]"), at + 1


def _member(body: str, at: int) -> tuple[str, int]:
    if body.startswith("[:", at):
        name, closed, _ = body[at + 2 :].partition(":]")
        if not closed or name not in _CLASSES:
            raise _NoMatch
        return _CLASSES[name], at + 2 + len(name) + 2
    low, at = _letter(body, at)
    if body[at : at + 1] == "-" and body[at + 1 : at + 2] not in {"", "]"}:
        high, at = _letter(body, at + 1)
        return _range(low, high), at
    return _range(low, low), at


def _range(low: str, high: str) -> str:
    """Write a range without the slash; a range that runs backwards is its first letter, as git reads it."""
    if low > high:
        return _range(low, low)
    before = f"{_literal(low)}-{_literal(min(high, '.'))}" if low < "/" else ""
    after = f"{_literal(max(low, '0'))}-{_literal(high)}" if high > "/" else ""
    return before + after


def _letter(body: str, at: int) -> tuple[str, int]:
    if body[at : at + 1] == "\\":
        at += 1
    if at >= len(body):
        raise _NoMatch
    return body[at], at + 1


def _literal(letter: str) -> str:
    return f"\\x{{{ord(letter):x}}}"

"""Users' regular expressions, in RE2: the dialect of Flux, and nothing that can run away."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol, cast

import re2

from bot.images import quoted

LONGEST_PATTERN: Final = 1000
MOST_MEMORY: Final = 128 * 1024
"""Bytes that a pattern may take when it is made ready: what needs more is refused within a millisecond."""


class InvalidPattern(ValueError):
    """A text that RE2 does not accept as a pattern. `.text` is the text as it came, `.reason` says what is wrong."""

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{quoted(text)} is not a pattern: {reason}")


class _Pattern(Protocol):
    def search(self, text: str) -> object | None: ...


def check(pattern: str) -> None:
    """Raise InvalidPattern unless `pattern` is a regular expression of RE2 with at most 1,000 characters."""
    _compiled(pattern)


def found(pattern: str, text: str) -> bool:
    """Whether `pattern` matches somewhere in `text`. Raises InvalidPattern."""
    return _compiled(pattern).search(_readable(text)) is not None


def _readable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _quiet() -> re2.Options:
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.log_errors = False  # RE2 would write the pattern, which may be private, to standard error
    return options


def any_found(patterns: tuple[str, ...], text: str) -> bool:
    """Whether one of `patterns` matches somewhere in `text`, in about the time of a single one. Raises InvalidPattern.

    A hundred patterns, each searched alone in each of a registry's tags, would take minutes.
    """
    joined = _joined(patterns)
    if joined is None:
        return any(found(pattern, text) for pattern in patterns)
    return joined.search(_readable(text)) is not None


@lru_cache(maxsize=256)
def _joined(patterns: tuple[str, ...]) -> _Pattern | None:
    r"""Compile patterns as alternatives of one; None where there are none, or RE2 cannot take them together.

    That is so where they are too large, where two name a group alike, and where `\Q` would quote what follows it.
    """
    for pattern in patterns:
        _compiled(pattern)
    if not patterns or any(r"\Q" in pattern for pattern in patterns):
        return None
    try:
        return cast("_Pattern", re2.compile("|".join(f"(?:{pattern})" for pattern in patterns), _quiet()))
    except re2.error:
        return None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> _Pattern:
    if len(pattern) > LONGEST_PATTERN:
        raise InvalidPattern(pattern, f"it is longer than {LONGEST_PATTERN} characters")
    try:
        return cast("_Pattern", re2.compile(pattern, _quiet()))
    except re2.error as error:
        detail = error.args[0] if error.args else "unknown"
        reason = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
        raise InvalidPattern(pattern, f"RE2 says: {quoted(reason)}") from None
    except UnicodeEncodeError:
        raise InvalidPattern(pattern, "it holds half of a surrogate pair") from None

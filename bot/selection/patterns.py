"""Users' regular expressions, in RE2: the dialect of Flux, and nothing that can run away."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol, cast

import re2

from bot.images import quoted

LONGEST_PATTERN: Final = 1000


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
    readable = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return _compiled(pattern).search(readable) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> _Pattern:
    if len(pattern) > LONGEST_PATTERN:
        raise InvalidPattern(pattern, f"it is longer than {LONGEST_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False  # RE2 would write the pattern, which may be private, to standard error
    try:
        return cast("_Pattern", re2.compile(pattern, options))
    except re2.error as error:
        detail = error.args[0] if error.args else "unknown"
        reason = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
        raise InvalidPattern(pattern, f"RE2 says: {quoted(reason)}") from None
    except UnicodeEncodeError:
        raise InvalidPattern(pattern, "it holds half of a surrogate pair") from None

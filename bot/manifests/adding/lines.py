"""Questions about the lines of a file around a byte."""

from __future__ import annotations

import re
from typing import Final

WIDEST_INDENTATION: Final = 2_000
_BEFORE_A_FIRST_KEY: Final = re.compile(rb" *+(?:- ++)*+")
_REST: Final = re.compile(rb"[ \t]*+(?:(?<=[ \t])#[^\r\n]*+)?(?:\r?\n|\Z)")
# What libyaml takes for a line end, beside the usual ones (YAML 1.1, section 5.4).
_OTHER_LINE_ENDS: Final = (b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")


def line_start(content: bytes, at: int) -> int:
    """Find where a line begins; of a longer one than anybody indents, a byte in it will do."""
    furthest = max(0, at - WIDEST_INDENTATION)
    return max(furthest, content.rfind(b"\n", furthest, at) + 1)


def line_end(content: bytes, at: int) -> bytes:
    r"""Give the line end of the line of a byte, of the line before where it has none: b"\n" or b"\r\n"."""
    found = content.find(b"\n", at)
    if found < 0:
        found = content.rfind(b"\n", 0, at)
    return b"\r\n" if found > 0 and content[found - 1 : found] == b"\r" else b"\n"


def indentation(content: bytes, at: int, *, is_first: bool) -> int | None:
    """Count the columns before a key in block style; None where something else than spaces stands there.

    `is_first` says that it is the first key of its mapping, before which dashes may stand.
    """
    lead = content[line_start(content, at) : at]
    if not lead.strip(b" ") or (is_first and _BEFORE_A_FIRST_KEY.fullmatch(lead)):
        return len(lead)
    return None


def next_line(content: bytes, at: int) -> int | None:
    """Find where the next line begins, the end of the file too; None where more than a comment stands before."""
    rest = _REST.match(content, at)
    if rest is None or any(other in rest[0] for other in _OTHER_LINE_ENDS):
        return None
    return rest.end()

"""Hostile text made safe for Markdown, for titles and for commit messages.

Names of images, tags, objects and files are written by strangers. They must not mention people, refer to issues, set
links, break out of a table or change how a line reads.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_PIECE: Final = 300
LONGEST_SENTENCE: Final = 1_000

_JOINER: Final = "\N{WORD JOINER}"
_INVISIBLE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks by category that show nothing: fillers, joiners and variation selectors.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_SPACES = re.compile(r"\s+")
# What means something inside a paragraph; a sentence never begins a line.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~$&]")
# Mentions, addresses of mail (which GitHub links), references to issues, and addresses of pages.
_REFERENCES = re.compile(r"((?<!\w)@(?=\w)|@(?=[\w-]+\.[\w-])|#(?=\d)|:(?=//)|\bGH-(?=\d)|\bwww(?=\.))", re.IGNORECASE)
_CODE = re.compile(r"`([^`]+)`")
_DIRECTIVE = re.compile(r"[\[\]]")
# What needs no escape in an address, nor inside the parentheses of a link in Markdown.
_SAFE: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-/")


def plain(text: str, longest: int = LONGEST_PIECE) -> str:
    """Bring a text to one line of visible characters, the middle of a long one left out."""
    return shortened(visible(_SPACES.sub(" ", text)).strip(), longest)


def visible(text: str) -> str:
    """Leave out what cannot be seen: control and format characters (ends of lines too), and letters without a shape."""
    shown = "".join(letter for letter in text if unicodedata.category(letter) not in _INVISIBLE_CATEGORIES)
    return _INVISIBLE.sub("", shown)


def code(text: str) -> str:
    """Show a text as inline code, in a table or outside; nothing in it is Markdown.

    A bar would end the cell even in code, so it is shown by a letter that looks like it.
    """
    shown = plain(text).replace("|", "\N{DIVIDES}")
    if not shown:
        return "(empty)"
    longest_run = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest_run + 1)
    padding = " " if longest_run else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def prose(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """Show a sentence as text: Markdown escaped, and nobody mentioned, referred to or linked."""
    return _MARKDOWN.sub(r"\\\g<0>", quiet(text, longest))


def with_code(text: str) -> str:
    """Show a sentence as text, and what stands between two backticks in it as code."""
    pieces = _CODE.split(plain(text, LONGEST_SENTENCE))
    return "".join(code(piece) if at % 2 else _spaced(piece) for at, piece in enumerate(pieces)).strip()


def _spaced(text: str) -> str:
    """Show a part of a sentence, with a space where it begins or ends with one."""
    shown = prose(text)
    before = " " if text.startswith(" ") else ""
    return f"{before}{shown} " if shown and text.endswith(" ") else f"{before}{shown}"


def in_html(text: str) -> str:
    """Show a text inside an element of HTML, where Markdown's own escapes count for nothing."""
    return html.escape(quiet(text))


def quiet(text: str, longest: int = LONGEST_PIECE) -> str:
    """Bring a text to one line in which GitHub finds no mention, reference or link, as for titles and commits."""
    return _REFERENCES.sub(rf"\1{_JOINER}", plain(text, longest))


def undirected(text: str) -> str:
    """Make a line for a commit message: quiet, and without brackets, in which `skip ci` would be obeyed."""
    return _DIRECTIVE.sub(lambda bracket: "(" if bracket.group() == "[" else ")", quiet(text))


def encoded(text: str) -> str:
    """Write a path for an address: slashes stay, all but letters, digits and `-._~` is percent-encoded (RFC 3986)."""
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in text.encode(errors="replace"))


def shortened(text: str, longest: int) -> str:
    """Leave the middle of a long text out."""
    if len(text) <= longest:
        return text
    half = (longest - 3) // 2
    return f"{text[:half]}...{text[-half:]}"


def size(text: str) -> int:
    """Count the bytes of a text in UTF-8: GitHub bounds some texts in bytes, and others in characters, never fewer."""
    return len(text.encode(errors="replace"))


def cut(text: str, most: int) -> str:
    """Cut a text to so many bytes, an ellipsis at its end, never through a character."""
    encoded = text.encode(errors="replace")
    return text if len(encoded) <= most else encoded[: most - 3].decode(errors="ignore") + "…"


def within(parts: Sequence[str], room: int, between: int = 2) -> list[str]:
    """Keep the first parts that fit into a number of bytes, counted with what stands between them."""
    kept: list[str] = []
    for part in parts:
        room -= size(part) + between
        if room < 0:
            break
        kept.append(part)
    return kept

"""What strangers wrote in Markdown, quoted: its lists, headings and code are kept, and nothing in it is obeyed.

Nothing of the text is handed on as it came: each line is read, taken apart and written anew behind `> `, its words
escaped. So it ends no part of the page around it, and none of its lines can be taken for one of the bot's own.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from bot.safe_text import shortened, visible, with_code

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_READ: Final = 20_000

_MORE: Final = "> ..."
_LONGEST_LINE: Final = 600
_LONGEST_RAW: Final = 3_000
_DEEPEST: Final = 3
_TAB: Final = 4
_BACKTICKS: Final = re.compile("`+")

_FENCE = re.compile(r"\s*(?:[-*+] +)?(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*)")
_ITEM = re.compile(r"(\s*)(?:[-*+]|[0-9]{1,9}[.)])\s+(.*)")
_RULE = re.compile(r"[-=*_|:\s]+")
_QUOTE = re.compile(r"^\s{0,3}>\s?")

_ADDRESS_IN_ANGLES = re.compile(r"<(https?://[^<>\s]*)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_ISSUE = re.compile(r"https?://[^\s/()]+/[^\s/()]+/[^\s/()]+/(?:pull|issues|discussions)/([0-9]+)\b")
_STRONG = re.compile(r"\*\*([^*]+)\*\*|__([^_]+)__")


def quoted(text: str, room: int) -> str:
    """Quote Markdown of strangers in at most `room` characters, "" where it says nothing; what is left out is told."""
    kept: list[str] = []
    room -= len(_MORE) + 1
    if room < 0:
        return ""
    for line in _calm(_lines(_without_comments(text[:LONGEST_READ]))):
        room -= len(line) + 1
        if room < 0:
            kept.append(_MORE)
            break
        kept.append(line)
    else:
        if len(text) > LONGEST_READ:
            kept.append(_MORE)
    return "\n".join(kept) if any(line != ">" for line in kept) else ""


def _without_comments(text: str) -> str:
    """Leave out what stands between `<!--` and `-->`, as GitHub's own notes begin with."""
    kept = []
    while True:
        before, begin, after = text.partition("<!--")
        kept.append(before)
        _, end, text = after.partition("-->")
        if not begin or not end:
            return "".join(kept)


def _calm(lines: Iterator[str]) -> Iterator[str]:
    """Leave out empty lines at the beginning, at the end, and beside another one."""
    waits = False
    begun = False
    for line in lines:
        if line == ">":
            waits = begun
            continue
        if waits:
            yield ">"
        waits, begun = False, True
        yield line


def _lines(text: str) -> Iterator[str]:
    fenced: list[str] | None = None
    fence, depth = "", -1
    for raw in text.splitlines():
        mark = _FENCE.match(raw)
        if fenced is not None:
            if mark and mark[1].startswith(fence):
                yield from _block(fenced)
                fenced = None
            else:
                fenced.append(raw)
        elif mark:
            fenced, fence, depth = [], mark[1], -1
        else:
            depth, lines = _line(raw, depth)
            yield from lines
    if fenced is not None:
        yield from _block(fenced)


def _block(lines: list[str]) -> Iterator[str]:
    """Write lines of code, between fences that none of them ends."""
    shown = [visible(line.expandtabs(_TAB))[:_LONGEST_LINE] for line in lines]
    longest = max((len(run) for line in shown for run in _BACKTICKS.findall(line)), default=0)
    fence = "`" * max(longest + 1, 3)
    yield from (">", f"> {fence}", *(f"> {line}" for line in shown), f"> {fence}", ">")


def _line(raw: str, depth: int) -> tuple[int, tuple[str, ...]]:
    """Write one line anew; `depth` is how deep the list before it was, -1 for none."""
    raw = _QUOTE.sub("", raw[:_LONGEST_RAW], count=1)
    if not raw.strip() or _RULE.fullmatch(raw):
        return -1, (">",)
    if heading := _HEADING.fullmatch(raw):
        shown = _words(heading[1].rstrip("# "))
        return -1, (">", f"> **{shown}**", ">") if shown else ()
    if item := _ITEM.fullmatch(raw):
        deeper = min(len(item[1].expandtabs(_TAB)) // 2, depth + 1, _DEEPEST)
        shown = _words(item[2])
        return deeper, (f"> {'  ' * deeper}- {shown}",) if shown else ()
    shown = _words(raw)
    return depth, (f"> {'  ' * (depth + 1)}{shown}",) if shown else ()


def _words(text: str) -> str:
    """Write the words of a line: code as code, all else as text, without what only dresses it."""
    for pattern, instead in ((_IMAGE, ""), (_LINK, r"\1"), (_ADDRESS_IN_ANGLES, r"\1"), (_TAG, " "), (_ISSUE, r"#\1")):
        text = pattern.sub(instead, text)
    text = _STRONG.sub(lambda match: match[1] or match[2], shortened(text, _LONGEST_LINE))
    return with_code(html.unescape(text))

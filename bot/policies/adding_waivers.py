"""Add entries to `findings.ignore` in the text of a policy file, and change nothing else in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.manifests import selects
from bot.policies.composing import compose
from bot.policies.loading import load
from bot.policies.pattern_values import LONGEST_PATH
from bot.policies.problems import PolicyFileError
from bot.policies.scanner import UnreadableYaml
from bot.policies.tree import ListNode, MappingNode
from bot.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.policies.findings import Waiver
    from bot.policies.policy import PolicyFile
    from bot.policies.tree import Entry

_INDENTATION: Final = "  "
_LAST_OF_FOUR_DIGITS: Final = 0xFFFF
_LEAD: Final = re.compile(r" *")


@dataclass(frozen=True, slots=True)
class NewWaiver:
    """An entry to add: the rule, the files as they are called in the repository, why, and the day on which it ends."""

    rule: str
    paths: tuple[str, ...]
    reason: str
    until: date


def with_waivers(text: str, waivers: Sequence[NewWaiver]) -> str | None:
    """Write entries into a policy file that was understood, above those that it has.

    None: the file is written in a way that leaves no exact place for them (flow style, an alias), or would mean
    something else than before besides the entries.
    """
    try:
        before = load(text)
        root, _ = compose(text)
    except (PolicyFileError, UnreadableYaml):
        return None
    if not isinstance(root, MappingNode) or not waivers:
        return None
    written = _written(text, root, waivers)
    if written is None:
        return None
    try:
        after = load(written)
    except PolicyFileError:
        return None
    return written if _adds_only(before, after, waivers) else None


def can_name(path: str) -> bool:
    """Whether a policy file can name just this file: globs are of printable characters, and not of too many."""
    glob = _escaped(path)
    return glob.isprintable() and len(glob) <= LONGEST_PATH and selects((glob,), path)


def entry_lines(waiver: NewWaiver) -> list[str]:
    """Write an entry as lines of YAML, without indentation; every text is in double quotes.

    Letters that cannot be seen, or that end a line for somebody, are written by their numbers (YAML 1.2.2, 5.7).
    """
    paths = ", ".join(_quoted(_escaped(path)) for path in waiver.paths)
    return [
        f"- rule: {waiver.rule}",
        f"  paths: [{paths}]",
        f"  reason: {_quoted(waiver.reason)}",
        f"  until: {waiver.until.isoformat()}",
    ]


def _quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return "".join(letter if visible(letter) else _numbered(letter) for letter in written)


def _numbered(letter: str) -> str:
    number = ord(letter)
    return f"\\u{number:04x}" if number <= _LAST_OF_FOUR_DIGITS else f"\\U{number:08x}"


def _escaped(path: str) -> str:
    """Write a path as a glob that means just it: from the root, its own signs escaped (gitignore, PATTERN FORMAT)."""
    return "/" + re.sub(r"([\\*?\[\]!#])", r"\\\1", path)


def _written(text: str, root: MappingNode, waivers: Sequence[NewWaiver]) -> str | None:
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    entries = [line for waiver in waivers for line in entry_lines(waiver)]
    findings = root.entries.get("findings")
    if findings is None:
        return _appended(text, root, ["findings:", f"{_INDENTATION}ignore:", *_moved(entries, _INDENTATION * 2)], end)
    if not isinstance(findings.value, MappingNode) or not findings.value.entries:
        return None
    ignore = findings.value.entries.get("ignore")
    if ignore is None:
        first = min(findings.value.entries.values(), key=_place)
        return _above(lines, first.place.line, first.place.column, ["ignore:", *_moved(entries, _INDENTATION)], end)
    if not isinstance(ignore.value, ListNode) or not ignore.value.items:
        return None
    line = ignore.value.items[0].place.line
    dash = lines[line - 1].find("-")
    return None if dash < 0 else _above(lines, line, dash + 1, entries, end)


def _place(entry: Entry) -> tuple[int, int]:
    return entry.place.line, entry.place.column


def _appended(text: str, root: MappingNode, added: Sequence[str], end: str) -> str | None:
    """Put lines at the end of a file whose keys begin at the margin, and that ends with no marker of a document."""
    at_margin = all(entry.place.column == 1 for entry in root.entries.values())
    if not root.entries or not at_margin or text.rstrip().endswith(("...", "---", "}")):
        return None
    gap = "" if text.endswith("\n") else end
    return text + gap + end + "".join(line + end for line in added)


def _above(lines: Sequence[str], line: int, column: int, added: Sequence[str], end: str) -> str | None:
    """Put lines above one (from 1) whose first sign stands in a column (from 1), indented as that is."""
    lead = _LEAD.match(lines[line - 1])
    if lead is None or len(lead[0]) != column - 1:
        return None
    before, after = lines[: line - 1], lines[line - 1 :]
    return "".join([*before, *(f"{lead[0]}{each}{end}" for each in added), *after])


def _moved(lines: Sequence[str], indentation: str) -> list[str]:
    return [f"{indentation}{line}" for line in lines]


def _adds_only(before: PolicyFile, after: PolicyFile, waivers: Sequence[NewWaiver]) -> bool:
    """Whether a file means what it meant, and the entries besides, wherever its lines are now."""
    added = {(each.rule, tuple(map(_escaped, each.paths)), each.reason, each.until) for each in waivers}
    new = {_said(each) for each in after.findings.ignore[: len(waivers)]}
    kept = after.findings.ignore[len(waivers) :]
    same = [_said(each) for each in kept] == [_said(each) for each in before.findings.ignore]
    return new == added and same and _without_places(before) == _without_places(after)


def _said(waiver: Waiver) -> tuple[str, tuple[str, ...], str, date | None]:
    return waiver.rule, waiver.paths, waiver.reason, waiver.until


def _without_places(policy_file: PolicyFile) -> PolicyFile:
    return replace(
        policy_file,
        images=tuple(replace(policy, line=0) for policy in policy_file.images),
        problems=tuple(replace(problem, line=0, column=0) for problem in policy_file.problems),
        promotions=tuple(replace(each, line=0) if hasattr(each, "line") else each for each in policy_file.promotions),
        findings=replace(policy_file.findings, ignore=()),
    )

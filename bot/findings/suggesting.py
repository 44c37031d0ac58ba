"""A fix as GitHub offers it for one click: lines in the place of lines, if they do what they should and no more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings.check import check
from bot.findings.known import Known
from bot.findings.reading_surroundings import surroundings_of
from bot.findings.surroundings import joined
from bot.manifests.adding.additions import Addition
from bot.manifests.adding.changed import changed_document
from bot.manifests.adding.proving import changes_nothing_else
from bot.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.findings.finding import Edit, Finding
    from bot.manifests.adding.changed import Changed
    from bot.policies.findings import Environment, RuleSettings
    from bot.policies.rules import Severity

LARGEST_DOCUMENT: Final = 64 * 1024
"""Bytes of a document for which suggestions are made: each one reads the document several times."""
MOST_LINES: Final = 30
LONGEST_LINE: Final = 1_000

_NOTHING_KNOWN: Final = Known()


class Suggestion(NamedTuple):
    """The lines of a file from `start_line` to `end_line`, from 1, and what is to stand in their place.

    `text` has LF between its lines and none behind the last one.
    """

    start_line: int
    end_line: int
    text: str


def applied(content: bytes, edit: Edit) -> bytes:
    """Write an edit into a file."""
    return content[: edit.start] + edit.replacement + content[edit.end :]


def suggestion(
    finding: Finding,
    content: bytes,
    rule: Severity | RuleSettings,
    environments: Sequence[Environment] = (),
    known: Known = _NOTHING_KNOWN,
) -> Suggestion | None:
    """Turn the fix of a finding into lines for GitHub; None where there is none, or where it is not surely right.

    `content` is that of the finding's file; `rule`, `environments` and `known` are what the finding was found with,
    `known.surroundings` with what the other files say, or all. Surely right is a fix after which the file reads as
    before but for the fix, and after which the rule finds less and nothing else. Lines with ends that are not LF, with
    letters that cannot be seen, very long ones and very many are left to people. Never raises for what a file holds.
    """
    edit = finding.fix
    if edit is None or not 0 <= edit.start <= edit.end <= len(content):
        return None
    lines = _lines(finding, content, edit)
    part = None if lines is None else changed_document(finding.path, content, Addition(*edit))
    if part is None or len(part.content) > LARGEST_DOCUMENT:
        return None
    if not changes_nothing_else(finding.path, part.content, part.after, part.edit):
        return None
    around = known
    if part.content != content:
        surroundings = joined([known.surroundings, surroundings_of(finding.path, content)])
        around = replace(known, surroundings=surroundings)
    return lines if _Asking(rule, environments, around).mends(finding, part) else None


def _lines(finding: Finding, content: bytes, edit: Edit) -> Suggestion | None:
    """Take in the whole lines that an edit touches."""
    first, last = _touched(finding, content, edit)
    start_line = content.count(b"\n", 0, first) + 1
    stood = content[first:last]
    text = _shown(content[first : edit.start] + edit.replacement + content[edit.end : last])
    if _shown(stood) is None or text is None:
        return None
    return Suggestion(start_line, start_line + stood.removesuffix(b"\n").count(b"\n"), text)


def _touched(finding: Finding, content: bytes, edit: Edit) -> tuple[int, int]:
    """Give the first byte of the first line and the end of the last one.

    Lines that are put between two others belong to the one before, unless the one behind is what was found.
    """
    start, end = edit.start, edit.end
    is_between = start == end > 0 and content[start - 1 : start] == b"\n" and edit.replacement.endswith(b"\n")
    if is_between and content.count(b"\n", 0, start) + 1 != finding.line:
        return content.rfind(b"\n", 0, start - 1) + 1, start
    first = content.rfind(b"\n", 0, start) + 1
    behind = content.find(b"\n", max(start, end - 1) if content[end - 1 : end] == b"\n" and end > start else end)
    return first, len(content) if behind < 0 else behind + 1


def _shown(lines: bytes) -> str | None:
    """Read lines as text; None where GitHub or a person might not see them as they are."""
    try:
        text = lines.decode().removesuffix("\n")
    except UnicodeDecodeError:
        return None
    if not lines or text.count("\n") >= MOST_LINES or any(len(line) > LONGEST_LINE for line in text.split("\n")):
        return None
    seen = text.replace("\n", "").replace("\t", "")
    return text if visible(seen) == seen else None


class _Asking(NamedTuple):
    """What a rule is asked with, again and again."""

    rule: Severity | RuleSettings
    environments: Sequence[Environment]
    known: Known

    def mends(self, finding: Finding, part: Changed) -> bool:
        """Whether the rule finds less there than before, the finding among it, and nothing that it did not."""
        found = self._found(finding, part.content)
        left = self._found(finding, part.after)
        line = finding.line - part.lines_before
        is_told = any((each.line, each.field) == (line, finding.field) for each in found.values())
        return is_told and len(left) < len(found) and left.keys() <= found.keys()

    def _found(self, finding: Finding, content: bytes) -> dict[str, Finding]:
        found = check({finding.path: content}, {finding.rule: self.rule}, self.environments, self.known)
        return {each.fingerprint: each for each in found}

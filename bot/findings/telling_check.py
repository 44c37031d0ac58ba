"""The words of the check of a review: its title, its summary, and the remarks on lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings.sentences import LONGEST, said
from bot.findings.telling_tables import Tables
from bot.policies.rules import Severity
from bot.safe_text import plain, quiet

if TYPE_CHECKING:
    from bot.findings.finding import Finding
    from bot.findings.links import Links
    from bot.findings.report import Report

MOST_NOTES: Final = 1_000
LONGEST_SUMMARY: Final = 60_000
_LONGEST_PATH: Final = 120


class Note(NamedTuple):
    """A remark on lines of a file, from 1. `level` is "notice", "warning" or "failure"; the texts are plain."""

    path: str
    line: int
    end_line: int
    level: str
    title: str
    message: str


def check_title(report: Report) -> str:
    """Say in one plain line what matters most: the first finding's rule and place, or that there is none."""
    if not report.new:
        return _title_of_nothing(report)
    first, *others = report.new
    title = f"{first.rule}: {quiet(first.path, _LONGEST_PATH)} line {first.line}"
    return f"{title}, and {len(others):,} more" if others else title


def _title_of_nothing(report: Report) -> str:
    if not report.files:
        return "No manifests changed" if report.is_complete else "No manifests among the files that were looked at"
    title = "No new findings" if report.is_complete else "No new findings in the files that were looked at"
    fixed = f", {len(report.fixed):,} fixed" if report.fixed else ""
    return f"{title}{fixed}{_unread(len(report.unread))}"


def _unread(count: int) -> str:
    if not count:
        return ""
    return ", 1 file not read" if count == 1 else f", {count:,} files not read"


def check_summary(report: Report, links: Links, room: int = LONGEST_SUMMARY) -> str:
    """Write the summary of the check: Markdown of at most so many bytes, with a table of each kind."""
    return Tables(report, links, MOST_NOTES, room).told()


def notes(report: Report) -> tuple[Note, ...]:
    """Write a remark on the lines of each new finding, the most severe first, at most a thousand."""
    return tuple(_note(finding, report) for finding in report.new[:MOST_NOTES])


def _note(finding: Finding, report: Report) -> Note:
    level = "failure" if report.fails(finding) else "notice" if finding.severity is Severity.LOW else "warning"
    title = f"{finding.rule} ({finding.severity.word})"
    message = plain(said(finding), LONGEST)
    return Note(finding.path, finding.line, finding.end_line, level, title, message)

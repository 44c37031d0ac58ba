"""The comments of a review: which findings become one, and its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings import sentences
from bot.findings.links import Links
from bot.safe_text import with_code

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.findings.finding import Finding
    from bot.findings.report import Report
    from bot.findings.suggesting import Suggestion

MOST_COMMENTS: Final = 10
_MOST_IN_ONE: Final = 20
_MARKER: Final = re.compile(r"<!-- niro (finding|mended) ([0-9a-f]{1,64}) -->\r?\n?")
_RUN: Final = re.compile("`+")


class Chosen(NamedTuple):
    """What becomes comments: the findings of each, on the same lines of the same file; and how many become none."""

    comments: tuple[tuple[Finding, ...], ...]
    left_out: int


def chosen(report: Report, said: Collection[str], most: int = MOST_COMMENTS) -> Chosen:
    """Choose which findings become comments: new, severe enough, and not among the fingerprints that were said.

    The most severe come first. A finding with a fix has a comment of its own, because a suggestion takes the place of
    all the lines that its comment is about; others on the same lines share one, at most 20.
    """
    wanted = [
        finding for finding in report.new if finding.severity >= report.comment_on and finding.fingerprint not in said
    ]
    groups: dict[tuple[str, int, int, str], list[Finding]] = {}
    for finding in wanted:
        alone = finding.fingerprint if finding.fix is not None else ""
        groups.setdefault((finding.path, finding.line, finding.end_line, alone), []).append(finding)
    comments = tuple(tuple(group[:_MOST_IN_ONE]) for group in groups.values())[:most]
    return Chosen(comments, len(wanted) - sum(len(each) for each in comments))


def review_body(left_out: int) -> str:
    """Write what stands above the comments of a review: "" where they say it all."""
    if not left_out:
        return ""
    said = "One more finding stands" if left_out == 1 else f"{left_out:,} more findings stand"
    return f"{said} in the check *niro / policies*."


def comment(
    findings: Sequence[Finding],
    suggestion: Suggestion | None = None,
    page_url: str = "",
    *,
    is_about_file: bool = False,
    mended: Sequence[str] = (),
) -> str:
    """Write the comment about findings on the same lines: Markdown.

    `suggestion` is what is offered for the lines that the comment is about; `page_url` the page about the rules. A
    comment that `is_about_file` stands at no line, and so it names them. `mended` are the fingerprints of others that
    it was about before.
    """
    links = Links(rules=page_url)
    marks = [f"<!-- niro finding {each.fingerprint} -->" for each in findings]
    markers = "\n".join([*marks, *(f"<!-- niro mended {fingerprint} -->" for fingerprint in mended)])
    told = [f"{_told(finding, links)}{_in_line(finding) if is_about_file else ''}" for finding in findings]
    parts = told if len(told) == 1 else ["\n".join(f"- {each}" for each in told)]
    if suggestion is not None:
        parts.append(_fenced(suggestion.text))
    return f"{markers}\n" + "\n\n".join(parts)


def fingerprints_in(body: str) -> tuple[str, ...]:
    """Read which findings a comment of the bot is about, mended or not; nothing for any other text."""
    return tuple(fingerprint for _, fingerprint in _marks_in(body))


def rewritten(body: str, report: Report, page_url: str = "", *, is_about_file: bool = False) -> str | None:
    """Write a comment of the bot about several findings anew, when others of them stand now than it tells of.

    None: it tells of just those, or of one alone, or nobody can tell by the fingerprints which of them stand.
    """
    marks = _marks_in(body)
    standing = [mark for _, mark in marks if report.tells((mark,))]
    told = [mark for kind, mark in marks if kind == "finding"]
    found = {each.fingerprint: each for each in report.new}
    if not standing or set(standing) == set(told) or not found.keys() >= set(standing):
        return None
    mended = [mark for _, mark in marks if mark not in standing]
    return comment([found[mark] for mark in standing], None, page_url, is_about_file=is_about_file, mended=mended)


def _marks_in(body: str) -> list[tuple[str, str]]:
    """Read the marks at the beginning of a text: what each says, and the fingerprint."""
    found: list[tuple[str, str]] = []
    at = 0
    while match := _MARKER.match(body, at):
        found.append((match[1], match[2]))
        at = match.end()
    return found


def _told(finding: Finding, links: Links) -> str:
    return f"{links.rule(finding.rule)} ({finding.severity.word}): {with_code(sentences.said(finding))}"


def _in_line(finding: Finding) -> str:
    return f" (Line {finding.line:,}.)"


def _fenced(text: str) -> str:
    """Put a text into a block that GitHub offers to commit; its fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in _RUN.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}suggestion\n{text}\n{fence}"

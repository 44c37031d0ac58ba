"""What a check found out, as text for a person at a terminal: the findings file by file, and the counts at the end."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.checking.words import counted, object_of
from bot.explaining.layout import Page
from bot.explaining.shown import shown
from bot.policies.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.checking.outcome import Outcome
    from bot.findings import Finding
    from bot.findings.waiving import Grounds

MOST_NOT_READ: Final = 20
_COLOURS: Final = {Severity.HIGH: "31", Severity.MEDIUM: "33", Severity.LOW: "36"}
_WIDEST: Final = max(len(severity.word) for severity in Severity)
_BEFORE: Final = 4
"""How far a sentence stands to the right, beside the digits of the line numbers."""


class Look(NamedTuple):
    """How a text is written: in `width` columns, and with severities in colour or without."""

    width: int
    coloured: bool = False


def outcome_as_text(outcome: Outcome, look: Look) -> str:
    """Show what was found out. Nothing that a file says moves the cursor or colours a line."""
    parts = [
        *(_file(path, list(found), look) for path, found in groupby(outcome.findings, lambda each: each.path)),
        _titled("Fixed", (_row(each, "") for each in outcome.report.fixed), look),
        _titled("Waived", (_row(each, _grounds(why)) for each, why in outcome.report.waived), look),
        _titled("Waived once this is merged", (_row(each, reason) for each, reason in outcome.report.pending), look),
        _titled("Waivers that have ended", _ended(outcome), look),
        _titled("Annotations that waive nothing", _mistakes(outcome), look),
        _titled("Not read", _not_read(outcome), look),
        _titled("Read in the policy file, and not honoured", ((each, "") for each in outcome.policy.problems), look),
        _counts(outcome),
    ]
    return "\n".join(filter(None, parts))


def _file(path: str, findings: Sequence[Finding], look: Look) -> str:
    """Show the findings of one file: line, severity, rule and object, and what to do, the same advice only once."""
    digits = len(str(max(finding.line for finding in findings)))
    lines = [f"{shown(path)}\n"]
    advised: set[str] = set()
    for finding in findings:
        about = object_of(finding)
        said = Page(look.width - digits - _BEFORE)
        said.line(finding.message)
        if finding.mend and finding.mend not in advised:
            said.line(finding.mend)
        advised.add(finding.mend)
        name = f"{finding.rule}{f'  {shown(about)}' if about else ''}"
        lines.append(f"  {finding.line:>{digits}}  {_severity(finding.severity, look)}  {name}\n")
        lines += [f"{' ' * (digits + _BEFORE)}{line}\n" for line in str(said).splitlines()]
    return "".join(lines)


def _severity(severity: Severity, look: Look) -> str:
    word = f"{severity.word:<{_WIDEST}}"
    return f"\x1b[{_COLOURS[severity]}m{word}\x1b[0m" if look.coloured else word


def _titled(title: str, rows: Iterable[tuple[str, str]], look: Look) -> str:
    listed = list(rows)
    if not listed:
        return ""
    page = Page(look.width)
    page.line(title)
    page.rows(listed)
    return str(page)


def _row(finding: Finding, why: str) -> tuple[str, str]:
    about = object_of(finding)
    said = f"{finding.rule}, {about}" if about else finding.rule
    return f"{finding.path}:{finding.line}", f"{said}: {why}" if why else said


def _grounds(why: Grounds) -> str:
    until = "" if why.until is None else f" (until {why.until:%Y-%m-%d})"
    return f"{why.reason}{until}"


def _ended(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for waiver in outcome.report.ended:
        yield f"{waiver.until:%Y-%m-%d}", f"{waiver.rule} in {', '.join(waiver.paths)}: {waiver.reason}"


def _mistakes(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for path, annotated in outcome.report.mistakes:
        why = "it gives no reason" if annotated.is_known else "there is no rule of this name"
        yield path, f"ignore.niro.bot/{annotated.rule} of {annotated.kind} {annotated.name}: {why}"


def _not_read(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for each in outcome.unread[:MOST_NOT_READ]:
        yield each.path if each.line is None else f"{each.path}:{each.line}", each.sentence
    if len(outcome.unread) > MOST_NOT_READ:
        yield f"and {len(outcome.unread) - MOST_NOT_READ:,} more", ""


def _counts(outcome: Outcome) -> str:
    """Write the last line: how many findings there are, of which severity, and in how many manifests."""
    found = Counter(finding.severity for finding in outcome.findings)
    new = "new " if outcome.base is not None else ""
    by_severity = ", ".join(f"{found[each]:,} {each.word}" for each in sorted(Severity, reverse=True) if found[each])
    manifests = counted(outcome.checked, "changed manifest" if outcome.base is not None else "manifest")
    said = [f"{counted(len(outcome.findings), f'{new}finding')} in {manifests}{f': {by_severity}' if found else ''}"]
    said += [f"{len(outcome.report.fixed):,} fixed"] if outcome.report.fixed else []
    said += [f"{outcome.report.standing:,} stood before"] if outcome.report.standing else []
    said += [f"{len(outcome.report.waived):,} waived"] if outcome.report.waived else []
    said += [f"{len(outcome.unread):,} not read"] if outcome.unread else []
    line = "; ".join(said)
    return f"{line[0].upper()}{line[1:]}.\n"

"""The summary of a review's check: what is new, fixed, put up with and not read, each in a table that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from bot.findings.sentences import LONGEST, owner, said
from bot.policies.rules import Severity
from bot.safe_text import LONGEST_PIECE, code, prose, shortened, size, with_code, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.findings.finding import Finding
    from bot.findings.links import Links
    from bot.findings.report import Report
    from bot.findings.waiving import Grounds, Mistake
    from bot.manifests import Skipped
    from bot.policies.findings import Waiver

_ROOM_FOR_FRAME: Final = 300
# Half of the room is for what is new; each of the six other tables has one of so many shares of all of it.
_SHARES: Final = 14

_Item = TypeVar("_Item")


class Tables:
    """The summary of a report while it is written, in at most `room` bytes.

    `notes` is how many findings have a remark on their lines at most.
    """

    def __init__(self, report: Report, links: Links, notes: int, room: int) -> None:
        self._report = report
        self._links = links
        self._notes = notes
        self._room = room

    def told(self) -> str:
        """Write everything: half of the room is for what is new, and some for each of the rest."""
        parts = ["\n\n".join(self._sentences()), self._new(), *self._others()]
        return "\n\n".join(within([part for part in parts if part], self._room))

    def _sentences(self) -> Iterator[str]:
        report = self._report
        yield _counted(report)
        if not report.is_complete:
            yield (
                "The change has more files than are looked at, or one whose path cannot be asked for; "
                "what is said here is about those that were looked at."
            )
        if len(report.new) > self._notes:
            yield (
                f"Only the first {self._notes:,} are shown on their lines; {len(report.new) - self._notes:,} are not."
            )

    def _new(self) -> str:
        return _table(("Severity", "Rule", "Where", "What"), self._report.new, self._row_of_new, self._room // 2)

    def _others(self) -> Iterator[str]:
        report = self._report
        yield self._folded("Fixed by this change", ("Rule", "Where", "What was wrong"), report.fixed, self._fixed)
        yield self._folded("Put up with", ("Rule", "Where", "Why"), report.waived, self._waived)
        yield self._folded(
            "Waivers that take effect after merge", ("Rule", "Where", "Reason"), report.pending, self._pending
        )
        yield self._folded("Waivers that have ended", ("Rule", "Ended on", "Reason"), report.ended, self._ended)
        yield self._folded(
            "Annotations that waive nothing", ("Annotation", "Where", "Why"), report.mistakes, self._mistake
        )
        yield self._folded("Not read", ("Where", "Why"), report.skipped, self._skipped)

    def _folded(self, title: str, head: Sequence[str], items: Sequence[_Item], row: Callable[[_Item], str]) -> str:
        if not items:
            return ""
        table = _table(head, items, row, self._room // _SHARES)
        return f"<details>\n<summary>{title}: {len(items):,}</summary>\n\n{table}\n\n</details>"

    def _row_of_new(self, finding: Finding) -> str:
        where = self._where(finding)
        return _row(finding.severity.word, self._links.rule(finding.rule), where, with_code(said(finding)))

    def _where(self, finding: Finding) -> str:
        place = self._links.at_line(f"{code(finding.path)} line {finding.line}", finding.path, finding.line)
        names = owner(finding.kind, finding.namespace, finding.name, finding.container)
        return f"{place}, {code(names)}" if names else place

    def _fixed(self, finding: Finding) -> str:
        return _row(self._links.rule(finding.rule), code(finding.path), with_code(shortened(finding.message, LONGEST)))

    def _waived(self, waived: tuple[Finding, Grounds]) -> str:
        finding, grounds = waived
        where = "annotation" if grounds.in_manifest else "policy file"
        until = f", until {grounds.until.isoformat()}" if grounds.until else ""
        why = f"{prose(grounds.reason)} ({where}{until})"
        return _row(self._links.rule(finding.rule), self._where(finding), why)

    def _pending(self, pending: tuple[Finding, str]) -> str:
        finding, reason = pending
        return _row(self._links.rule(finding.rule), self._where(finding), prose(reason))

    def _ended(self, waiver: Waiver) -> str:
        return _row(self._links.rule(waiver.rule), str(waiver.until), prose(waiver.reason))

    def _mistake(self, mistake: Mistake) -> str:
        about = mistake.annotated
        where = f"{code(mistake.path)}, {code(owner(about.kind, about.namespace, about.name))}"
        why = "it gives no reason" if about.is_known else "there is no rule of this name"
        return _row(code(f"ignore.niro.bot/{shortened(about.rule, LONGEST_PIECE)}"), where, why)

    def _skipped(self, skipped: Skipped) -> str:
        place = code(skipped.path) if skipped.line is None else f"{code(skipped.path)} line {skipped.line}"
        return _row(place, with_code(skipped.message))


def _counted(report: Report) -> str:
    """Say in a sentence or two how many findings there are of each kind."""
    if not report.files:
        return "No manifest is changed here."
    severities = ((severity, sum(each.severity is severity for each in report.new)) for severity in Severity)
    counts = [f"{count:,} {severity.word}" for severity, count in severities if count][::-1]
    told = f"New findings: {', '.join(counts)}." if counts else "No new findings."
    if report.fixed:
        told += f" Fixed: {len(report.fixed):,}."
    if report.waived:
        told += f" Put up with: {len(report.waived):,}."
    return f"{told} {_standing(report.standing)}" if report.standing else told


def _standing(count: int) -> str:
    if count == 1:
        return "One more stood in the changed files before, and is not counted."
    return f"{count:,} more stood in the changed files before, and are not counted."


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _table(head: Sequence[str], items: Sequence[_Item], row: Callable[[_Item], str], room: int) -> str:
    """Write a table of the first items that fit, and how many do not; "" where there are none."""
    if not items:
        return ""
    kept = _first_rows(items, row, room - _ROOM_FOR_FRAME)
    table = "\n".join((_row(*head), _row(*("---" for _ in head)), *kept))
    return table if len(kept) == len(items) else f"{table}\n\nAnd {len(items) - len(kept):,} more."


def _first_rows(items: Iterable[_Item], row: Callable[[_Item], str], room: int) -> list[str]:
    """Write the first rows that fit, and no others: there may be ten thousand."""
    rows: list[str] = []
    for item in items:
        written = row(item)
        room -= size(written) + 1
        if room < 0:
            break
        rows.append(written)
    return rows

"""What `niro check` found out: the report of the rules, where it comes from, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.findings import Known
from bot.findings.comparing import Comparison
from bot.findings.judging import Sides, judged, reported
from bot.findings.report import Report, report_of
from bot.findings.waiving import waived
from bot.manifests.reasons import NOT_LOOKED_INTO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.checking.checkout import Base, Checkout
    from bot.checking.policy import Policy
    from bot.findings import Finding
    from bot.policies import PolicyFile
    from bot.policies.rules import Severity


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a part of one, that no rule looked at: the reason as a word and as a sentence."""

    path: str
    line: int | None
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was found out about a folder, as its words on the command line name it.

    What is new in the `report` is what counts: all findings, where there is no `base`.
    """

    directory: str
    policy: Policy
    base: Base | None
    report: Report
    unread: tuple[Unread, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that count, in the order of path, line and rule."""
        return tuple(sorted(self.report.new, key=lambda each: (each.path, each.line, each.rule, each.field)))

    @property
    def checked(self) -> int:
        """How many manifests the rules looked at; one that could not be read is none of them."""
        unread = {skipped.path for skipped in self.report.skipped if skipped.reason in NOT_LOOKED_INTO}
        return self.report.files - len(unread)

    def fails(self, fail_on: Severity | None) -> bool:
        """Whether a finding that counts is at a severity or above; None: none is ever."""
        return fail_on is not None and any(finding.severity >= fail_on for finding in self.report.new)


def outcome_of(directory: str, checkout: Checkout, policy: Policy, today: date) -> Outcome:
    """Ask every rule about a checkout. `today` is the day in UTC, by which waivers end."""
    file = policy.file
    images = file.images if file.enabled else ()
    known = Known(pull_secrets=file.pull_secrets, policies=images, surroundings=checkout.around)
    sides = Sides(checkout.before, checkout.files, checkout.renamed)
    report = _standing(sides, file, known, today) if checkout.base is None else reported(sides, file, known, today)
    return Outcome(directory, policy, checkout.base, report, tuple(_unread(checkout, report)))


def _standing(sides: Sides, file: PolicyFile, known: Known, today: date) -> Report:
    """Tell all that is found, where nothing is compared: then an annotation counts as it stands."""
    found = judged(sides, file.findings, file.environments, known)
    put_up_with = waived(
        found.after, file.findings.ignore, found.at_head, found.at_head, today, paths=tuple(sides.after)
    )
    comparison = Comparison(new=found.after)
    return report_of(comparison, put_up_with, file.findings, today, files=len(sides.after), skipped=found.skipped)


def _unread(checkout: Checkout, report: Report) -> Iterator[Unread]:
    for each in checkout.not_read:
        yield Unread(each.path, None, each.reason.value, each.sentence)
    for skipped in report.skipped:
        yield Unread(skipped.path, skipped.line, skipped.reason.value, skipped.message)

"""Everything that a review says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.findings.finding import KIND
from bot.policies.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.findings.comparing import Comparison
    from bot.findings.finding import Finding
    from bot.findings.waiving import Grounds, Mistake, Waived
    from bot.manifests import Skipped
    from bot.policies.findings import Findings, Waiver


class Verdict(Enum):
    """How the check of a review ends, in GitHub's words for it."""

    SUCCESS = "success"
    NEUTRAL = "neutral"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Report:
    """What a review says.

    `new` are the findings that the change brings and that count, the most severe first; `fixed` those that it mends.
    `waived` are those that are put up with. `pending` are those that no longer count once the change is merged,
    new or not. `standing` is how many stood before, without those that are put up with. `files` is how many manifests
    changed, `skipped` what could not be read in them; `is_complete` is False where files of the change were not looked
    at, as too many or by a path that nobody can ask for. `again_on` is the first day on which the same change may be
    told otherwise.
    """

    new: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    waived: tuple[tuple[Finding, Grounds], ...] = ()
    pending: tuple[tuple[Finding, str], ...] = ()
    ended: tuple[Waiver, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    standing: int = 0
    files: int = 0
    skipped: tuple[Skipped, ...] = ()
    is_complete: bool = True
    fail_on: Severity | None = None
    comment_on: Severity = Severity.MEDIUM
    again_on: date | None = None

    @property
    def unread(self) -> frozenset[str]:
        """The files of which nobody can tell what is in them now, so nothing of what was there is over."""
        return frozenset(each.path for each in self.skipped)

    def tells(self, fingerprints: Iterable[str]) -> bool:
        """Whether one of some findings is new here, or one about the same field of an object of the same name.

        Of several of one name nobody can tell by the fingerprint which of them are left.
        """
        kinds = {fingerprint[:KIND] for fingerprint in fingerprints}
        return any(each.fingerprint[:KIND] in kinds for each in self.new)

    @property
    def conclusion(self) -> Verdict:
        """Success where nothing is new, failure where the policy file wants it so for what is new, else neutral."""
        if not self.new:
            return Verdict.SUCCESS
        return Verdict.FAILURE if any(self.fails(finding) for finding in self.new) else Verdict.NEUTRAL

    def fails(self, finding: Finding) -> bool:
        """Whether a new finding is severe enough to make the check fail."""
        return self.fail_on is not None and finding.severity >= self.fail_on


def report_of(
    comparison: Comparison,
    waived: Waived,
    settings: Findings,
    today: date,
    *,
    files: int,
    skipped: Iterable[Skipped] = (),
    is_complete: bool = True,
) -> Report:
    """Put together what a review says.

    `waived` tells of all findings of the state after the change (those of `comparison`, new and standing). `settings`
    are those of the base's policy file, `today` is the day in UTC, `files` how many manifests changed.
    """
    counting = {finding.fingerprint for finding in waived.counting}
    ends = (grounds.until for _, grounds in waived.waived)
    return Report(
        new=most_severe_first(each for each in comparison.new if each.fingerprint in counting),
        fixed=comparison.fixed,
        waived=waived.waived,
        pending=waived.pending,
        ended=waived.ended,
        mistakes=waived.mistakes,
        standing=sum(each.fingerprint in counting for each in comparison.standing),
        files=files,
        skipped=tuple(skipped),
        is_complete=is_complete,
        fail_on=settings.fail_on,
        comment_on=settings.comment_on,
        again_on=min((end for end in ends if end is not None and end > today), default=None),
    )


def most_severe_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings in the order in which they are told; those of one severity in the order of path, line and rule."""
    return tuple(sorted(findings, key=lambda each: (-each.severity, each.path, each.line, each.rule, each.field)))

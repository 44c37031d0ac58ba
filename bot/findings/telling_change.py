"""What another policy file would find: words about the findings that come and go with it, and how they are told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.findings.comparing import compared
from bot.policies.findings import Findings
from bot.safe_text import code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.findings.finding import Finding
    from bot.findings.waiving import Waived
    from bot.policies.rules import Severity

_DEFAULT: Final = Findings()
_FAILS: Final = "what is new and that severe, or more, makes the check fail"
_COMMENTED_ON: Final = "what is new and that severe, or more, gets a comment"
_MOST_PLACES: Final = 3


def findings_change(before: Sequence[Finding], after: Waived) -> str:
    """Say in Markdown which findings appear and which vanish, by rule with some places.

    `before` are those that count now; `after` are those of the same files under another policy file, all of them.
    """
    comparison = compared(before, after.counting, {})
    waived = {finding.fingerprint for finding, _ in after.waived}
    rows = [
        *_rows("appear, or matter more", comparison.new),
        *_rows("are put up with", (each for each in comparison.fixed if each.fingerprint in waived)),
        *_rows("vanish", (each for each in comparison.fixed if each.fingerprint not in waived)),
    ]
    if not rows:
        return "The findings of the repository's manifests stay as they are."
    head = ["| rule | findings that | how many | where |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])


def settings_change(before: Findings | None, after: Findings) -> list[str]:
    """Say which severities decide otherwise what makes the check fail and what gets a comment; None: nothing did."""
    then = before or _DEFAULT
    said = []
    if then.fail_on != after.fail_on:
        effect = _FAILS if after.fail_on is not None else "no finding makes the check fail"
        said.append(f"`fail-on` would be {_instead(after.fail_on, then.fail_on)}: {effect}.")
    if then.comment_on != after.comment_on:
        said.append(f"`comment-on` would be {_instead(after.comment_on, then.comment_on)}: {_COMMENTED_ON}.")
    return said


def _instead(after: Severity | None, before: Severity | None) -> str:
    return f"`{_word(after)}` instead of `{_word(before)}`"


def _word(severity: Severity | None) -> str:
    return "never" if severity is None else severity.word


def _rows(what: str, findings: Iterable[Finding]) -> list[str]:
    listed = list(findings)
    counts = Counter(each.rule for each in listed)
    return [
        f"| `{rule}` | {what} | {count} | {_places([each for each in listed if each.rule == rule])} |"
        for rule, count in sorted(counts.items())
    ]


def _places(findings: Sequence[Finding]) -> str:
    shown = ", ".join(f"{code(each.path)} line {each.line}" for each in findings[:_MOST_PLACES])
    more = len(findings) - _MOST_PLACES
    return f"{shown} and {more} more" if more > 0 else shown

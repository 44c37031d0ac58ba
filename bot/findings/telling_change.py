"""What another policy file would find: words about the findings that come and go with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.findings.comparing import compared
from bot.safe_text import code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.findings.finding import Finding

_MOST_PLACES: Final = 3


def findings_change(before: Sequence[Finding], after: Sequence[Finding]) -> str:
    """Say in Markdown which findings appear and which vanish, by rule with some places; both are of the same files."""
    comparison = compared(before, after, {})
    if not comparison.new and not comparison.fixed:
        return "The findings of the repository's manifests stay as they are."
    rows = [
        *_rows("appear, or matter more", comparison.new),
        *_rows("vanish", comparison.fixed),
    ]
    head = ["| rule | findings that | how many | where |", "|---|---|---|---|"]
    return "\n".join([*head, *rows])


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

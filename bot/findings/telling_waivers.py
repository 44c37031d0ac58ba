"""The pull request that adds waivers: which entries, and the words for the people who are to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.policies import POLICY_PATH
from bot.policies.adding_waivers import NewWaiver, entry_lines
from bot.safe_text import code, quiet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.findings.finding import Finding

MOST_PATHS: Final = 50
"""Files in one entry; findings in more of them get more entries."""

_MOST_SHOWN: Final = 5


class WaiverText(NamedTuple):
    """The title of the pull request, which is the commit's headline too, and its body in Markdown."""

    title: str
    body: str


def new_waivers(findings: Iterable[Finding], by: str, number: int, until: date) -> tuple[NewWaiver, ...]:
    """Make an entry for each rule that found something, about just the files in which it did, by rule."""
    paths: dict[str, list[str]] = {}
    for each in findings:
        paths.setdefault(each.rule, []).append(each.path)
    reason = quiet(f"Accepted by {by} in pull request {number}")
    return tuple(
        NewWaiver(rule, tuple(some), reason, until)
        for rule in sorted(paths)
        for some in _pieces(sorted(set(paths[rule])))
    )


def waiver_text(waivers: Sequence[NewWaiver], by: str, number: int) -> WaiverText:
    """Describe the pull request that adds entries, as `by` asked for at the pull request `number`."""
    rules = list(dict.fromkeys(each.rule for each in waivers))
    what = rules[0] if len(rules) == 1 else f"{len(rules)} rules"
    rows = [f"| `{each.rule}` | {_files(each.paths)} | {each.until.isoformat()} |" for each in waivers]
    body = [
        f"{code(by)} asked for this at #{number}: these findings would no longer count until the day beside them.",
        "",
        "| rule | files | until |",
        "|---|---|---|",
        *rows,
        "",
        "Edit the reasons and the days here as you like. To decide otherwise, close this pull request.",
    ]
    return WaiverText(f"Put up with findings of {what} until {waivers[0].until.isoformat()}", "\n".join(body))


def by_hand(waivers: Sequence[NewWaiver]) -> str:
    """Say which entries to add where the bot finds no exact place for them."""
    lines = [line for each in waivers for line in entry_lines(each)]
    shown = "\n".join(f"    {' '.join(line.splitlines())}" for line in lines)
    said = f"`{POLICY_PATH}` is written in a way that leaves no exact place for new entries."
    return f"{said} To put up with these findings, add this to `findings.ignore`:\n\n{shown}"


def _pieces(paths: list[str]) -> Iterable[list[str]]:
    return (paths[start : start + MOST_PATHS] for start in range(0, len(paths), MOST_PATHS))


def _files(paths: Sequence[str]) -> str:
    shown = ", ".join(map(code, paths[:_MOST_SHOWN]))
    more = len(paths) - _MOST_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown

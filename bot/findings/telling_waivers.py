"""The pull request that adds waivers: which entries, and the words for the people who are to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.policies import POLICY_PATH
from bot.policies.adding_waivers import NewWaiver, can_name, entry_lines
from bot.safe_text import code, quiet, size, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bot.findings.finding import Finding

MOST_PATHS: Final = 50
"""Files in one entry; findings in more of them get more entries."""

NO_PLACE: Final = f"`{POLICY_PATH}` is written in a way that leaves no exact place for new entries."
STILL_STAND: Final = "The branches of earlier pull requests for this still stand, so no further one is opened."

LARGEST_ADDED: Final = 256 * 1024
"""Bytes of entries that one pull request adds: a policy file may have four times as many, and people read them."""

_ROOM: Final = 50_000
"""Bytes of rows, or of entries, in a text of which GitHub takes 65,536 characters."""

_MOST_SHOWN: Final = 5


class WaiverText(NamedTuple):
    """The title of the pull request, which is the commit's headline too, and its body in Markdown."""

    title: str
    body: str


def new_waivers(findings: Iterable[Finding], by: str, number: int, until: date) -> tuple[NewWaiver, ...]:
    """Make an entry for each rule that found something, about just the files in which it did, by rule.

    Files that a policy file cannot name are left out; see `nameless`.
    """
    paths: dict[str, list[str]] = {}
    for each in findings:
        if can_name(each.path):
            paths.setdefault(each.rule, []).append(each.path)
    reason = quiet(f"Accepted by {by} in pull request {number}")
    return tuple(
        NewWaiver(rule, tuple(some), reason, until)
        for rule in sorted(paths)
        for some in _pieces(sorted(set(paths[rule])))
    )


def nameless(findings: Iterable[Finding]) -> str:
    """Say which files with findings no entry can name; "" where there are none."""
    paths = [path for path in sorted({each.path for each in findings}) if not can_name(path)]
    if not paths:
        return ""
    return (
        f"No entry can name {_files(paths)}: the name is too long, or holds characters that cannot be seen. Rename"
        " what is named so, or let a glob stand for it."
    )


def too_much(waivers: Sequence[NewWaiver]) -> str:
    """Say that entries are too much for one pull request; "" where they are not."""
    if sum(size(line) + 1 for each in waivers for line in entry_lines(each)) <= LARGEST_ADDED:
        return ""
    files = len({path for each in waivers for path in each.paths})
    rules = len({each.rule for each in waivers})
    return (
        f"`findings.ignore` would get entries of {files:,} files for {_rules(rules)}, which is too much for one pull"
        f" request. Write entries of your own into `{POLICY_PATH}`, with globs that stand for whole folders."
    )


def waiver_text(waivers: Sequence[NewWaiver], by: str, number: int, nameless: str = "") -> WaiverText:
    """Describe the pull request that adds entries, as `by` asked for at the pull request `number`.

    `nameless`: see there.
    """
    rules = list(dict.fromkeys(each.rule for each in waivers))
    what = rules[0] if len(rules) == 1 else _rules(len(rules))
    rows = [f"| `{each.rule}` | {_files(each.paths)} | {each.until.isoformat()} |" for each in waivers]
    body = [
        f"{code(by)} asked for this at #{number}: these findings would no longer count until the day beside them.",
        "",
        "| rule | files | until |",
        "|---|---|---|",
        *_first(rows),
        "",
        *([nameless, ""] if nameless else []),
        "Edit the reasons and the days here as you like. To decide otherwise, close this pull request.",
    ]
    return WaiverText(f"Put up with findings of {what} until {waivers[0].until.isoformat()}", "\n".join(body))


def by_hand(waivers: Sequence[NewWaiver], why: str, nameless: str = "") -> str:
    """Say which entries to add where the bot does not, and why it does not. `nameless`: see there."""
    if not waivers:
        return nameless
    entries = ["\n".join(f"    {line}" for line in entry_lines(each)) for each in waivers]
    shown = "\n".join(_first(entries))
    said = f"{why} To put up with these findings, add this to `findings.ignore`:\n\n{shown}"
    return f"{said}\n\n{nameless}" if nameless else said


def _first(lines: Sequence[str]) -> list[str]:
    """Keep the lines for which there is room, and say below them of how many there is none."""
    kept = within(lines, _ROOM, 1)
    left = len(lines) - len(kept)
    return [*kept, "", f"And {left:,} more, for which there is no room here."] if left else kept


def _rules(count: int) -> str:
    return "one rule" if count == 1 else f"{count} rules"


def _pieces(paths: list[str]) -> Iterable[list[str]]:
    return (paths[start : start + MOST_PATHS] for start in range(0, len(paths), MOST_PATHS))


def _files(paths: Sequence[str]) -> str:
    shown = ", ".join(map(code, paths[:_MOST_SHOWN]))
    more = len(paths) - _MOST_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown

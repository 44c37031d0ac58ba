"""The words of a pull request: its title, its body and its commit message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.bumps.deciding import refusals
from bot.bumps.safe_text import code, plain, prose, quiet, undirected
from bot.bumps.trailers import trailer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.bumps.deciding import Decisions
    from bot.bumps.planning import Open, Update
    from bot.bumps.wishes import Proposal
    from bot.manifests import Change

LONGEST_BODY: Final = 60_000
LONGEST_TITLE: Final = 250

_POLICY_FILE: Final = ".niro/policies.yml"
_MOST_LINES_IN_MESSAGE: Final = 50
_ROOM_FOR_REST: Final = 200
_PLACEHOLDER = re.compile(r"\{(image|from|to)\}")


@dataclass(frozen=True, slots=True)
class PullRequestText:
    """Title (one line), body (Markdown) and commit message (its first line is the headline)."""

    title: str
    body: str
    message: str


def describe(item: Open | Update, changes: Sequence[Change], decisions: Decisions) -> PullRequestText:
    """Write the texts of a pull request that holds `changes`. All that strangers wrote is made harmless.

    The message ends with the trailer `Niro-Bump: <group>/<fingerprint>`, by which the commit is known again.
    """
    title = _title(item)
    return PullRequestText(title, _body(item, changes, decisions), _message(title, item, changes))


def _title(item: Open | Update) -> str:
    values = {
        "image": _all(proposal.image for proposal in item.proposals),
        "from": _all(proposal.current or "no tag" for proposal in item.proposals),
        "to": _all(proposal.selected for proposal in item.proposals),
    }
    filled = _PLACEHOLDER.sub(lambda match: quiet(values[match.group(1)]), item.title)
    return plain(filled, LONGEST_TITLE) or f"Bump {quiet(item.group)}"


def _all(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(values))


def _body(item: Open | Update, changes: Sequence[Change], decisions: Decisions) -> str:
    opening = [_sentence(proposal) for proposal in item.proposals]
    head = "\n\n".join(_within(opening, LONGEST_BODY // 4))
    tail = "\n\n".join(part for part in (_refused(item, decisions), _footer(item)) if part)
    table = _table(changes, LONGEST_BODY - len(head) - len(tail) - _ROOM_FOR_REST)
    return "\n\n".join(part for part in (head, table, tail) if part) + "\n"


def _sentence(proposal: Proposal) -> str:
    origin = f"from {code(proposal.current)} " if proposal.current else ""
    return f"Moves {code(proposal.image)} {origin}to {code(proposal.selected)}. {prose(proposal.sentence)}"


def _table(changes: Sequence[Change], room: int) -> str:
    rows = [_row(change) for change in changes]
    shown = _within(rows, room, between=1)
    if not shown:
        return ""
    lines = ["| File | Line | Where | Before | After |", "| --- | ---: | --- | --- | --- |", *shown]
    if len(shown) < len(rows):
        lines += ["", f"And {len(rows) - len(shown)} more."]
    return "\n".join(lines)


def _row(change: Change) -> str:
    owner = " ".join(part for part in (change.kind, change.namespace, change.name, change.container) if part)
    cells = (code(change.path), str(change.line), code(owner), code(change.old), code(change.new))
    return f"| {' | '.join(cells)} |"


def _refused(item: Open | Update, decisions: Decisions) -> str:
    moved = {(proposal.policy, proposal.current) for proposal in item.proposals}
    ours = {key: decision for key, decision in decisions.items() if key in moved}
    lines = dict.fromkeys(f"> - {prose(refusal.sentence)}." for refusal in refusals(ours))
    if not lines:
        return ""
    noted = _within(list(lines), LONGEST_BODY // 4, between=1)
    return "\n".join(["> [!NOTE]", "> A newer tag was refused:", *noted])


def _footer(item: Open | Update) -> str:
    names = ", ".join(code(name) for name in dict.fromkeys(proposal.policy for proposal in item.proposals))
    place = f"`{_POLICY_FILE}`, line {item.policy_line}"
    stop = "To stop this, set `enabled: false` there or narrow its `range`."
    return f"---\n\nAsked for by the policy {names} in {place}. {stop}"


def _within(parts: Sequence[str], room: int, between: int = 2) -> list[str]:
    """Keep the first parts that fit into a number of characters, counted with what stands between them."""
    kept: list[str] = []
    for part in parts:
        room -= len(part) + between
        if room < 0:
            break
        kept.append(part)
    return kept


def _message(title: str, item: Open | Update, changes: Sequence[Change]) -> str:
    lines = [f"- {undirected(f'{change.path}:{change.line}')}: {_move(change)}" for change in changes]
    shown = lines[:_MOST_LINES_IN_MESSAGE]
    if len(shown) < len(lines):
        shown.append(f"- and {len(lines) - len(shown)} more")
    parts = (title, "\n".join(shown), trailer(item.group, item.fingerprint))
    return "\n\n".join(part for part in parts if part)


def _move(change: Change) -> str:
    return f"{undirected(change.old)} -> {undirected(change.new)}"

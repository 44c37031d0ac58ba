"""The part of a body that says how things are with a bump: it is written anew while the rest stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.safe_text import code, with_code, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bumps.surroundings import ShownState

LONGEST_STATE: Final = 10_000

BEGIN: Final = "<!-- niro: state -->"
END: Final = "<!-- niro: end of state -->"

_ROOM_OF_A_LIST: Final = 2_000
_ROOM_OF_COMMANDS: Final = 3_500


def state_block(state: ShownState) -> str:
    """Write how things are with a bump, between two hidden markers; at most 10,000 characters."""
    parts = (_notes(state.notes), _next_step(state), _commands(state.commands))
    return "\n\n".join([BEGIN, *(part for part in parts if part), END])


def with_state(body: str, block: str) -> str:
    """Put a block of `state_block` in place of the one in `body`.

    The body comes back as it is where the two markers are not lines of it, once each and in order. What strangers
    wrote never begins a line of a body, so none of it is taken for a marker.
    """
    lines = body.split("\n")
    begins = [at for at, line in enumerate(lines) if line.rstrip("\r") == BEGIN]
    ends = [at for at, line in enumerate(lines) if line.rstrip("\r") == END]
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        return body
    return "\n".join([*lines[: begins[0]], *block.split("\n"), *lines[ends[0] + 1 :]])


def _notes(notes: Sequence[str]) -> str:
    return "\n".join(["> [!IMPORTANT]", *_listed(notes, "> - ")]) if notes else ""


def _next_step(state: ShownState) -> str:
    said = [with_code(state.next_step)] if state.next_step else []
    if state.restrictions:
        said.append("\n".join(["What people asked for:", "", *_listed(state.restrictions, "- ")]))
    return "\n\n".join(["#### What happens next", *said]) if said else ""


def _commands(commands: Sequence[tuple[str, str]]) -> str:
    rows = within(
        [f"| {code(usage)} | {with_code(effect)} |" for usage, effect in commands], _ROOM_OF_COMMANDS, between=1
    )
    if not rows:
        return ""
    head = ["<details>", "<summary>Commands</summary>", "", "| Comment | What it does |", "| --- | --- |"]
    return "\n".join([*head, *rows, "", "</details>"])


def _listed(sentences: Sequence[str], mark: str) -> list[str]:
    lines = within([f"{mark}{with_code(sentence)}" for sentence in sentences], _ROOM_OF_A_LIST, between=1)
    return lines if len(lines) == len(sentences) else [*lines, f"{mark}And {len(sentences) - len(lines)} more."]

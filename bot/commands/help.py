"""The commands as a table for people: in an answer, in a pull request and in the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.table import TABLE, Right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.commands.table import CommandRow

_RIGHTS = {Right.TRIAGE: "triage", Right.WRITE: "write"}


def help_table(rows: Sequence[CommandRow] = TABLE) -> str:
    """Write commands as a Markdown table: how it is written, what it does, what it asks of whoever gives it."""
    lines = ["| Command | What it does | Needs |", "|---|---|---|"]
    lines += [f"| `{row.usage}` | {row.does} | {_RIGHTS[row.right]} |" for row in rows]
    return "\n".join(lines)


def commands_shown() -> tuple[tuple[str, str], ...]:
    """Return each command as how it is written and what it does, for the body of a pull request."""
    return tuple((row.usage, row.does) for row in TABLE)

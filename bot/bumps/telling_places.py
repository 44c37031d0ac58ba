"""The table of all that changes: file, line, object, and the value before and after."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.bumps.links import link, site_of
from bot.safe_text import code, encoded, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.manifests import Change

_MOST_OPEN: Final = 15
_ROOM_FOR_FRAME: Final = 400
_HEAD: Final = ("| File | Line | Where | Before | After |", "| --- | ---: | --- | --- | --- |")
# The whole digest that is written stands above the table.
_DIGEST = re.compile(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}|(sha512:[0-9a-f]{12})[0-9a-f]{116}")


def told_places(changes: Sequence[Change], files_url: str, room: int) -> str:
    """Write the table in at most `room` characters, folded where it is long; it says how many rows are left out.

    Lines are links into the files at `files_url`, as they were before.
    """
    rows = within([_row(change, files_url) for change in changes], room - _ROOM_FOR_FRAME, between=1)
    if not rows:
        return ""
    table = "\n".join((*_HEAD, *rows))
    if len(rows) < len(changes):
        table += f"\n\nAnd {len(changes) - len(rows)} more."
    if len(changes) <= _MOST_OPEN:
        return table
    files = len({change.path for change in changes})
    counted = f"{len(changes):,} places in {'one file' if files == 1 else f'{files:,} files'}"
    return f"<details>\n<summary>{counted}</summary>\n\n{table}\n\n</details>"


def _row(change: Change, files_url: str) -> str:
    owner = " ".join(part for part in (change.kind, change.namespace, change.name, change.container) if part)
    line = link(str(change.line), f"{files_url}/{encoded(change.path)}#L{change.line}", site_of(files_url))
    cells = (code(change.path), line, code(owner or change.field), _value(change.old), _value(change.new))
    return f"| {' | '.join(cells)} |"


def _value(text: str) -> str:
    return code(_DIGEST.sub(lambda match: match[1] or match[2], text))

"""Two pull requests of the bot never change one line: who comes second waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from bot.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.manifests import Change

# The lines of each file, from 1 and in order, by the file's path.
Touched: TypeAlias = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Holder:
    """A bump that is open or being opened, and the lines that it changes. `pull_request` None: it has no number yet."""

    group: str
    pull_request: int | None
    lines: Touched


def touched(changes: Iterable[Change]) -> dict[str, tuple[int, ...]]:
    """List the lines that an edit changes, by file."""
    lines: dict[str, set[int]] = {}
    for change in changes:
        lines.setdefault(change.path, set()).add(change.line)
    return {path: tuple(sorted(found)) for path, found in sorted(lines.items())}


def clash(lines: Touched, holders: Sequence[Holder]) -> str | None:
    """Say which of `lines` is being changed by another bump; None: none is. The first line of the first file is named.

    Lines are those of the base, so both sides should be of the same commit of it.
    """
    for path in sorted(lines):
        for line in sorted(lines[path]):
            holder = next((each for each in holders if line in each.lines.get(path, ())), None)
            if holder is not None:
                return f"Line {line} of {plain(path)} is being changed by {_shown(holder)} already."
    return None


def _shown(holder: Holder) -> str:
    if holder.pull_request is None:
        return f"the pull request of {plain(holder.group)}"
    return f"pull request #{holder.pull_request} of {plain(holder.group)}"

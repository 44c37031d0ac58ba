"""A person committed to the bot's branch: put the bot's own values on top, and touch nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bumps.expecting import occurrences_of, targets_for
from bot.manifests import update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.bumps.planning import Open, Update
    from bot.bumps.wishes import Proposal
    from bot.manifests import Change
    from bot.policies import PolicyFile


@dataclass(frozen=True, slots=True)
class Reapplied:
    """The branch's files with the bot's values in them.

    `files` are those that change against the branch's head, and may be none. `changes` are what the pull request does
    to the base, as if it held nothing but the bot's work: their lines are those of the base.
    """

    files: Mapping[str, bytes]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why the bot leaves a branch to the person who committed to it; `sentence` names file and line."""

    sentence: str


def reapply(
    policy_file: PolicyFile,
    item: Open | Update,
    before: Sequence[Proposal],
    base: Mapping[str, bytes],
    head: Mapping[str, bytes],
) -> Reapplied | Stopped:
    """Put the values that `item` wishes into the files of a branch to which a person committed.

    `base` and `head` are the contents of the files at the base and at the branch's head, `before` the proposals that
    the branch holds.
    """
    del before
    planned = update(base, item.targets)
    after = update(head, targets_for(policy_file, occurrences_of(head), item.proposals))
    return Reapplied(dict(after.files), planned.changes)

"""What a command comes to: what is laid upon policies, what is lifted from them, and what is done then."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.commands.reading import Command, Mistake
from bot.commands.table import About, CommandName
from bot.commands.versions import Versions
from bot.images import quoted
from bot.selection import RestrictionKind

if TYPE_CHECKING:
    from collections.abc import Callable


class Life(Enum):
    """How far the pull request has come that a command is about."""

    NONE = "none"
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


class Want(Enum):
    """What is done once everything is laid and lifted."""

    SCAN = "scan"  # the registries are read again
    REFRESH = "refresh"  # the pull requests of the policies are compared with what is wanted now
    RECREATE = "recreate"  # the open branch is made anew
    FORGET_CLOSING = "forget-closing"  # what the closing of the pull request laid is lifted
    MERGE = "merge"  # this head is to be merged
    HELP = "help"
    EXPLAIN = "explain"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a pull request: `current` stood in the files, `wanted` is to stand there, each a tag or more."""

    current: Versions
    wanted: Versions


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the pull request that a command is about.

    `moves`: by policy, what it proposes, or proposed before it ended. `stands`: by policy, the tags in the files now.
    """

    life: Life = Life.NONE
    moves: Mapping[str, tuple[Moved, ...]] = field(default_factory=dict)
    stands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lay:
    """Something laid upon a policy: as `bot.selection.Restriction`, but for who says so and why.

    `versions`: what it means, None: the image as a whole.
    """

    policy: str
    kind: RestrictionKind
    versions: Versions | None = None
    beyond: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """What is lifted from policies: all of these kinds, or only what is about `versions`."""

    policies: tuple[str, ...]
    kinds: frozenset[RestrictionKind]
    versions: Versions | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """All that one command comes to. `head`: what a person wrote of the head that is to be merged, "" for nothing."""

    command: Command
    lays: tuple[Lay, ...] = ()
    lifts: tuple[Lift, ...] = ()
    wants: frozenset[Want] = frozenset()
    head: str = ""


_LIFTED: Final = {
    CommandName.RESUME: frozenset({RestrictionKind.HOLD, RestrictionKind.SNOOZE}),
    CommandName.UNIGNORE: frozenset({RestrictionKind.IGNORE}),
    CommandName.UNPIN: frozenset({RestrictionKind.PIN}),
}
_WANTED: Final = {
    CommandName.HELP: Want.HELP,
    CommandName.EXPLAIN: Want.EXPLAIN,
    CommandName.PLAN: Want.PLAN,
    CommandName.SCAN: Want.SCAN,
    CommandName.REFRESH: Want.REFRESH,
}
_REFRESH: Final = frozenset({Want.REFRESH})


def effects(command: Command, situation: Situation) -> Effects | Mistake:
    """Tell what a command comes to, given how its pull request stands."""
    name = command.row.name
    if name in _WANTED:
        return Effects(command, wants=frozenset({_WANTED[name]}))
    if name in _LIFTED:
        versions = command.argument if isinstance(command.argument, Versions) else None
        return Effects(command, lifts=(Lift(command.policies, _LIFTED[name], versions),), wants=_REFRESH)
    if command.row.about is About.PULL_REQUEST:
        return _about_pull_request(command, situation)
    lays = _LAYING[name](command, situation)
    return lays if isinstance(lays, Mistake) else Effects(command, lays, wants=_REFRESH)


def _about_pull_request(command: Command, situation: Situation) -> Effects | Mistake:
    if situation.life is Life.OPEN:
        merges = command.row.name is CommandName.MERGE
        head = command.argument if isinstance(command.argument, str) else ""
        return Effects(command, wants=frozenset({Want.MERGE if merges else Want.RECREATE}), head=head)
    if command.row.name is CommandName.RECREATE and situation.life is Life.CLOSED:
        return Effects(command, wants=frozenset({Want.FORGET_CLOSING, Want.REFRESH}))
    said = {
        Life.NONE: "There is no pull request of the bot for this.",
        Life.MERGED: "The pull request is merged already.",
        Life.CLOSED: "The pull request is closed; /niro recreate opens it again.",
    }
    return _mistake(command, said[situation.life])


Laid = tuple[Lay, ...] | Mistake


def _hold(command: Command, _: Situation) -> Laid:
    return tuple(Lay(policy, RestrictionKind.HOLD) for policy in command.policies)


def _snooze(command: Command, _: Situation) -> Laid:
    assert isinstance(command.argument, datetime)
    return tuple(Lay(policy, RestrictionKind.SNOOZE, until=command.argument) for policy in command.policies)


def _pin(command: Command, _: Situation) -> Laid:
    assert isinstance(command.argument, Versions)
    return tuple(Lay(policy, RestrictionKind.PIN, command.argument) for policy in command.policies)


def _ignore(command: Command, situation: Situation) -> Laid:
    """Ignore what is named, else what the pull request proposes."""
    (policy,) = command.policies
    if isinstance(command.argument, Versions):
        return (Lay(policy, RestrictionKind.IGNORE, command.argument),)
    moves = situation.moves.get(policy, ())
    if situation.life in {Life.NONE, Life.MERGED} or not moves:
        return _mistake(command, f"No pull request proposes anything here now: say what to ignore: {command.row.usage}")
    proposed = dict.fromkeys(_proposed(move) for move in moves)
    return tuple(Lay(policy, RestrictionKind.IGNORE, versions) for versions in proposed)


def _proposed(move: Moved) -> Versions:
    """Tell what a move proposes: a tag; where the tag stays, that image of it."""
    return move.wanted if move.wanted.tag == move.current.tag else Versions(tag=move.wanted.tag)


def _rollback(command: Command, situation: Situation) -> Laid:
    """Pin what stood before, or what is named, until something better than the bad one is there."""
    (policy,) = command.policies
    moves = situation.moves.get(policy, ())
    target = command.argument if isinstance(command.argument, Versions) else _stood_before(moves)
    if target is None:
        return _mistake(command, f"What stood before is not known for sure: say it: {command.row.usage}")
    bad = _turned_down(situation, policy, target)
    if len(bad) > 1:
        listed = ", ".join(map(quoted, sorted(bad)))
        return _mistake(command, f"Several versions stand here ({listed}): /niro pin says which one is to stay.")
    return (Lay(policy, RestrictionKind.PIN, target, beyond=next(iter(bad), None)),)


def _turned_down(situation: Situation, policy: str, target: Versions) -> set[str]:
    """Tell which tags are bad: what is proposed, or what stands once that is merged; several where nobody can say."""
    moved = {move.wanted.tag for move in situation.moves.get(policy, ()) if move.wanted.tag}
    stands = set(situation.stands.get(policy, ()))
    first, second = (moved, stands) if situation.life in {Life.OPEN, Life.CLOSED} else (stands, moved)
    candidates = [found for tags in (first, second) if (found := tags - {target.tag})]
    return next((found for found in candidates if len(found) == 1), candidates[0] if candidates else set())


def _stood_before(moves: tuple[Moved, ...]) -> Versions | None:
    """Return what all moves came from: the tag; where it stays, that image of it. None: they came from several."""
    before = {move.current if move.wanted.tag == move.current.tag else Versions(tag=move.current.tag) for move in moves}
    only = before.pop() if len(before) == 1 else Versions()
    return only if only.tag or only.digest else None


def _mistake(command: Command, sentence: str) -> Mistake:
    return Mistake(f"/niro {command.row.name.value}", sentence)


_LAYING: Final[Mapping[CommandName, Callable[[Command, Situation], Laid]]] = {
    CommandName.HOLD: _hold,
    CommandName.SNOOZE: _snooze,
    CommandName.PIN: _pin,
    CommandName.IGNORE: _ignore,
    CommandName.ROLLBACK: _rollback,
}

"""From a line to a command: which one it is, which policies it is about, and what its argument means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.commands.moments import InvalidMoment, looks_like_moment, read_moment
from bot.commands.table import BY_NAME, About, CommandName, CommandRow, Takes
from bot.commands.versions import InvalidVersions, Versions, looks_like_versions, read_tag, read_versions
from bot.images import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_NAMED: Final = 10
"""Policies that one sentence lists."""

_LONGEST_SUGGESTED_FOR: Final = 64
_SPACE: Final = re.compile(r"[ \t]+")
_HEAD: Final = re.compile(r"[0-9a-f]{7,40}")

Argument = Versions | datetime | str
"""What an argument is: versions, a moment (aware UTC), or at least 7 hexadecimal digits that a commit begins with."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is given.

    `groups`: the group of each policy in force, by the policy's name. `group`: that of the bot's pull request, None:
    this is none. `here`: the policies that the pull request is about.
    """

    groups: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was understood.

    `policies`: what it is about, in order; none for `help`. `argument`: of the kind that its row takes, None: none was
    given. `group`: that whose pull request it is about, None: it is about no pull request.
    """

    row: CommandRow
    policies: tuple[str, ...] = ()
    argument: Argument | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that cannot be obeyed: a sentence that says why, and what would be understood. It holds hostile text."""

    line: str
    sentence: str


class _Misread(Exception):
    """A line cannot be obeyed; the text is the sentence."""


def read(line: str, place: Place, now: datetime) -> Command | Mistake:
    """Read one line that `commands_in` found, or the same without "/niro" in front.

    `/niro <command> [<policy>] [argument]`: the first word after the command is a policy if one is called so. Where it
    could be an argument just as well, nobody guesses: the line is a mistake that says how to write it.
    """
    words = [word.strip("`") for word in _SPACE.split(line.strip(" \t")) if word]
    if words and words[0] == "/niro":
        del words[0]
    try:
        return _read(words, place, now)
    except _Misread as misread:
        return Mistake(line, str(misread))


def _read(words: Sequence[str], place: Place, now: datetime) -> Command:
    if not words:
        return Command(BY_NAME[CommandName.HELP])
    row = _row(words[0])
    if row.about is About.NOTHING:
        _refuse_more(row, words[1:])
        return Command(row)
    policies, rest = _policies(row, words[1:], place)
    argument = _argument(row, rest, place, now)
    return Command(row, policies, argument, _group(row, policies, place))


def _row(word: str) -> CommandRow:
    try:
        return BY_NAME[CommandName(word)]
    except ValueError:
        names = [name.value for name in CommandName]
        raise _Misread(
            f"There is no command {quoted(word)}{_suggestion(word, names)}; /niro help lists them."
        ) from None


def _policies(row: CommandRow, words: Sequence[str], place: Place) -> tuple[tuple[str, ...], Sequence[str]]:
    """Tell which policies the words begin with, or mean by naming none, and what is left of them."""
    named = _named(row, words[0], place) if words else ()
    if not named:
        _refuse_unknown(row, words, place)
        return _meant(row, words, place), words
    if len(words) == 1 and row.takes is not Takes.NOTHING and place.here and _may_be_argument(row, words[0]):
        if row.required:
            return _meant(row, words, place), words
        raise _Misread(
            f"{quoted(words[0])} is a policy, and could be {row.takes.value} too: write both, or nothing: {row.usage}"
        )
    return named, words[1:]


def _named(row: CommandRow, word: str, place: Place) -> tuple[str, ...]:
    """Return the policies that a word names: one, or those of a group where a command may be about several."""
    if word in place.groups:
        return (word,)
    if row.about is About.POLICY:
        return ()
    return tuple(policy for policy, group in place.groups.items() if group == word)


def _meant(row: CommandRow, words: Sequence[str], place: Place) -> tuple[str, ...]:
    """Return the policies that a command means when it names none."""
    if row.about is About.REPOSITORY:
        return place.here or tuple(place.groups)
    if row.about is About.PULL_REQUEST and place.group is not None:
        return place.here
    if len(place.here) == 1:
        return place.here
    if words and not _may_be_argument(row, words[0]):
        raise _Misread(_unknown(words[0], place))
    raise _Misread(f"Say which policy is meant: {row.usage}. {_listed(place.here or tuple(place.groups))}")


def _group(row: CommandRow, policies: Sequence[str], place: Place) -> str | None:
    if row.about is About.PULL_REQUEST and place.group is not None:
        others = [policy for policy in policies if policy not in place.here and place.groups[policy] != place.group]
        if others:
            raise _Misread(f"This pull request is not about {quoted(others[0])}: say it on the one that is.")
        return place.group
    return place.groups.get(policies[0]) if row.writes and policies else None


def _argument(row: CommandRow, words: Sequence[str], place: Place, now: datetime) -> Argument | None:
    if not words:
        if row.required:
            raise _Misread(f"Say {row.takes.value} too: {row.usage}")
        return None
    if row.takes is not Takes.VERSIONS:
        _refuse_more(row, words[row.takes is not Takes.NOTHING :], place)
    text = " ".join(words)
    try:
        return _value(row.takes, text, now)
    except (InvalidVersions, InvalidMoment) as error:
        close = _suggestion(words[0], place.groups)
        raise _Misread(f"{quoted(text)} {error}{close}.") from None


def _value(takes: Takes, text: str, now: datetime) -> Argument:
    if takes is Takes.TAG:
        return read_tag(text)
    if takes is Takes.VERSIONS:
        return read_versions(text)
    if takes is Takes.MOMENT:
        return read_moment(text, now)
    if not _HEAD.fullmatch(text.lower()) or not text.isascii():
        raise InvalidVersions("is no commit: write at least the first 7 of its hexadecimal digits")
    return text.lower()


def _may_be_argument(row: CommandRow, word: str) -> bool:
    """Whether a word that a policy is called may just as well be this command's argument."""
    if row.takes is Takes.MOMENT:
        return looks_like_moment(word)
    if row.takes is Takes.HEAD:
        return _HEAD.fullmatch(word) is not None
    return looks_like_versions(word)


def _refuse_more(row: CommandRow, words: Sequence[str], place: Place | None = None) -> None:
    if words:
        known = place.groups if place is not None else ()
        raise _Misread(f"{quoted(' '.join(words))} is too much: {row.usage}{_suggestion(words[0], known)}")


def _refuse_unknown(row: CommandRow, words: Sequence[str], place: Place) -> None:
    """Refuse words of which the first can only be meant for a policy, and is none."""
    if row.takes is not Takes.VERSIONS and len(words) > (row.takes is not Takes.NOTHING):
        raise _Misread(_unknown(words[0], place))


def _unknown(word: str, place: Place) -> str:
    close = _suggestion(word, place.groups)
    return f"There is no policy {quoted(word)}{close}. {_listed(place.here or tuple(place.groups))}"


def _listed(names: Sequence[str]) -> str:
    if not names:
        return "No policy is in force here."
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"There are: {', '.join(names[:MOST_NAMED])}{more}."


def _suggestion(word: str, known: Iterable[str]) -> str:
    """Say "; did you mean ...?" where something known is spelt much like a word."""
    if len(word) > _LONGEST_SUGGESTED_FOR:
        return ""
    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.75)
    return f"; did you mean {close[0]}?" if close else ""

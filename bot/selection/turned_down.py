"""Tags that were turned down: nothing is chosen until something better than them is there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import Tag
from bot.selection.decision import Explained, Reason
from bot.selection.obstacles import restricted, too_far
from bot.selection.rule import RestrictionKind
from bot.selection.times import earliest
from bot.selection.wording import because, shown_digest, shown_tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.selection.contest import Contest
    from bot.selection.question import Question
    from bot.selection.rule import Restriction

_KINDS: Final = frozenset({RestrictionKind.HOLD, RestrictionKind.IGNORE})


class Floor(NamedTuple):
    """The best of the tags that were turned down, and what turned it down; only what is better than it is chosen.

    `tag` None: there is none. `until` is when that may change by itself, None: it does not.
    """

    tag: Tag | None = None
    restriction: Restriction | None = None
    until: datetime | None = None


NO_FLOOR: Final = Floor()


def turns_down(restriction: Restriction) -> bool:
    """Whether a restriction means no tag as such, but all that is not better than one that was turned down."""
    return restriction.beyond is not None and restriction.kind in _KINDS


def set_apart(question: Question) -> Question:
    """Set those restrictions apart that turn a tag down; the others count as they do anywhere."""
    if not any(map(turns_down, question.restrictions)):
        return question
    others = tuple(each for each in question.restrictions if not turns_down(each))
    turned = tuple(each for each in question.restrictions if turns_down(each))
    return replace(question, restrictions=others, turned=(*question.turned, *turned))


def floor(question: Question, contest: Contest) -> Floor:
    """Find the best tag that was turned down and would be a candidate, whether or not the registry still lists it.

    It would be old enough and run where the image in use runs; but what the rule does not take, or somebody ignores,
    would be no candidate, and so stands in nobody's way. Nor does one that stands in the file or is not better than
    what does.
    """
    best = NO_FLOOR
    for restriction in question.turned:
        tag = turned_tag(question, restriction)
        if not _is_candidate(question, contest, tag):
            continue
        ignored = restricted(replace(question, restrictions=tuple(_ignoring(question))), tag)
        if ignored is not None:
            best = best._replace(until=earliest(best.until, ignored.until))
        elif best.tag is None or contest.is_better(tag, best.tag):
            best = Floor(tag, restriction, earliest(best.until, restriction.until))
    return best


def nothing_beyond(restriction: Restriction, *, at_digest: bool = False) -> Explained:
    """Say that nothing better than a tag that was turned down is there. `at_digest`: only that image of it was."""
    shown = shown_tag(restriction.beyond or "")
    if at_digest and restriction.digest is not None:
        shown = f"{shown}@{shown_digest(restriction.digest)}"
    said = f"{shown} was turned down, and nothing better is there yet{because(restriction.reason)}"
    return Explained(Reason.TURNED_DOWN, said)


def turned_tag(question: Question, restriction: Restriction) -> Tag:
    """Give the tag that was turned down, with what is known of it; the registry may list it no more."""
    name = restriction.beyond or ""
    return question.tags.get(name) or Tag(name)


def _ignoring(question: Question) -> Iterable[Restriction]:
    return (each for each in question.restrictions if each.kind is RestrictionKind.IGNORE)


def _is_candidate(question: Question, contest: Contest, tag: Tag) -> bool:
    current, is_fit = question.current, contest.unfit is None
    if (current is not None and current.name == tag.name) or not contest.takes(tag):
        return False
    is_newer = contest.is_newer(tag)
    if current is not None and is_fit and not is_newer:
        return False
    return too_far(question, tag, contest.kind(tag) if is_newer else None, is_fit=is_fit) is None

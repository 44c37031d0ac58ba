"""What keeps a tag from being chosen although the rule accepts its name: a restriction, its age, the distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.selection.decision import Explained, Reason
from bot.selection.reading import Reading, update_kind
from bot.selection.rule import RestrictionKind, Strategy, UpdateKind
from bot.selection.version import InvalidVersion, Version
from bot.selection.wording import because, in_words, moment, shown_tag

if TYPE_CHECKING:
    from datetime import datetime

    from bot.images import Tag
    from bot.selection.acceptance import Place
    from bot.selection.question import Question
    from bot.selection.rule import Restriction, SelectionRule

_REFUSING: Final = {
    RestrictionKind.HOLD: (Reason.HELD, "is held"),
    RestrictionKind.SNOOZE: (Reason.SNOOZED, "is snoozed"),
    RestrictionKind.IGNORE: (Reason.IGNORED, "is ignored"),
    RestrictionKind.QUARANTINE: (Reason.QUARANTINED, "is in quarantine"),
}


class Obstacle(NamedTuple):
    """Why a tag is not chosen, and when that ends by itself; None: it does not."""

    why: Explained
    until: datetime | None = None


def is_about_a_tag(restriction: Restriction) -> bool:
    """Whether a restriction means some tags only, and not the image as a whole."""
    return not (restriction.tag is None and restriction.digest is None and restriction.range is None)


def restricted(question: Question, tag: Tag, *, only: frozenset[RestrictionKind] | None = None) -> Obstacle | None:
    """Tell which restriction keeps a tag from being chosen. `only`: of these kinds."""
    for restriction in question.restrictions:
        refusing = _REFUSING.get(restriction.kind)
        if refusing is None or (only is not None and restriction.kind not in only):
            continue
        if is_about_a_tag(restriction) and _means(restriction, tag):
            reason, said = refusing
            until = "" if restriction.until is None else f" until {moment(restriction.until)}"
            sentence = f"{shown_tag(tag.name)} {said}{until}{because(restriction.reason)}"
            return Obstacle(Explained(reason, sentence), restriction.until)
    return None


def too_young(question: Question, tag: Tag) -> Obstacle | None:
    """Tell whether a tag is younger than the rule's `min_age`.

    Age counts from the push time where the registry keeps one, else from when the tag was first seen. Where neither
    is known the tag is not old enough.
    """
    least = question.rule.min_age
    if not least:
        return None
    shown = shown_tag(tag.name)
    born = tag.pushed_at or tag.first_seen
    if born is None:
        sentence = f"{shown} may be younger than {in_words(least)}: when it was pushed is not known"
        return Obstacle(Explained(Reason.AGE_UNKNOWN, sentence))
    old_enough = born + least
    if old_enough <= question.now:
        return None
    known_by = "pushed" if tag.pushed_at else "first seen"
    sentence = (
        f"{shown} was {known_by} on {moment(born)} and is to be {in_words(least)} old, which it is on "
        f"{moment(old_enough)}"
    )
    return Obstacle(Explained(Reason.TOO_YOUNG, sentence), old_enough)


def kind_of_change(rule: SelectionRule, before: Place | None, after: Place | None) -> UpdateKind | None:
    """Tell how far it is from one tag to another of another name; None where no version stands in the file."""
    if rule.strategy is not Strategy.SEMVER:
        return UpdateKind.BUILD
    return update_kind(before, after) if isinstance(before, Reading) and isinstance(after, Reading) else None


def too_far(question: Question, tag: Tag, kind: UpdateKind | None) -> Obstacle | None:
    """Tell whether the rule does not want a change of this kind."""
    if kind is None or kind in question.rule.updates:
        return None
    wanted = ", ".join(each.value for each in UpdateKind if each in question.rule.updates)
    sentence = f"{shown_tag(tag.name)} would be a {kind.value} update; the policy takes {wanted or 'none'}"
    return Obstacle(Explained(Reason.UPDATE_NOT_WANTED, sentence))


def _means(restriction: Restriction, tag: Tag) -> bool:
    if restriction.tag is not None and restriction.tag != tag.name:
        return False
    if restriction.digest is not None and restriction.digest != tag.digest:
        return False
    return restriction.range is None or _is_within(restriction, tag.name)


def _is_within(restriction: Restriction, name: str) -> bool:
    """Whether a tag's version is in the range of a restriction, pre-releases too: who ignores 2.x means them all."""
    assert restriction.range is not None
    try:
        return restriction.range.allows_but_for_prerelease(Version.parse(name))
    except InvalidVersion:
        return False

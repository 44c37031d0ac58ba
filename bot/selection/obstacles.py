"""What keeps a tag from being chosen although the rule accepts its name: a restriction, its age, the distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.selection.acceptance import standing
from bot.selection.decision import Explained, Reason
from bot.selection.reading import Reading, update_kind, version_of
from bot.selection.rule import RestrictionKind, Strategy, UpdateKind
from bot.selection.version import InvalidVersion, Version
from bot.selection.wording import because, in_words, moment, shown_tag

if TYPE_CHECKING:
    from datetime import datetime

    from bot.images import Tag
    from bot.selection.acceptance import Place
    from bot.selection.constraint import Constraint
    from bot.selection.question import Question
    from bot.selection.rule import Restriction, SelectionRule

_REFUSING: Final = {
    RestrictionKind.HOLD: (Reason.HELD, "is held"),
    RestrictionKind.SNOOZE: (Reason.SNOOZED, "is snoozed"),
    RestrictionKind.IGNORE: (Reason.IGNORED, "is ignored"),
    RestrictionKind.QUARANTINE: (Reason.QUARANTINED, "is in quarantine"),
}


_BY_DISTANCE: Final = (UpdateKind.DIGEST, UpdateKind.BUILD, UpdateKind.PATCH, UpdateKind.MINOR, UpdateKind.MAJOR)


class Obstacle(NamedTuple):
    """Why a tag is not chosen, and when that ends by itself; None: it does not."""

    why: Explained
    until: datetime | None = None


def is_about_a_tag(restriction: Restriction) -> bool:
    """Whether a restriction means some tags only, and not the image as a whole."""
    return not (restriction.tag is None and restriction.digest is None and restriction.range is None)


def restricted(question: Question, tag: Tag) -> Obstacle | None:
    """Tell which restriction keeps a tag from being chosen."""
    for restriction in question.restrictions:
        refusing = _REFUSING.get(restriction.kind)
        if refusing is not None and is_about_a_tag(restriction) and _means(restriction, question.rule, tag):
            reason, said = refusing
            until = "" if restriction.until is None else f" until {moment(restriction.until)}"
            sentence = f"{shown_tag(tag.name)} {said}{until}{because(restriction.reason)}"
            return Obstacle(Explained(reason, sentence), restriction.until)
    return None


def needs_digest(question: Question, tag: Tag) -> bool:
    """Whether the digest of a tag must be known to tell that no restriction means it. One that is gone has none."""
    return (
        tag.digest is None
        and tag.platforms != frozenset()
        and any(
            each.kind in _REFUSING and each.digest is not None and _means(each, question.rule, tag, each.digest)
            for each in question.restrictions
        )
    )


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
    if question.now - born >= least:
        return None
    known_by = "pushed" if tag.pushed_at else "first seen"
    sentence = f"{shown} was {known_by} on {moment(born)} and is to be {in_words(least)} old"
    try:
        old_enough = born + least
    except OverflowError:  # a registry may tell any time, also the last there is
        return Obstacle(Explained(Reason.TOO_YOUNG, sentence))
    return Obstacle(Explained(Reason.TOO_YOUNG, f"{sentence}, which it is on {moment(old_enough)}"), old_enough)


def old_enough(question: Question) -> frozenset[str] | None:
    """Name the tags that are as old as the rule's `min_age` wants them; None: it wants nothing."""
    if not question.rule.min_age:
        return None
    last = question.now - question.rule.min_age
    listed = zip(question.tags.names, question.tags.births, strict=True)
    return frozenset([name for name, born in listed if born and born <= last])


def next_old_enough(question: Question) -> datetime | None:
    """Tell when the next tag of all will be as old as the rule's `min_age` wants it; None: there is none."""
    least = question.rule.min_age
    if not least:
        return None
    last = question.now - least
    young = [born for born in question.tags.births if born and born > last]
    try:
        return min(young) + least if young else None
    except OverflowError:  # a registry may tell any time, also the last there is
        return None


def kind_of_change(rule: SelectionRule, before: Place | None, after: Place | None) -> UpdateKind | None:
    """Tell how far it is from one tag to another of another name; None where no version stands in the file."""
    if rule.strategy is not Strategy.SEMVER:
        return UpdateKind.BUILD
    return update_kind(before, after) if isinstance(before, Reading) and isinstance(after, Reading) else None


def too_far(question: Question, tag: Tag, kind: UpdateKind | None, *, is_fit: bool = True) -> Obstacle | None:
    """Tell whether the rule does not want a change of this kind.

    A tag in the file that the rule does not accept (`is_fit` False) is to be left in any case: then the farthest kind
    that is wanted stands for the nearer ones too. Else a way around, down and up again, could be shorter.
    """
    wanted_kinds = question.rule.updates
    if not is_fit:
        wanted_kinds = _up_to_the_farthest(wanted_kinds)
    if kind is None or kind in wanted_kinds:
        return None
    wanted = ", ".join(each.value for each in UpdateKind if each in question.rule.updates)
    sentence = f"{shown_tag(tag.name)} would be a {kind.value} update; the policy takes {wanted or 'none'}"
    return Obstacle(Explained(Reason.UPDATE_NOT_WANTED, sentence))


def _up_to_the_farthest(kinds: frozenset[UpdateKind]) -> frozenset[UpdateKind]:
    farthest = max(map(_BY_DISTANCE.index, kinds), default=-1)
    return frozenset(_BY_DISTANCE[: farthest + 1])


def _means(restriction: Restriction, rule: SelectionRule, tag: Tag, digest: str | None = None) -> bool:
    """Whether a restriction is about a tag. `digest`: as if that were the tag's."""
    if restriction.tag is not None and restriction.tag != tag.name:
        return False
    if restriction.digest is not None and restriction.digest != (digest or tag.digest):
        return False
    return restriction.range is None or _is_within(restriction.range, rule, tag.name)


def _is_within(constraint: Constraint, rule: SelectionRule, name: str) -> bool:
    """Whether a tag's version is in the range of a restriction.

    Who ignores 2.x means the pre-releases of 2.0.0 too, unless the range names one.
    """
    version = _version(rule, name)
    if version is None:
        return False
    if constraint.allows_but_for_prerelease(version):
        return True
    release = Version(version.original, version.release, "", "", version.parts)
    return not constraint.groups_for_prereleases and constraint.allows(release)


def _version(rule: SelectionRule, name: str) -> Version | None:
    """Read the version that a range sees, as the rule reads the tag; where it reads none, as it is written."""
    place = standing(rule, name)
    if isinstance(place, Reading):
        return version_of(place)
    try:
        return Version.parse(name)
    except InvalidVersion:
        return None

"""Which places of an image follow a policy, and why the others do not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.bumps import decide
from bot.images import ImageReference, InvalidImageReference
from bot.manifests import Obstacle, Skipped, SkipReason, Target, follows_marker_alone, names, read_manifest, update
from bot.manifests.targets import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile

_ANY_OTHER_TAG: Final = "another-tag"
_NAME_ALONE: Final = Obstacle(SkipReason.NO_TAG, "no tag is written or marked here, so there is none to move")
_LIKE_A_NAME: Final = re.compile(r"[\w.\-/:\[\]]*", re.ASCII)


class AloneReason(StrEnum):
    """Why something is left alone that no edit has even looked at."""

    NO_REFERENCE = "no-reference"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A value that begins with the name of an image, and is no image reference."""

    path: str
    line: int
    message: str
    reason: AloneReason = AloneReason.NO_REFERENCE


class Place(NamedTuple):
    """Where an image stands, the name of the policy that it follows, and the current tag of the decision about it.

    Both are None where it follows none.
    """

    occurrence: Occurrence
    policy: str | None
    current: str | None


def places(
    policy_file: PolicyFile, image: ImageReference, occurrences: Iterable[Occurrence], now: datetime
) -> list[Place]:
    """List where an image stands, and what each place follows, also where a policy or the whole file is paused.

    The core is asked about each place alone, so that this is its answer and no second opinion.
    """
    about = tuple(replace(policy, enabled=True) for policy in policy_file.images if policy.image.name == image.name)
    awake = replace(policy_file, enabled=True, images=about)
    found: list[Place] = []
    for occurrence in occurrences:
        if _shows(image, occurrence) or _is_marked_for(about, occurrence):
            keys = decide(awake, [occurrence], {image.name: ()}, (), now)
            found.append(Place(occurrence, *next(iter(keys), (None, None))))
    return found


def _shows(image: ImageReference, occurrence: Occurrence) -> bool:
    return occurrence.reference is not None and occurrence.reference.name == image.name


def _is_marked_for(policies: Iterable[ImagePolicy], occurrence: Occurrence) -> bool:
    """Whether a marker alone says that an occurrence follows one of the policies, whatever image is named there."""
    marker = occurrence.marker
    if marker is None or not follows_marker_alone(occurrence):
        return False
    return any(names(marker, policy.name) for policy in policies)


def left_alone(
    policy: ImagePolicy, files: Mapping[str, bytes], occurrences: Sequence[Occurrence], found: Sequence[Place]
) -> list[Skipped | NotUnderstood]:
    """List what does not follow a policy although it shows its image or its marker, and what could not be read.

    Where a whole file is left alone, the reason is told once, and of its places only those that follow other policies.
    """
    wish = Target(
        policy.name,
        policy.image.with_tag(_ANY_OTHER_TAG),
        paths=policy.paths,
        mode=policy.mode,
        workflows=policy.workflows,
    )
    skipped = update(files, [wish]).skipped
    whole = {each.path for each in skipped if each.line is None}
    told: dict[_At, Skipped | NotUnderstood] = {}
    for each in _about_no_place(policy, skipped, _Seen(files, occurrences, found)):
        told[each.path, each.line or 0, each.reason] = each
    for place in found:
        if place.policy not in {policy.name, None} or (place.policy is None and place.occurrence.path not in whole):
            told[_at(place.occurrence)] = _unfollowed(place, wish)
    for occurrence, unclear in _not_understood(policy.image, occurrences):
        told.setdefault(_at(occurrence), unclear)
    return list(dict.fromkeys(told[at] for at in sorted(told)))


_At = tuple[str, int, str]


def _at(occurrence: Occurrence) -> _At:
    """Name a place: several may stand on one line."""
    return occurrence.path, occurrence.line, occurrence.field


class _Seen(NamedTuple):
    """The files of a folder, all images in them, and the places that are asked about."""

    files: Mapping[str, bytes]
    occurrences: Sequence[Occurrence]
    found: Sequence[Place]


def _about_no_place(policy: ImagePolicy, skipped: Iterable[Skipped], seen: _Seen) -> Iterator[Skipped]:
    """Give what was skipped but for the places that are asked about: each of those has an answer of its own."""
    lines = {(place.occurrence.path, place.occurrence.line) for place in seen.found}
    marked = (each for each in seen.occurrences if each.marker is not None and names(each.marker, policy.name))
    misplaced = {(each.path, each.line) for each in marked}
    notes: dict[str, tuple[Skipped, ...]] = {}
    for each in skipped:
        if each.line is None or (each.path, each.line) not in lines:
            yield each
            continue
        if each.path not in notes:
            notes[each.path] = read_manifest(each.path, seen.files[each.path]).skipped
        is_misplaced = each.reason is SkipReason.DIFFERENT_IMAGE and (each.path, each.line) in misplaced
        if is_misplaced or each in notes[each.path]:
            yield each


def _not_understood(
    image: ImageReference, occurrences: Iterable[Occurrence]
) -> Iterator[tuple[Occurrence, NotUnderstood]]:
    for occurrence in occurrences:
        if occurrence.reference is None and _begins_with(occurrence.text, image):
            try:
                ImageReference.parse(occurrence.text)
            except InvalidImageReference as error:
                yield occurrence, NotUnderstood(occurrence.path, occurrence.line, str(error))


def _begins_with(text: str, image: ImageReference) -> bool:
    """Whether what stands before a tag, a digest or a placeholder is the name of the image."""
    begun = _LIKE_A_NAME.match(text)
    folder, slash, last = (begun[0] if begun else "").rpartition("/")
    try:
        return ImageReference.parse(folder + slash + last.partition(":")[0]).name == image.name
    except InvalidImageReference:
        return False


def _unfollowed(place: Place, wish: Target) -> Skipped:
    """Say why a place does not follow the policy of `wish`."""
    occurrence = place.occurrence
    if place.policy is not None:
        why = Obstacle(SkipReason.OTHER_POLICY, f"it follows the policy {place.policy}")
    else:
        why = refusal(wish, occurrence) or occurrence.obstacle or _NAME_ALONE
    return Skipped(occurrence.path, occurrence.line, why.reason, why.message)

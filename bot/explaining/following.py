"""Which places of an image follow a policy, and why the others do not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.bumps import decide
from bot.images import ImageReference, InvalidImageReference
from bot.manifests import Skipped, SkipReason, Target, follows_marker_alone, names, standing_of, update

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile

_ANY_OTHER_TAG: Final = "another-tag"
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

    @property
    def at(self) -> tuple[str, int]:
        """File and line."""
        return self.occurrence.path, self.occurrence.line


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
    policy: ImagePolicy, files: Mapping[str, bytes], occurrences: Iterable[Occurrence], found: Sequence[Place]
) -> list[Skipped | NotUnderstood]:
    """List what does not follow a policy although it shows its image or its marker, and what could not be read."""
    followers = {place.at for place in found if place.policy == policy.name}
    others = {place.at: place.policy for place in found if place.policy not in {None, policy.name}}
    strangers = {place.at: place for place in found if place.policy is None}
    wish = Target(
        policy.name,
        policy.image.with_tag(_ANY_OTHER_TAG),
        paths=policy.paths,
        mode=policy.mode,
        workflows=policy.workflows,
    )
    skipped = update(files, [wish]).skipped
    told: dict[tuple[str, int], Skipped | NotUnderstood] = {(each.path, each.line or 0): each for each in skipped}
    for (path, line), name in others.items():
        told[path, line] = Skipped(path, line, SkipReason.OTHER_POLICY, f"it follows the policy {name}")
    for at in strangers.keys() - told.keys():
        told[at] = _unfollowed(strangers[at].occurrence)
    for each in _not_understood(policy.image, occurrences):
        told.setdefault((each.path, each.line), each)
    return [told[at] for at in sorted(told) if at not in followers]


def _not_understood(image: ImageReference, occurrences: Iterable[Occurrence]) -> Iterator[NotUnderstood]:
    for occurrence in occurrences:
        if occurrence.reference is None and _begins_with(occurrence.text, image):
            try:
                ImageReference.parse(occurrence.text)
            except InvalidImageReference as error:
                yield NotUnderstood(occurrence.path, occurrence.line, str(error))


def _begins_with(text: str, image: ImageReference) -> bool:
    """Whether what stands before a tag, a digest or a placeholder is the name of the image."""
    begun = _LIKE_A_NAME.match(text)
    folder, slash, last = (begun[0] if begun else "").rpartition("/")
    try:
        return ImageReference.parse(folder + slash + last.partition(":")[0]).name == image.name
    except InvalidImageReference:
        return False


def _unfollowed(occurrence: Occurrence) -> Skipped:
    if occurrence.obstacle is not None:
        return Skipped(occurrence.path, occurrence.line, occurrence.obstacle.reason, occurrence.obstacle.message)
    is_pinned = "@" in (standing_of(occurrence) or "")
    reason = SkipReason.PINNED_TO_DIGEST if is_pinned else SkipReason.OUT_OF_PATHS
    return Skipped(occurrence.path, occurrence.line, reason, "it follows no policy")

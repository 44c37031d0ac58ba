"""Which policy each occurrence follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.manifests import Mode, Target, belongs, editable, exactly, selects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile


def following(policy_file: PolicyFile, occurrences: Iterable[Occurrence]) -> dict[str, list[Occurrence]]:
    """Give the occurrences that follow each policy, by the policy's name; every policy has an entry.

    A marker decides; without one the first policy of the file with this image and path does, also while it is
    paused. What cannot be edited, or is pinned to a digest, follows none.
    """
    followers: dict[str, list[Occurrence]] = {policy.name: [] for policy in policy_file.images}
    for occurrence in occurrences:
        policy = _followed(policy_file.images, occurrence)
        if policy is not None:
            followers[policy.name].append(occurrence)
    return followers


def current_tags(occurrences: Iterable[Occurrence]) -> list[str]:
    """List the different tags at which occurrences stand, in the order of their names; "" is no tag at all."""
    return sorted({occurrence.reference.tag or "" for occurrence in occurrences if occurrence.reference})


def targets_of(
    policy: ImagePolicy, followers: Mapping[str, Sequence[Occurrence]], *, current: str, selected: str
) -> tuple[Target, ...]:
    """Write what `manifests.update` needs to move all that follows a policy, and nothing that follows another one.

    In a file where another policy moves the same image, only the lines that are marked for this policy are meant.
    """
    wish = Target(policy.name, policy.image.with_tag(selected), current=current, paths=policy.paths)
    shared = sorted(path for path in _paths_of_others(policy, followers) if selects(policy.paths, path))
    if not shared:
        return (wish,)
    apart = replace(wish, paths=policy.paths + tuple(f"!{exactly(path)}" for path in shared))
    return apart, replace(wish, paths=tuple(exactly(path) for path in shared), mode=Mode.MARKERS)


def _paths_of_others(policy: ImagePolicy, followers: Mapping[str, Sequence[Occurrence]]) -> set[str]:
    return {
        occurrence.path
        for name, followed in followers.items()
        if name != policy.name
        for occurrence in followed
        if occurrence.marker is None and occurrence.reference and occurrence.reference.name == policy.image.name
    }


def _followed(policies: Iterable[ImagePolicy], occurrence: Occurrence) -> ImagePolicy | None:
    reference = occurrence.reference
    if reference is None or reference.digest or occurrence.obstacle or editable(occurrence.path) is not None:
        return None
    return next((policy for policy in policies if _follows(policy, occurrence, reference.name)), None)


def _follows(policy: ImagePolicy, occurrence: Occurrence, image: str) -> bool:
    return (
        policy.image.name == image
        and (occurrence.marker is None or belongs(occurrence.marker, policy.name))
        and selects(policy.paths, occurrence.path)
    )

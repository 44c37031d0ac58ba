"""Which policy each occurrence follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.images import ImageReference
from bot.manifests import Mode, Target, belongs, editable, exactly, selects, stands_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.bumps.wishes import Proposal
    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile


def following(policy_file: PolicyFile, occurrences: Iterable[Occurrence]) -> dict[str, list[Occurrence]]:
    """Give the occurrences that follow each policy, by the policy's name; every policy has an entry.

    A marker decides; without one the first policy of the file with this image and path does, also while it is
    paused, but none that only takes what is marked for it. What cannot be edited follows none.
    """
    followers: dict[str, list[Occurrence]] = {policy.name: [] for policy in policy_file.images}
    for occurrence in occurrences:
        policy = _followed(policy_file.images, occurrence)
        if policy is not None:
            followers[policy.name].append(occurrence)
    return followers


def standing_in(occurrences: Iterable[Occurrence]) -> list[str]:
    """List the different tags and digests at which occurrences stand, written by `stands_at`, in order."""
    return sorted({stands_at(occurrence.reference) for occurrence in occurrences if occurrence.reference})


def targets_of(
    policy: ImagePolicy, followers: Mapping[str, Sequence[Occurrence]], proposal: Proposal
) -> tuple[Target, ...]:
    """Write what `manifests.update` needs to move all that follows a policy, and nothing that follows another one.

    In a file where another policy moves the same image, only the lines that are marked for this policy are meant.
    """
    reference = _at(policy.image, proposal)
    wish = Target(policy.name, reference, current=proposal.current, paths=policy.paths, mode=policy.mode)
    shared = sorted(path for path in _paths_of_others(policy, followers) if selects(policy.paths, path))
    if not shared:
        return (wish,)
    apart = replace(wish, paths=policy.paths + tuple(f"!{exactly(path)}" for path in shared))
    return apart, replace(wish, paths=tuple(exactly(path) for path in shared), mode=Mode.MARKERS)


def _at(image: ImageReference, proposal: Proposal) -> ImageReference:
    tagged = image.with_tag(proposal.selected)
    return ImageReference.parse(f"{tagged}@{proposal.digest}") if proposal.digest else tagged


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
    if reference is None or occurrence.obstacle or editable(occurrence.path) is not None:
        return None
    return next((policy for policy in policies if _follows(policy, occurrence, reference.name)), None)


def _follows(policy: ImagePolicy, occurrence: Occurrence, image: str) -> bool:
    return (
        policy.image.name == image and _is_taken(policy, occurrence.marker) and selects(policy.paths, occurrence.path)
    )


def _is_taken(policy: ImagePolicy, marker: str | None) -> bool:
    return policy.mode is Mode.AUTO if marker is None else belongs(marker, policy.name)

"""Which policy each occurrence follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.images import ImageReference
from bot.manifests import (
    Mode,
    Part,
    Target,
    belongs,
    editable,
    exactly,
    follows_marker_alone,
    names,
    part_asked,
    selects,
    standing_of,
    takes_digest,
    without_part,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.bumps.wishes import Proposal
    from bot.manifests import Occurrence
    from bot.policies import ImagePolicy, PolicyFile


def following(policy_file: PolicyFile, occurrences: Iterable[Occurrence]) -> dict[str, list[Occurrence]]:
    """Give the occurrences that follow each policy, by the policy's name; every policy has an entry.

    A marker decides, and where it stands beside a value that names no image, or asks for a part of one, it alone does.
    Without one the first policy of the file with this image and path does, also while it is paused, but none that only
    takes what is marked for it. What cannot be edited follows none.
    """
    followers: dict[str, list[Occurrence]] = {policy.name: [] for policy in policy_file.images}
    for occurrence in occurrences:
        policy = _followed(policy_file.images, occurrence)
        if policy is not None:
            followers[policy.name].append(occurrence)
    return followers


def standing_in(occurrences: Iterable[Occurrence]) -> list[str]:
    """List the different tags and digests at which occurrences stand, written by `stands_at`, in order."""
    standing = (standing_of(occurrence) for occurrence in occurrences)
    return sorted({stands for stands in standing if stands is not None})


def takes(occurrence: Occurrence, proposal: Proposal) -> bool:
    """Whether a proposal can be written where an occurrence stands: a digest needs a place beside the tag.

    Where a marker asks for the tag alone, the tag is all that is written.
    """
    if proposal.digest is None or takes_digest(occurrence):
        return True
    return _takes_tag_alone(occurrence) and proposal.selected != standing_of(occurrence)


def _takes_tag_alone(occurrence: Occurrence) -> bool:
    """Whether a digest may be left out: the marker asks for the tag, or stands beside a text with nothing but one."""
    if occurrence.marker is None or not follows_marker_alone(occurrence):
        return False
    return part_asked(occurrence.marker) is Part.TAG or Part.NAME not in occurrence.parts


def targets_of(
    policy: ImagePolicy, followers: Mapping[str, Sequence[Occurrence]], proposal: Proposal
) -> tuple[Target, ...]:
    """Write what `manifests.update` needs to move all that follows a policy, and nothing that follows another one.

    In a file where another policy moves the same image, only the lines that are marked for this policy are meant; none
    in a file with lines for a policy called as this one with `:tag` behind it, which nobody could tell apart.
    """
    reference = _at(policy.image, proposal)
    wish = Target(
        policy.name,
        reference,
        current=proposal.current,
        paths=policy.paths,
        mode=policy.mode,
        workflows=policy.workflows,
    )
    away = tuple(f"!{exactly(path)}" for path in sorted(_paths_of_namesakes(policy, followers)))
    wish = replace(wish, paths=policy.paths + away)
    shared = sorted(path for path in _paths_of_others(policy, followers) if selects(wish.paths, path))
    if not shared:
        return (wish,)
    apart = replace(wish, paths=wish.paths + tuple(f"!{exactly(path)}" for path in shared))
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


def _paths_of_namesakes(policy: ImagePolicy, followers: Mapping[str, Sequence[Occurrence]]) -> set[str]:
    """List the files in which a marker follows another policy although it reads as one for a part of this one."""
    return {
        occurrence.path
        for name, followed in followers.items()
        if name != policy.name and without_part(name) == policy.name
        for occurrence in followed
        if occurrence.marker == name
    }


def _followed(policies: Iterable[ImagePolicy], occurrence: Occurrence) -> ImagePolicy | None:
    if occurrence.obstacle or standing_of(occurrence) is None or _asks_for_name_alone(occurrence):
        return None
    following = [policy for policy in policies if _follows(policy, occurrence)]
    # A policy may be called `team:tag`: a marker that is a policy's very name asks for no part of another one's image.
    exact = (policy for policy in following if occurrence.marker == policy.name)
    return next(exact, following[0] if following else None)


def _asks_for_name_alone(occurrence: Occurrence) -> bool:
    """Whether a marker asks for nothing but the image's name, which no tag or digest changes."""
    return occurrence.marker is not None and part_asked(occurrence.marker) is Part.NAME


def _follows(policy: ImagePolicy, occurrence: Occurrence) -> bool:
    return (
        _is_about(policy, occurrence)
        and selects(policy.paths, occurrence.path)
        and editable(occurrence.path, workflows=policy.workflows) is None
    )


def _is_about(policy: ImagePolicy, occurrence: Occurrence) -> bool:
    """Whether an occurrence shows a policy's image without a marker, or is marked for the policy."""
    marker = occurrence.marker
    if marker is not None and follows_marker_alone(occurrence):
        return names(marker, policy.name)
    if occurrence.reference is None or occurrence.reference.name != policy.image.name:
        return False
    return policy.mode is Mode.AUTO if marker is None else belongs(marker, policy.name)

"""What the files of the base become under proposals: the computation that made a commit, done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.bumps.following import following, targets_of
from bot.manifests import find_images, update

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.bumps.wishes import Proposal
    from bot.manifests import Occurrence, Target
    from bot.policies import PolicyFile


def expected(policy_file: PolicyFile, contents: Mapping[str, bytes], proposals: Sequence[Proposal]) -> dict[str, bytes]:
    """Give what the files of the base become under these proposals, only those that change.

    `contents` are the files by path, the same that were at hand when the commit was made. A proposal of a policy that
    is gone or paused changes nothing. Whoever compares this with what a branch holds finds out whether the branch holds
    what the bot would write now, and nothing else.
    """
    found = occurrences_of(contents)
    return dict(update(contents, targets_for(policy_file, found, proposals)).files)


def occurrences_of(contents: Mapping[str, bytes]) -> list[Occurrence]:
    """Find the images in some files."""
    return [found for path, content in contents.items() for found in find_images(path, content)]


def targets_for(
    policy_file: PolicyFile, occurrences: Iterable[Occurrence], proposals: Iterable[Proposal]
) -> tuple[Target, ...]:
    """Write what `manifests.update` needs to move all that follows the policies of some proposals."""
    followers = following(policy_file, occurrences)
    enabled = {policy.name: policy for policy in policy_file.images if policy.enabled}
    return tuple(
        target
        for proposal in proposals
        if proposal.policy in enabled
        for target in targets_of(enabled[proposal.policy], followers, proposal)
    )

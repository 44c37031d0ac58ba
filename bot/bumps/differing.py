"""What of two policy files has to be compared: the groups whose pull requests the second one may change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from bot.policies import ImagePolicy, PolicyFile, PullRequestSettings


class Differing(NamedTuple):
    """The groups that may differ, and of each file only the policies that count for them, in their order.

    `now` is None where no file is in force. Policies of other groups stay where they are about the same images, for
    they decide which occurrence follows which policy.
    """

    groups: frozenset[str]
    now: PolicyFile | None
    proposed: PolicyFile


def differing(now: PolicyFile | None, proposed: PolicyFile, open_groups: Iterable[str] = ()) -> Differing:
    """Compare two policy files, their globs told apart. `open_groups`: those that have an open pull request.

    What changes no tag, no place and no branch (labels, titles, how often is polled) makes no difference.
    """
    before, after = _images(now), _images(proposed)
    policies = (*(now.images if now is not None else ()), *proposed.images)
    if now is None or now.enabled != proposed.enabled:
        groups = {*(policy.group for policy in policies), *open_groups}
    else:
        images = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        groups = {policy.group for policy in policies if policy.image.name in images}
    return Differing(frozenset(groups), None if now is None else _narrowed(now, groups), _narrowed(proposed, groups))


def wish_of(policy: ImagePolicy) -> Hashable:
    """Return all of a policy that counts for which tag is proposed, where, and in which pull request."""
    asked = (policy.name, policy.image, policy.enabled, policy.rule, policy.paths, policy.mode, policy.workflows)
    return (*asked, policy.group, policy.credential, delivery_of(policy.pull_request))


def delivery_of(settings: PullRequestSettings) -> tuple[str | None, str, bool]:
    """Return where a bump goes: the base that is named, the branch, and whether it goes there without a request."""
    return settings.base, settings.branch, settings.is_commit


def _images(policy_file: PolicyFile | None) -> dict[str, list[Hashable]]:
    """Give what is asked of each image, in the order in which it counts."""
    images: dict[str, list[Hashable]] = {}
    for policy in policy_file.images if policy_file is not None else ():
        images.setdefault(policy.image.name, []).append(wish_of(policy))
    return images


def _narrowed(policy_file: PolicyFile, groups: set[str]) -> PolicyFile:
    images = {policy.image.name for policy in policy_file.images if policy.group in groups}
    kept = (policy for policy in policy_file.images if policy.group in groups or policy.image.name in images)
    return replace(policy_file, images=tuple(kept))

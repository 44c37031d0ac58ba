"""What two policies of a file, or a policy and a promotion, cannot both have: a name, a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.images import quoted
from bot.policies.branches import NAME, OF_PROMOTION, filled_in, folders_of, is_branch
from bot.policies.problems import problem_at, shown_key
from bot.policies.resolving import name_of
from bot.policies.tree import place_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.policies.models import FileSection
    from bot.policies.policy import ImagePolicy, PullRequestSettings
    from bot.policies.problems import Problem
    from bot.policies.promotions import Promotion
    from bot.policies.tree import Node, Place

_ANY_NAME = "name"


def name_clashes(file: FileSection, root: Node, positions: Sequence[int]) -> Iterator[Problem]:
    """Find policies with one name. `positions` tells which items of the list in the file the policies are."""
    first: dict[str, int] = {}
    for section, position in zip(file.images, positions, strict=True):
        name = name_of(section)
        earlier = first.setdefault(name, position)
        if earlier != position:
            line = place_of_value(root, ("images", earlier)).line
            message = f"the policy in line {line} is named {name} too; give this one another `name`"
            yield problem_at(place_of_value(root, ("images", position, "name")), "name", message)


def group_clashes(
    images: Sequence[ImagePolicy], groups: Mapping[str, object], root: Node, positions: Sequence[int]
) -> Iterator[Problem]:
    """Find policies that are named as a group and are not of it: their pull requests would be taken for one."""
    names = set(groups) | {policy.grouped_under for policy in images}
    for policy, position in zip(images, positions, strict=True):
        if policy.name in names and policy.grouped_under != policy.name:
            message = (
                f"{shown_key(policy.name)} is the name of a group, and this policy is not of it; give one another name"
            )
            yield problem_at(place_of_value(root, ("images", position, "name")), "name", message)


class _Outlet(NamedTuple):
    """One pull request, or line of commits: that of a group, or of a policy without one."""

    owner: str
    settings: PullRequestSettings
    place: Place
    is_pattern: bool

    @property
    def branch(self) -> str:
        return self.settings.branch

    @property
    def is_commit(self) -> bool:
        return self.settings.is_commit


def branch_clashes(
    images: Sequence[ImagePolicy], promotions: Sequence[Promotion], root: Node, positions: Sequence[int]
) -> Iterator[Problem]:
    """Find branches that git refuses, that two share, or of which one would be a folder of another.

    Commits go to a branch that exists: to the base, too, and to one that other commits go to.
    """
    promoting = {f"{OF_PROMOTION}{promotion.name}": promotion for promotion in promotions}
    outlets = _outlets(images, root, positions)
    first: dict[str, _Outlet] = {}
    for outlet in outlets:
        if not _is_open(outlet):
            first.setdefault(outlet.branch, outlet)
    for outlet in outlets:
        said = _wrong_alone(outlet) or (None if _is_open(outlet) else _wrong_beside(outlet, first))
        if said is not None:
            yield problem_at(outlet.place, "branch", said)
        elif outlet.branch in promoting:
            owner = promoting[outlet.branch]
            said = f"the promotion {shown_key(owner.name)} in line {owner.line} has the branch {quoted(outlet.branch)}"
            yield problem_at(outlet.place, "branch", said)


def _outlets(images: Sequence[ImagePolicy], root: Node, positions: Sequence[int]) -> list[_Outlet]:
    outlets: dict[str, _Outlet] = {}
    for policy, position in zip(images, positions, strict=True):
        if policy.grouped_under is None:
            place = place_of_value(root, ("images", position, "pull-request", "branch"))
            is_pattern = policy.is_pattern
        else:
            place = place_of_value(root, ("groups", policy.grouped_under, "branch"))
            is_pattern = False
        outlets.setdefault(policy.group, _Outlet(policy.group, policy.pull_request, place, is_pattern))
    return list(outlets.values())


def _is_open(outlet: _Outlet) -> bool:
    """Whether the branch depends on the image, so that nothing can be said of it yet."""
    return outlet.is_pattern and NAME in outlet.branch


def _wrong_alone(outlet: _Outlet) -> str | None:
    branch = filled_in(outlet.branch, _ANY_NAME) if outlet.is_pattern else outlet.branch
    if not is_branch(branch):
        return f"{quoted(branch)} cannot be a branch in git; give it a `branch`"
    if branch == outlet.settings.base and not outlet.is_commit:
        return f"`branch` and `base` are both {quoted(branch)}"
    if outlet.is_pattern and NAME not in outlet.branch and not outlet.is_commit:
        return f"{quoted(branch)} would be the branch of many images; write {NAME} in it, or put them in a `group`"
    return None


def _wrong_beside(outlet: _Outlet, first: Mapping[str, _Outlet]) -> str | None:
    earlier = first[outlet.branch]
    if earlier.owner != outlet.owner and not (earlier.is_commit and outlet.is_commit):
        return f"{shown_key(earlier.owner)} in line {earlier.place.line} has the branch {quoted(outlet.branch)} too"
    folder = next((first[folder] for folder in folders_of(outlet.branch) if folder in first), None)
    if folder is not None:
        return (
            f"git cannot have the branches {quoted(folder.branch)} (line {folder.place.line}) "
            f"and {quoted(outlet.branch)}"
        )
    return None

"""From what was written to what is meant: defaults filled in, names given, clashes found."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.images import quoted
from bot.policies.policy import AutoMerge, ImagePolicy, PolicyFile, PullRequestSettings
from bot.policies.problems import Problem
from bot.policies.tree import Node, place_of_value
from bot.policies.values import is_branch
from bot.selection import SelectionRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.policies.models import DefaultsSection, FileSection, ImageSection, PullRequestSection
    from bot.policies.section import Section

SectionType = TypeVar("SectionType", bound="Section")


def resolve(file: FileSection, root: Node) -> tuple[PolicyFile, list[Problem]]:
    """Complete each image policy with the defaults; tell clashes between policies as problems."""
    images = tuple(_policy(section, file.defaults, index, root) for index, section in enumerate(file.images))
    return PolicyFile(file.enabled, images), [*_name_clashes(images, root), *_branch_problems(images, root)]


def _policy(section: ImageSection, defaults: DefaultsSection, index: int, root: Node) -> ImagePolicy:
    name = section.name or section.image.repository.rpartition("/")[2]
    keys = _over(section, defaults)
    update = _over(section.update, defaults.update)
    platforms = None if keys.platforms is None else frozenset(keys.platforms)
    return ImagePolicy(
        name=name,
        image=section.image,
        enabled=keys.enabled,
        rule=SelectionRule(keys.strategy, keys.range, keys.exclude, platforms),
        range=keys.range.text,
        paths=update.paths,
        pull_request=_pull_request(_over(section.pull_request, defaults.pull_request), name),
        line=place_of_value(root, ("images", index)).line,
    )


def _pull_request(section: PullRequestSection, name: str) -> PullRequestSettings:
    branch = section.branch.replace("{name}", name.replace(":", "-"))
    auto_merge = None if section.auto_merge is None else AutoMerge(section.auto_merge.method)
    return PullRequestSettings(branch, section.base, section.title, section.labels, auto_merge)


def _over(section: SectionType, defaults: Section) -> SectionType:
    """Lay what was written in a section over the defaults: a key written in neither keeps its own default."""
    written = {
        name: getattr(defaults, name) for name in defaults.model_fields_set if name not in section.model_fields_set
    }
    return section.model_copy(update=written)


def _name_clashes(images: Sequence[ImagePolicy], root: Node) -> Iterator[Problem]:
    first: dict[str, ImagePolicy] = {}
    for index, policy in enumerate(images):
        earlier = first.setdefault(policy.name, policy)
        if earlier is not policy:
            message = f"the policy in line {earlier.line} is named {policy.name} too; give this one another `name`"
            yield _problem(root, index, "name", message)


def _branch_problems(images: Sequence[ImagePolicy], root: Node) -> Iterator[Problem]:
    """Find branches that git refuses, that two policies share, or of which one would be a folder of another."""
    first: dict[str, ImagePolicy] = {}
    for policy in images:
        first.setdefault(policy.pull_request.branch, policy)
    for index, policy in enumerate(images):
        branch = policy.pull_request.branch
        if not is_branch(branch):
            yield _problem(root, index, "branch", f"{quoted(branch)} cannot be a branch in git; give it a `branch`")
        elif branch == policy.pull_request.base:
            yield _problem(root, index, "branch", f"`branch` and `base` are both {quoted(branch)}")
        elif (earlier := first[branch]) is not policy and earlier.name != policy.name:
            yield _problem(
                root, index, "branch", f"the policy in line {earlier.line} has the branch {quoted(branch)} too"
            )
        elif (outer := next((folder for folder in _folders(branch) if folder in first), None)) is not None:
            message = f"git cannot have the branches {quoted(outer)} (line {first[outer].line}) and {quoted(branch)}"
            yield _problem(root, index, "branch", message)


def _folders(branch: str) -> list[str]:
    parts = branch.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _problem(root: Node, index: int, key: str, message: str) -> Problem:
    """Place a problem at the key of a policy where it is written, else at the policy."""
    location = ("images", index, *(("pull-request",) if key == "branch" else ()), key)
    place = place_of_value(root, location)
    return Problem(place.line, place.column, key, message)

"""Policies about globs of images, turned into policies about the images that there are."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from bot.images import quoted
from bot.policies.branches import filled_in, folders_of, is_branch
from bot.policies.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.images import ImageReference
    from bot.policies.policy import ImagePolicy

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


def expanded(
    policies: Sequence[ImagePolicy], images: Iterable[ImageReference]
) -> tuple[tuple[ImagePolicy, ...], tuple[Problem, ...]]:
    """Replace each policy about a glob by one about each of `images` that it matches.

    An image with a policy of its own is left to that one. Of several globs that match an image the first gets it, and
    those that are written alike: their paths are apart. Problems are images left out because their branch cannot be.
    """
    named = sorted({image.name: image for image in images}.values(), key=lambda image: image.name)
    expansion = _Expansion(policies)
    found: list[ImagePolicy] = []
    for policy in policies:
        about = (expansion.about(policy, image) for image in named) if policy.is_pattern else (policy,)
        found += [each for each in about if each is not None]
    return tuple(found), tuple(expansion.problems)


class _Expansion:
    """What is taken already while globs are expanded: images, names, branches."""

    def __init__(self, policies: Sequence[ImagePolicy]) -> None:
        self.problems: list[Problem] = []
        self._owners = {policy.image.name: policy.image.name for policy in policies if not policy.is_pattern}
        self._names = {policy.name for policy in policies} | {policy.group for policy in policies}
        self._branches: set[str] = set()
        self._folders: set[str] = set()
        for policy in policies:
            if policy.grouped_under or not policy.is_pattern:
                self._take(policy.pull_request.branch)

    def about(self, policy: ImagePolicy, image: ImageReference) -> ImagePolicy | None:
        """Make the policy about one image; None where the image is left to another one, or cannot have a branch."""
        if not policy.follows(image) or self._owners.setdefault(image.name, policy.image.name) != policy.image.name:
            return None
        name = self._name(policy, image)
        made = replace(policy, name=name, image=_untagged(image))
        if policy.grouped_under is None:
            branch = filled_in(policy.pull_request.branch, name)
            made = replace(made, pull_request=replace(policy.pull_request, branch=branch))
            if not policy.pull_request.is_commit and not self._is_free(branch):
                self._refuse(policy, image, branch)
                return None
            self._take(branch)
        self._names.add(name)
        return made

    def _name(self, policy: ImagePolicy, image: ImageReference) -> str:
        """Name a policy for its image, after the glob's own name; the image's whole name tells clashes apart."""
        last = image.repository.rpartition("/")[2]
        is_named = policy.name != policy.image.repository.rpartition("/")[2]
        name = f"{policy.name}-{last}" if is_named else last
        if name not in self._names:
            return name
        name = _NOT_IN_A_NAME.sub("-", f"{name}-{image.name}")
        numbered = (f"{name}-{number}" for number in count(2))
        return name if name not in self._names else next(each for each in numbered if each not in self._names)

    def _is_free(self, branch: str) -> bool:
        is_taken = branch in self._branches or branch in self._folders
        return is_branch(branch) and not is_taken and self._branches.isdisjoint(folders_of(branch))

    def _take(self, branch: str) -> None:
        self._branches.add(branch)
        self._folders.update(folders_of(branch))

    def _refuse(self, policy: ImagePolicy, image: ImageReference, branch: str) -> None:
        message = (
            f"{quoted(image.name)} is left out: its branch {quoted(branch)} cannot be in git, or is that of another "
            "policy; give the image a policy of its own"
        )
        self.problems.append(Problem(policy.line, 1, "branch", message))


def _untagged(image: ImageReference) -> ImageReference:
    name = str(image).partition("@")[0]
    name = name if image.tag is None else name.removesuffix(f":{image.tag}")
    return replace(image, tag=None, digest=None, original=name)

"""What a repository asked for, checked and complete: the values that the rest of the bot works with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.images import ImageReference
    from bot.selection import SelectionRule


class MergeMethod(Enum):
    """How GitHub puts a pull request into its base branch."""

    SQUASH = "squash"
    MERGE = "merge"
    REBASE = "rebase"


@dataclass(frozen=True, slots=True)
class AutoMerge:
    """That the bot merges its own pull requests, once their checks are green, and how."""

    method: MergeMethod = MergeMethod.SQUASH


@dataclass(frozen=True, slots=True)
class PullRequestSettings:
    """How a bump is delivered.

    `branch` is complete, nothing to fill in. `base` None means the default branch, `auto_merge` None means never.
    `title` holds the placeholders {image}, {from} and {to}.
    """

    branch: str
    base: str | None
    title: str
    labels: tuple[str, ...]
    auto_merge: AutoMerge | None


@dataclass(frozen=True, slots=True)
class ImagePolicy:
    """What is done about one image.

    `image` has neither tag nor digest. `range` is the text of the rule's range. `paths` are globs as .gitignore reads
    them. `line` is where the policy begins in its file, from 1.
    """

    name: str
    image: ImageReference
    enabled: bool
    rule: SelectionRule
    range: str
    paths: tuple[str, ...]
    pull_request: PullRequestSettings
    line: int

    @property
    def group(self) -> str:
        """The name under which policies share one pull request: each has its own."""
        return self.name


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A whole policy file. Where `enabled` is false nothing is done in the repository."""

    enabled: bool
    images: tuple[ImagePolicy, ...]

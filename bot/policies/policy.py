"""What a repository asked for, checked and complete: the values that the rest of the bot works with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from bot.manifests import Mode
from bot.policies.expanding import expanded
from bot.policies.findings import Findings
from bot.selection import ALL_UPDATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.images import ImageReference
    from bot.policies.findings import Environment, PullSecret
    from bot.policies.problems import Problem
    from bot.policies.promotions import Promotion
    from bot.policies.window import Window
    from bot.selection import SelectionRule, UpdateKind

POLL: Final = timedelta(minutes=5)
_FINDINGS: Final = Findings()


class MergeMethod(Enum):
    """How GitHub puts a pull request into its base branch."""

    SQUASH = "squash"
    MERGE = "merge"
    REBASE = "rebase"


class Delivery(Enum):
    """How a bump reaches its branch."""

    PULL_REQUEST = "pull-request"
    COMMIT = "commit"


class FluxMode(Enum):
    """What is done about Flux's own objects in the repository."""

    OFF = "off"
    REPORT = "report"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class AutoMerge:
    """That the bot merges its own pull requests, how, which of them, and when. `window` None means at any time."""

    method: MergeMethod = MergeMethod.SQUASH
    updates: frozenset[UpdateKind] = ALL_UPDATES
    window: Window | None = None
    require_checks: bool = True


@dataclass(frozen=True, slots=True)
class PullRequestSettings:
    """How a bump is delivered.

    `branch` is complete, but for {name} in a policy about a pattern of images. `base` None means the default branch,
    `auto_merge` None means never. `title` and `commit_message` hold placeholders ({image}, {from}, {to}; the message
    also {changes}, {objects}, {files}); `commit_message` None means the title and a list of what changes. `author` is
    who is named as an author of the commit beside the App, "Name <email>", None: nobody.
    """

    branch: str
    base: str | None
    title: str
    labels: tuple[str, ...]
    auto_merge: AutoMerge | None
    delivery: Delivery = Delivery.PULL_REQUEST
    commit_message: str | None = None
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    author: str | None = None

    @property
    def is_commit(self) -> bool:
        """Whether changes go straight to the branch, which may then be that of others, too."""
        return self.delivery is Delivery.COMMIT


@dataclass(frozen=True, slots=True)
class ImagePolicy:
    """What is done about one image.

    `image` has neither tag nor digest; where `is_pattern`, the last segment of its repository is a glob and the policy
    stands for each image that it matches. `range` is the text of the rule's range. `paths` are globs as .gitignore
    reads them. `line` is where the policy begins in its file, from 1. `grouped_under` names the group whose pull
    request it shares, None: it has its own. `credential` None means that it is found by the image's name.
    """

    name: str
    image: ImageReference
    enabled: bool
    rule: SelectionRule
    range: str
    paths: tuple[str, ...]
    pull_request: PullRequestSettings
    line: int
    mode: Mode = Mode.AUTO
    workflows: bool = False
    grouped_under: str | None = None
    credential: str | None = None
    poll: timedelta = POLL

    @property
    def group(self) -> str:
        """The name under which policies share one pull request; a policy without a group has its own."""
        return self.grouped_under or self.name

    @property
    def is_pattern(self) -> bool:
        """Whether `image` is a glob."""
        return "*" in self.image.repository or "?" in self.image.repository

    def follows(self, image: ImageReference) -> bool:
        """Whether the policy is about this image, by its name or by its glob."""
        if not self.is_pattern:
            return image.name == self.image.name
        folder, _, last = self.image.repository.rpartition("/")
        its_folder, _, its_last = image.repository.rpartition("/")
        return (image.host, its_folder) == (self.image.host, folder) and fnmatchcase(its_last, last)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a repository is asked to look at: open pull requests at once, and new ones within an hour."""

    open_pull_requests: int = 10
    new_per_hour: int = 4


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A whole policy file. Where `enabled` is false nothing is done in the repository.

    `problems` are things that were read and cannot be honoured; they keep nothing else from being done. `written` are
    the keys at the top of the file; files that mean the same are equal however they are written.
    """

    enabled: bool
    images: tuple[ImagePolicy, ...]
    flux: FluxMode = FluxMode.OFF
    dashboard: bool = False
    limits: Limits = Limits()
    problems: tuple[Problem, ...] = ()
    findings: Findings = _FINDINGS
    environments: tuple[Environment, ...] = ()
    pull_secrets: tuple[PullSecret, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    written: frozenset[str] = field(default=frozenset(), compare=False)

    def for_images(self, images: Iterable[ImageReference]) -> PolicyFile:
        """Replace each policy about a glob by one about each of `images` that it matches, named for that image.

        An image that has a policy of its own is left to that one. Of two globs that match an image the first gets it,
        but for globs that are written alike, whose paths are apart. An image that cannot have a branch is a problem.
        """
        found, problems = expanded(self.images, images)
        return replace(self, images=found, problems=(*self.problems, *problems))

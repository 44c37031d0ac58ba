"""Work on behalf of an installation: its repositories, their bumps, and what their people say."""

from dataclasses import dataclass
from typing import ClassVar

from bot.jobs.owners import OfInstallation
from bot.jobs.priorities import Priority


@dataclass(frozen=True, slots=True)
class BumpRepository(OfInstallation):
    """Bring one group of a repository's images up to date: open, update or close its pull request."""

    priority: ClassVar[Priority] = Priority.BUMP
    installation: int
    repository: int
    group: str


@dataclass(frozen=True, slots=True)
class MergeBump(OfInstallation):
    """Merge a group's pull request if everything allows it."""

    priority: ClassVar[Priority] = Priority.MERGE
    installation: int
    repository: int
    group: str


@dataclass(frozen=True, slots=True)
class FollowHead(OfInstallation):
    """Something was said about a commit: see whether a pull request of ours stands at it."""

    priority: ClassVar[Priority] = Priority.MERGE
    installation: int
    repository: int
    head: str


@dataclass(frozen=True, slots=True)
class FollowPullRequest(OfInstallation):
    """Something happened to a pull request: see whether it is ours.

    `head`: where its branch stands, if all that happened is a push; "" for whatever else.
    """

    priority: ClassVar[Priority] = Priority.BUMP
    installation: int
    repository: int
    number: int
    head: str = ""


@dataclass(frozen=True, slots=True)
class RecreateBump(OfInstallation):
    """Make a group's branch anew as one commit on its base, if the branch still stands at `head`."""

    priority: ClassVar[Priority] = Priority.COMMAND
    installation: int
    repository: int
    group: str
    head: str


@dataclass(frozen=True, slots=True)
class ObeyComment(OfInstallation):
    """Somebody wrote a comment with commands for the bot: `number` is the issue's or the pull request's.

    `digest`: a hash of what they wrote, "" where it is not known. `on_pull_request`: it is no plain issue.
    """

    priority: ClassVar[Priority] = Priority.COMMAND
    installation: int
    repository: int
    number: int
    comment: int
    digest: str = ""
    on_pull_request: bool = False


@dataclass(frozen=True, slots=True)
class ObeyCheckboxes(OfInstallation):
    """Somebody ticked boxes of the dashboard: `commands` are what these say, a line each.

    `at`: when, as GitHub writes it (ISO 8601); "" where it is not known.
    """

    priority: ClassVar[Priority] = Priority.COMMAND
    installation: int
    repository: int
    number: int
    login: str
    commands: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class UpdateDashboard(OfInstallation):
    """Bring a repository's dashboard issue to what there is to see, or close it where none is asked for."""

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class ReviewPullRequest(OfInstallation):
    """Look at what a pull request changes, and say what the rules find in it."""

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int
    number: int


@dataclass(frozen=True, slots=True)
class ReviewHead(OfInstallation):
    """Somebody wants the check on a commit made again: review the pull request that ends there."""

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int
    head: str


@dataclass(frozen=True, slots=True)
class ReviewMergeGroup(OfInstallation):
    """A merge queue built the commit `head` upon `base`, on its way into a branch: its check is waited for.

    `again` is the check run (its id) that somebody wants made again; 0: the queue asked. `tries`: how often GitHub did
    not show the commit.
    """

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int
    head: str
    base: str
    branch: str
    again: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class PressButton(OfInstallation):
    """Somebody pressed a button of the check run on the commit `head`, which is about the pull request `number`."""

    priority: ClassVar[Priority] = Priority.COMMAND
    installation: int
    repository: int
    head: str
    check_run: int
    number: int
    button: str
    login: str


@dataclass(frozen=True, slots=True)
class ReportPolicyFile(OfInstallation):
    """Say on the default branch's head what is wrong with the policy file."""

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class IndexRepository(OfInstallation):
    """Find the images in a repository's files and remember where they stand."""

    priority: ClassVar[Priority] = Priority.INDEX
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class SynchroniseInstallation(OfInstallation):
    """Learn which repositories an installation has."""

    priority: ClassVar[Priority] = Priority.INDEX
    installation: int


@dataclass(frozen=True, slots=True)
class SynchroniseRepository(OfInstallation):
    """Learn a repository's name, default branch and visibility again."""

    priority: ClassVar[Priority] = Priority.INDEX
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class ChooseReaders(OfInstallation):
    """Look again which credential reads which image of an installation, for its credentials changed."""

    priority: ClassVar[Priority] = Priority.SCAN
    installation: int

"""What a flow asks for when it writes a branch or a pull request, and what it gets.

`files` are whole contents by path. `modes` names those whose mode is not 100644 ("100755" for what may be run): such
a commit is made from a tree, for `createCommitOnBranch` knows no modes. `tree` is what the files are laid upon, the
tree of the commit below the new one; "" has it asked for where it is needed, which takes one request more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.github.errors import GitHubError, without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class CommitText:
    """A commit message: one line, and what follows after an empty line."""

    headline: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class OpenPullRequest:
    """Ask for a new branch with one commit on top of `base_commit`, and a pull request from it to `base_branch`.

    `node` is the repository's node id; `tree` is that of `base_commit`.
    """

    node: str
    base_branch: str
    base_commit: str
    branch: str
    files: Mapping[str, bytes]
    message: CommitText
    title: str
    body: str
    modes: Mapping[str, str] = field(default_factory=dict)
    tree: str = ""


@dataclass(frozen=True, slots=True)
class CreatePullRequest:
    """Ask for a pull request from a branch that exists and stands at `head`."""

    node: str
    base_branch: str
    branch: str
    head: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class UpdatePullRequest:
    """Ask for one more commit on the branch of a pull request, which must stand at `expected_head`.

    `previous_title` and `previous_body` are put back when the branch has moved meanwhile. `tree` is that of
    `expected_head`.
    """

    branch: str
    expected_head: str
    files: Mapping[str, bytes]
    message: CommitText
    pull_request: str
    title: str
    body: str
    previous_title: str | None = None
    previous_body: str | None = None
    modes: Mapping[str, str] = field(default_factory=dict)
    tree: str = ""


@dataclass(frozen=True, slots=True)
class RebuildPullRequest:
    """Ask for a new single commit on top of `base_commit` in place of everything on the branch of a pull request.

    The branch must stand at `expected_head`, which must be a commit of the bot: it is replaced. `tree` is that of
    `base_commit`.
    """

    node: str
    base_commit: str
    branch: str
    expected_head: str
    files: Mapping[str, bytes]
    message: CommitText
    pull_request: str
    title: str
    body: str
    previous_title: str | None = None
    previous_body: str | None = None
    modes: Mapping[str, str] = field(default_factory=dict)
    tree: str = ""


@dataclass(frozen=True, slots=True)
class CommitToBranch:
    """Ask for one commit straight onto a branch that stands at `head`, without a pull request.

    `head` None: there is no such branch yet, it is made from `base_commit`. `node` is the repository's node id; `tree`
    is that of `head`, or of `base_commit` where there is none.
    """

    node: str
    branch: str
    head: str | None
    base_commit: str
    tree: str
    files: Mapping[str, bytes]
    modes: Mapping[str, str]
    message: CommitText


@dataclass(frozen=True, slots=True)
class Opened:
    """A pull request as it stands now: `head` is our commit."""

    number: int
    url: str
    head: str
    node: str


@dataclass(frozen=True, slots=True)
class HalfOpened:
    """What an opening that failed had done, and what is left of it.

    `commit` and `pull_request` are what GitHub made before the failure. `branch_head` is where the branch stands
    after putting things right, None where there is no such branch (any more).
    """

    branch_created: bool
    commit: str | None
    pull_request: int | None
    branch_head: str | None


class OpeningFailed(GitHubError):
    """A pull request could not be opened as a whole; what half-happened was taken back as far as that is safe.

    `.closed`: a pull request was opened and closed again. `.errors`: GitHub's reasons. `.state`: what is left.
    """

    def __init__(self, message: str, *, errors: Sequence[str], closed: bool, state: HalfOpened) -> None:
        self.errors = tuple(without_secrets(error) for error in errors)
        self.closed = closed
        self.state = state
        super().__init__("; ".join([message, *self.errors]))

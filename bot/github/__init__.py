"""GitHub behind one class: reading repositories, writing pull requests, merging, check runs.

Events have a door of their own, `bot.github.events`, because only that one knows octomachinery.
"""

from bot.github.bump_facts import Base, BumpFacts, CommitFacts, PullRequestFacts, TextBlob
from bot.github.checks import Annotation, CheckRun, Conclusion, Level
from bot.github.client import GitHub
from bot.github.deliveries import Attempt
from bot.github.errors import (
    Conflict,
    Forbidden,
    GitHubError,
    GitHubUnavailable,
    MustWait,
    NotFound,
    NotInstalled,
    RateLimited,
    TokenRejected,
    UnexpectedAnswer,
    Unprocessable,
)
from bot.github.heads import Head, PolicyBlob
from bot.github.installations import AppIdentity, InstallationFacts, RepositoryFacts
from bot.github.manifest import AppCredentials, convert_manifest
from bot.github.merge_facts import MergePullRequestFacts
from bot.github.merging import Merged
from bot.github.pacing import Pace
from bot.github.repository import RepositoryClient
from bot.github.requests import (
    CommitText,
    CreatePullRequest,
    HalfOpened,
    Opened,
    OpeningFailed,
    OpenPullRequest,
    RebuildPullRequest,
    UpdatePullRequest,
)
from bot.github.scopes import touches_workflows
from bot.github.signatures import verify
from bot.github.transport import Timeouts, open_session
from bot.github.trees import Tree, TreeEntry

__all__ = [
    "Annotation",
    "AppCredentials",
    "AppIdentity",
    "Attempt",
    "Base",
    "BumpFacts",
    "CheckRun",
    "CommitFacts",
    "CommitText",
    "Conclusion",
    "Conflict",
    "CreatePullRequest",
    "Forbidden",
    "GitHub",
    "GitHubError",
    "GitHubUnavailable",
    "HalfOpened",
    "Head",
    "InstallationFacts",
    "Level",
    "MergePullRequestFacts",
    "Merged",
    "MustWait",
    "NotFound",
    "NotInstalled",
    "OpenPullRequest",
    "Opened",
    "OpeningFailed",
    "Pace",
    "PolicyBlob",
    "PullRequestFacts",
    "RateLimited",
    "RebuildPullRequest",
    "RepositoryClient",
    "RepositoryFacts",
    "TextBlob",
    "Timeouts",
    "TokenRejected",
    "Tree",
    "TreeEntry",
    "UnexpectedAnswer",
    "Unprocessable",
    "UpdatePullRequest",
    "convert_manifest",
    "open_session",
    "touches_workflows",
    "verify",
]

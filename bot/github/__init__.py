"""GitHub behind one class: reading repositories, writing pull requests, merging, check runs.

Events have a door of their own, `bot.github.events`, because only that one knows octomachinery.
"""

from bot.github.bump_facts import Base, BumpFacts, CommitFacts, PullRequestFacts
from bot.github.checks import Annotation, CheckAction, CheckRun, Conclusion, Level
from bot.github.client import GitHub
from bot.github.commits import PullRequestCommit
from bot.github.comparing import ChangedFile, Comparison, FileStatus
from bot.github.contents import blob_oid
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
from bot.github.files import TextBlob
from bot.github.heads import Head, PolicyBlob
from bot.github.installations import AppIdentity, InstallationFacts, RepositoryFacts
from bot.github.manifest import AppCredentials, convert_manifest
from bot.github.merge_facts import MergePullRequestFacts
from bot.github.merging import Merged, MergeRefused
from bot.github.pacing import Pace
from bot.github.pull_requests import OnePullRequest
from bot.github.repository import RepositoryClient
from bot.github.requests import (
    CommitText,
    CommitToBranch,
    CreatePullRequest,
    HalfOpened,
    Opened,
    OpeningFailed,
    OpenPullRequest,
    RebuildPullRequest,
    UpdatePullRequest,
)
from bot.github.required_checks import RequiredChecks
from bot.github.review_facts import ReviewFacts, ReviewThread
from bot.github.reviewing import EditedComment, PostReview, ReviewComment, Reviewed
from bot.github.scopes import touches_workflows
from bot.github.signatures import verify
from bot.github.sources import Release, SourceRepository
from bot.github.talk import CommentFacts, IssueFacts, Permission, Reaction
from bot.github.transport import Timeouts, open_session
from bot.github.trees import Tree, TreeEntry

__all__ = [
    "Annotation",
    "AppCredentials",
    "AppIdentity",
    "Attempt",
    "Base",
    "BumpFacts",
    "ChangedFile",
    "CheckAction",
    "CheckRun",
    "CommentFacts",
    "CommitFacts",
    "CommitText",
    "CommitToBranch",
    "Comparison",
    "Conclusion",
    "Conflict",
    "CreatePullRequest",
    "EditedComment",
    "FileStatus",
    "Forbidden",
    "GitHub",
    "GitHubError",
    "GitHubUnavailable",
    "HalfOpened",
    "Head",
    "InstallationFacts",
    "IssueFacts",
    "Level",
    "MergePullRequestFacts",
    "MergeRefused",
    "Merged",
    "MustWait",
    "NotFound",
    "NotInstalled",
    "OnePullRequest",
    "OpenPullRequest",
    "Opened",
    "OpeningFailed",
    "Pace",
    "Permission",
    "PolicyBlob",
    "PostReview",
    "PullRequestCommit",
    "PullRequestFacts",
    "RateLimited",
    "Reaction",
    "RebuildPullRequest",
    "Release",
    "RepositoryClient",
    "RepositoryFacts",
    "RequiredChecks",
    "ReviewComment",
    "ReviewFacts",
    "ReviewThread",
    "Reviewed",
    "SourceRepository",
    "TextBlob",
    "Timeouts",
    "TokenRejected",
    "Tree",
    "TreeEntry",
    "UnexpectedAnswer",
    "Unprocessable",
    "UpdatePullRequest",
    "blob_oid",
    "convert_manifest",
    "open_session",
    "touches_workflows",
    "verify",
]

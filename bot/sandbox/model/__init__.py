"""What the sandbox GitHub remembers: plain records which the world changes and the doors show."""

from bot.sandbox.model.checks import CheckRun, CheckSuite, CommitStatus
from bot.sandbox.model.conversations import (
    AutoMerge,
    Comment,
    Issue,
    Label,
    MergeMethod,
    PullRequest,
    QueueEntry,
    Reaction,
)
from bot.sandbox.model.identity import GHOST_EMAIL, ZERO_OID, node_id
from bot.sandbox.model.people import Account, App, Installation, Role
from bot.sandbox.model.protection import BranchProtection, RequiredCheck, Ruleset
from bot.sandbox.model.releases import Release
from bot.sandbox.model.repositories import Repository
from bot.sandbox.model.reviews import Review, ReviewComment, ReviewThread

__all__ = [
    "GHOST_EMAIL",
    "ZERO_OID",
    "Account",
    "App",
    "AutoMerge",
    "BranchProtection",
    "CheckRun",
    "CheckSuite",
    "Comment",
    "CommitStatus",
    "Installation",
    "Issue",
    "Label",
    "MergeMethod",
    "PullRequest",
    "QueueEntry",
    "Reaction",
    "Release",
    "Repository",
    "RequiredCheck",
    "Review",
    "ReviewComment",
    "ReviewThread",
    "Role",
    "Ruleset",
    "node_id",
]

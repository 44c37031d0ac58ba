"""All resolvers, and which type of the schema a value of the world is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.actors import ACTOR_TYPES
from bot.sandbox.graphql.branches import BRANCH_TYPES, RuleParametersNode
from bot.sandbox.graphql.checks import CHECK_TYPES, CheckRunNode, StatusNode
from bot.sandbox.graphql.connections import CONNECTION_TYPES
from bot.sandbox.graphql.git_nodes import BlobNode, CommitNode, GitNode, RefNode, SignatureNode, TreeNode
from bot.sandbox.graphql.nodes import NODE_TYPES
from bot.sandbox.graphql.objects import OBJECT_TYPES
from bot.sandbox.graphql.pull_mutations import PULL_MUTATIONS
from bot.sandbox.graphql.pulls import PULL_TYPES
from bot.sandbox.graphql.rate import RATE_TYPES
from bot.sandbox.graphql.ref_mutations import REF_MUTATIONS
from bot.sandbox.graphql.repositories import REPOSITORY_TYPES
from bot.sandbox.graphql.review_mutations import REVIEW_MUTATIONS
from bot.sandbox.graphql.reviews import REVIEW_TYPES
from bot.sandbox.model import (
    Account,
    App,
    CheckSuite,
    Label,
    PullRequest,
    QueueEntry,
    Repository,
    Review,
    ReviewComment,
    ReviewThread,
    Ruleset,
)

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Fields

NAMES: dict[type, str] = {
    App: "App",
    BlobNode: "Blob",
    CheckRunNode: "CheckRun",
    CheckSuite: "CheckSuite",
    CommitNode: "Commit",
    SignatureNode: "GpgSignature",
    StatusNode: "StatusContext",
    GitNode: "Tag",
    Label: "Label",
    PullRequest: "PullRequest",
    QueueEntry: "MergeQueueEntry",
    RefNode: "Ref",
    Repository: "Repository",
    Review: "PullRequestReview",
    ReviewComment: "PullRequestReviewComment",
    ReviewThread: "PullRequestReviewThread",
    Ruleset: "RepositoryRuleset",
    TreeNode: "Tree",
}


def _merged(*tables: dict[str, Fields]) -> dict[str, Fields]:
    merged: dict[str, Fields] = {}
    for table in tables:
        for name, fields in table.items():
            merged[name] = {**merged.get(name, {}), **fields}
    return merged


FIELDS = _merged(
    ACTOR_TYPES,
    BRANCH_TYPES,
    CHECK_TYPES,
    CONNECTION_TYPES,
    NODE_TYPES,
    OBJECT_TYPES,
    PULL_MUTATIONS,
    PULL_TYPES,
    RATE_TYPES,
    REF_MUTATIONS,
    REPOSITORY_TYPES,
    REVIEW_MUTATIONS,
    REVIEW_TYPES,
)


def type_name(value: Any) -> str:
    """Return the name of a value's type where the schema allows several; raises KeyError for an unknown value."""
    if isinstance(value, Account):
        return value.type
    if isinstance(value, RuleParametersNode):
        return "".join(word.title() for word in value.kind.split("_")) + "Parameters"
    return NAMES[type(value)]

"""Reviews of pull requests, their threads and what is said in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.connections import page
from bot.sandbox.graphql.git_nodes import CommitNode, commit_node
from bot.sandbox.graphql.resolving import Fields, attribute, constant, moment
from bot.sandbox.shapes.issues import association

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Call
    from bot.sandbox.model import PullRequest, Review, ReviewComment, ReviewThread


def _is_shown(review: Review, call: Call) -> bool:
    """Tell whether the caller may know of a review: a pending one is its author's alone."""
    return not review.pending or review.author is call.token.account


def _reviews(pull: PullRequest, call: Call) -> Any:
    states, author = call.argument("states"), call.argument("author")
    found = [
        review
        for review in pull.reviews
        if _is_shown(review, call)
        and (states is None or review.state.upper() in states)
        and author in {None, review.author.login, review.author.login.removesuffix("[bot]")}
    ]
    return page(found, call, "reviews", parent=pull)


def _threads(pull: PullRequest, call: Call) -> Any:
    found = [thread for thread in pull.threads if any(_is_shown(comment.review, call) for comment in thread.comments)]
    return page(found, call, "reviewThreads", parent=pull)


def _thread_comments(thread: ReviewThread, call: Call) -> Any:
    shown = [comment for comment in thread.comments if _is_shown(comment.review, call)]
    return page(shown[call.argument("skip", 0) :], call, "comments", parent=thread)


def _review_comments(review: Review, call: Call) -> Any:
    return page(review.comments, call, "comments", parent=review)


async def _commit(review: Review, _: Call) -> CommitNode | None:
    return await commit_node(review.repository, review.commit_oid)


async def _comment_commit(comment: ReviewComment, _: Call) -> CommitNode | None:
    """Give the commit in whose diff the comment stands now: the head, or its own where it is outdated."""
    thread = comment.thread
    oid = thread.original_oid if thread.outdated else thread.pull.head_oid
    return await commit_node(comment.repository, oid)


async def _original_commit(comment: ReviewComment, _: Call) -> CommitNode | None:
    return await commit_node(comment.repository, comment.thread.original_oid)


def _did_author(record: Review | ReviewComment, call: Call) -> bool:
    return record.author is call.token.account


def _may_resolve(thread: ReviewThread, call: Call) -> bool:
    return bool(call.token.may(thread.repository, "contents", "write"))


def _association(record: Review | ReviewComment, call: Call) -> str:
    return association(call.world, record.repository, record.author)


def _review_url(review: Review, call: Call) -> str:
    return f"{_pull_url(review.pull, call)}#pullrequestreview-{review.id}"


def _comment_url(comment: ReviewComment, call: Call) -> str:
    return f"{_pull_url(comment.thread.pull, call)}#discussion_r{comment.id}"


def _pull_url(pull: PullRequest, call: Call) -> str:
    return f"{call.world.url}/{pull.repository.full_name}/pull/{pull.number}"


IDENTITY: Fields = {
    "id": attribute("node_id"),
    "databaseId": attribute("id"),
    "fullDatabaseId": lambda record, _: str(record.id),
    "author": attribute("author"),
    "authorAssociation": _association,
    "body": attribute("body"),
    "createdAt": moment("created_at"),
    "repository": attribute("repository"),
    "viewerDidAuthor": _did_author,
}

REVIEW_TYPES: dict[str, Fields] = {
    "PullRequest": {"reviews": _reviews, "reviewThreads": _threads},
    "PullRequestReview": {
        **IDENTITY,
        "state": lambda review, _: review.state.upper(),
        "submittedAt": moment("submitted_at"),
        "commit": _commit,
        "comments": _review_comments,
        "pullRequest": attribute("pull"),
        "url": _review_url,
    },
    "PullRequestReviewThread": {
        "id": attribute("node_id"),
        "isResolved": attribute("resolved"),
        "isOutdated": attribute("outdated"),
        "isCollapsed": attribute("resolved"),
        "resolvedBy": attribute("resolved_by"),
        "path": attribute("path"),
        "line": attribute("line"),
        "startLine": attribute("start_line"),
        "originalLine": attribute("original_line"),
        "originalStartLine": attribute("original_start_line"),
        "diffSide": attribute("side"),
        "startDiffSide": attribute("start_side"),
        "subjectType": attribute("subject_type"),
        "comments": _thread_comments,
        "pullRequest": attribute("pull"),
        "repository": attribute("repository"),
        "viewerCanReply": constant(True),
        "viewerCanResolve": lambda thread, call: not thread.resolved and _may_resolve(thread, call),
        "viewerCanUnresolve": lambda thread, call: thread.resolved and _may_resolve(thread, call),
    },
    "PullRequestReviewComment": {
        **IDENTITY,
        "state": lambda comment, _: "PENDING" if comment.review.pending else "SUBMITTED",
        "updatedAt": moment("updated_at"),
        "path": attribute("thread.path"),
        "line": attribute("thread.line"),
        "startLine": attribute("thread.start_line"),
        "originalLine": attribute("thread.original_line"),
        "originalStartLine": attribute("thread.original_start_line"),
        "outdated": attribute("thread.outdated"),
        "subjectType": attribute("thread.subject_type"),
        "diffHunk": attribute("thread.diff_hunk"),
        "commit": _comment_commit,
        "originalCommit": _original_commit,
        "replyTo": attribute("reply_to"),
        "pullRequestReview": attribute("review"),
        "pullRequest": attribute("thread.pull"),
        "isMinimized": lambda comment, _: comment.minimized_reason is not None,
        "minimizedReason": attribute("minimized_reason"),
        "url": _comment_url,
    },
}

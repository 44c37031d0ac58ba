"""Mutations of reviews: a pending one gets its threads and is submitted; threads are resolved.

Resolving a thread asks an App for more than the rest: the permission to write contents, see
https://github.com/orgs/community/discussions/44650.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.payloads import payload, payload_fields
from bot.sandbox.model import PullRequest, Review, ReviewComment, ReviewThread
from bot.sandbox.refusals import Forbidden, NotFound, Validation
from bot.sandbox.review_places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.graphql.resolving import Call, Fields


def _record(call: Call, identifier: str, kind: type[Any], permission: str = "pull_requests") -> Any:
    """Return what a global id names, for writing; raises NotFound where it is none of that kind, Forbidden."""
    found = call.world.node(identifier)
    if not isinstance(found, kind) or not call.token.sees(found.repository):
        raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
    call.token.require(found.repository, permission, "write")
    return found


def _review(call: Call, identifier: str) -> Review:
    """Return a review that the caller may know of: a pending one is its author's alone."""
    review: Review = _record(call, identifier, Review)
    if review.pending and review.author is not call.token.account:
        raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
    return review


def _count(call: Call) -> None:
    """Count something that people are told of; raises Validation when there is too much of it."""
    try:
        call.world.limits.create_content(call.token)
    except Forbidden as limited:
        raise Validation("was submitted too quickly") from limited


async def _add(_: Any, call: Call) -> Any:
    given, actor = call.arguments["input"], call.token.account
    if given.get("comments"):
        raise NotImplementedError("the sandbox takes threads, not the comments by position that GitHub phases out")
    pull: PullRequest = _record(call, given["pullRequestId"], PullRequest)
    if given.get("event"):
        _count(call)
    begin = call.world.reviews.begin
    review = await begin(pull, actor, commit_oid=given.get("commitOID"), body=given.get("body"))
    try:
        for thread in given.get("threads") or ():
            await call.world.reviews.add_thread(review, _place(thread), thread["body"], actor)
        if given.get("event"):
            await call.world.reviews.submit(review, actor, given["event"])
    except Validation:
        await call.world.reviews.delete(review, actor)
        raise
    return payload(call, pullRequestReview=review)


async def _add_thread(_: Any, call: Call) -> Any:
    """Add a thread to the caller's pending review, which is begun if there is none."""
    given, actor = call.arguments["input"], call.token.account
    review = await _pending(call, given, begin=True)
    about_file = given.get("subjectType") == "FILE"
    place = Place(given["path"]) if about_file else _place(given)
    thread = await call.world.reviews.add_thread(review, place, given["body"], actor, about_file=about_file)
    return payload(call, thread=thread)


async def _submit(_: Any, call: Call) -> Any:
    given = call.arguments["input"]
    review = await _pending(call, given)
    _count(call)
    await call.world.reviews.submit(review, call.token.account, given["event"], given.get("body"))
    return payload(call, pullRequestReview=review)


async def _delete(_: Any, call: Call) -> Any:
    review = _review(call, call.arguments["input"]["pullRequestReviewId"])
    await call.world.reviews.delete(review, call.token.account)
    return payload(call, pullRequestReview=review)


async def _resolve(_: Any, call: Call) -> Any:
    thread: ReviewThread = _record(call, call.arguments["input"]["threadId"], ReviewThread, "contents")
    await call.world.reviews.resolve(thread, call.token.account)
    return payload(call, thread=thread)


async def _unresolve(_: Any, call: Call) -> Any:
    thread: ReviewThread = _record(call, call.arguments["input"]["threadId"], ReviewThread, "contents")
    await call.world.reviews.unresolve(thread, call.token.account)
    return payload(call, thread=thread)


async def _edit_comment(_: Any, call: Call) -> Any:
    given, actor = call.arguments["input"], call.token.account
    comment: ReviewComment = _record(call, given["pullRequestReviewCommentId"], ReviewComment)
    if comment.author is not actor:
        raise Forbidden(f"{actor.login} does not have permission to update this comment")
    await call.world.reviews.edit_comment(comment, given["body"], actor)
    return payload(call, pullRequestReviewComment=comment)


async def _pending(call: Call, given: Mapping[str, Any], *, begin: bool = False) -> Review:
    """Return the review that the input names, or the caller's pending one of the pull request that it names."""
    if given.get("pullRequestReviewId"):
        return _review(call, given["pullRequestReviewId"])
    if not given.get("pullRequestId"):
        raise Validation("One of pullRequestId or pullRequestReviewId must be given")
    pull: PullRequest = _record(call, given["pullRequestId"], PullRequest)
    found: Review | None = call.world.reviews.pending(pull, call.token.account)
    if found is None and not begin:
        raise NotFound("Could not find a pending review for that pull request")
    return found or await call.world.reviews.begin(pull, call.token.account)


def _place(given: Mapping[str, Any]) -> Place:
    return Place(given["path"], given.get("line"), given["side"], given.get("startLine"), given["startSide"])


REVIEW_MUTATIONS: dict[str, Fields] = {
    "Mutation": {
        "addPullRequestReview": _add,
        "addPullRequestReviewThread": _add_thread,
        "submitPullRequestReview": _submit,
        "deletePullRequestReview": _delete,
        "resolveReviewThread": _resolve,
        "unresolveReviewThread": _unresolve,
        "updatePullRequestReviewComment": _edit_comment,
    },
    **{f"{name}PullRequestReviewPayload": payload_fields("pullRequestReview") for name in ("Add", "Submit", "Delete")},
    "UpdatePullRequestReviewCommentPayload": payload_fields("pullRequestReviewComment"),
    **{
        f"{name}Payload": payload_fields("thread")
        for name in ("AddPullRequestReviewThread", "ResolveReviewThread", "UnresolveReviewThread")
    },
}

"""Reviews of pull requests and their comments: list, and take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import reviews

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest, Review
    from bot.sandbox.rest.call import Call


@operation("pulls/list-reviews", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews")
async def list_reviews(call: Call) -> Answer:
    """List the reviews, oldest first; a pending one is shown to its author alone."""
    pull = _pull(call)
    return call.page([reviews.review(call.world, review) for review in pull.reviews if _is_shown(call, review)])


@operation("pulls/list-review-comments", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/comments")
async def list_comments(call: Call) -> Answer:
    """List what is said in the threads of a pull request, oldest first."""
    found = [comment for thread in _pull(call).threads for comment in thread.comments if not comment.review.pending]
    found.sort(key=lambda comment: comment.id, reverse=call.query.get("direction") == "desc")
    return call.page([reviews.comment(call.world, comment) for comment in found])


@operation("pulls/get-review-comment", "GET", "/repos/{owner}/{repo}/pulls/comments/{comment_id}")
async def get_comment(call: Call) -> Answer:
    """Show a review comment."""
    repository = call.repository("pull_requests")
    comment = call.world.reviews.find_comment(repository, call.number("comment_id"))
    return Answer(reviews.comment(call.world, comment))


@operation("pulls/delete-review-comment", "DELETE", "/repos/{owner}/{repo}/pulls/comments/{comment_id}")
async def delete_comment(call: Call) -> Answer:
    """Take a review comment away."""
    repository = call.repository("pull_requests", "write")
    comment = call.world.reviews.find_comment(repository, call.number("comment_id"))
    await call.world.reviews.delete_comment(comment, call.actor)
    return Answer(status=204)


def _pull(call: Call) -> PullRequest:
    return call.world.issues.find_pull(call.repository("pull_requests"), call.number("pull_number"))


def _is_shown(call: Call, review: Review) -> bool:
    return not review.pending or review.author is call.actor

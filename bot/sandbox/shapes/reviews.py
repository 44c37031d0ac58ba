"""Reviews of pull requests and their comments as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.git.hunks import hunks
from bot.sandbox.shapes.basics import Json, links, moment
from bot.sandbox.shapes.issues import association, reactions
from bot.sandbox.shapes.people import simple_user
from bot.sandbox.shapes.repositories import api_url, html_url

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest, Review, ReviewComment, ReviewThread
    from bot.sandbox.world import World


def review(world: World, record: Review) -> Json:
    """Return GitHub's ``pull-request-review``; only a submitted one tells when it was."""
    page = f"{_page(world, record.pull)}#pullrequestreview-{record.id}"
    url = _url(world, record.pull)
    submitted = {"submitted_at": moment(record.submitted_at)} if record.submitted_at else {}
    return {
        "id": record.id,
        "node_id": record.node_id,
        "user": simple_user(world, record.author),
        "body": record.body,
        "state": record.state.upper(),
        "html_url": page,
        "pull_request_url": url,
        "author_association": association(world, record.repository, record.author),
        "_links": links(html=page, pull_request=url),
        "commit_id": record.commit_oid,
        **submitted,
    }


def review_in_event(world: World, record: Review) -> Json:
    """Return a review as events show it: its state in lower case."""
    return {**review(world, record), "state": record.state, "body": record.body or None}


def comment(world: World, record: ReviewComment) -> Json:
    """Return GitHub's ``pull-request-review-comment``, as lists show it: what is null is left out."""
    whole = comment_in_event(world, record)
    nullable = {"start_line", "original_start_line", "start_side"}
    return {name: value for name, value in whole.items() if value is not None or name in nullable}


def comment_in_event(world: World, record: ReviewComment) -> Json:
    """Return a review comment as events show it: with null for what an outdated one has no longer."""
    thread, pull = record.thread, record.thread.pull
    url = f"{api_url(world, record.repository)}/pulls/comments/{record.id}"
    page = f"{_page(world, pull)}#discussion_r{record.id}"
    replied = {"in_reply_to_id": record.reply_to.id} if record.reply_to else {}
    return {
        "url": url,
        "pull_request_review_id": record.review.id,
        "id": record.id,
        "node_id": record.node_id,
        "diff_hunk": thread.diff_hunk,
        "commit_id": thread.original_oid if thread.outdated else pull.head_oid,
        "original_commit_id": thread.original_oid,
        **replied,
        "user": simple_user(world, record.author),
        "body": record.body,
        "created_at": moment(record.created_at),
        "updated_at": moment(record.updated_at),
        "html_url": page,
        "pull_request_url": _url(world, pull),
        "author_association": association(world, record.repository, record.author),
        "_links": links(itself=url, html=page, pull_request=_url(world, pull)),
        "reactions": reactions(url, tuple(found.content for found in record.reactions)),
        **_place(thread),
    }


def thread(world: World, record: ReviewThread) -> Json:
    """Return a thread as events show it."""
    return {"node_id": record.node_id, "comments": [comment_in_event(world, found) for found in record.comments]}


def _place(record: ReviewThread) -> Json:
    position = sum(len(hunk.lines) for hunk in hunks(record.diff_hunk)) or 1
    return {
        "path": record.path,
        "position": None if record.outdated else position,
        "original_position": position,
        "line": record.line if record.original_line is not None else None if record.outdated else 1,
        "original_line": record.original_line or 1,
        "start_line": record.start_line,
        "original_start_line": record.original_start_line,
        "side": record.side,
        "start_side": record.start_side,
        "subject_type": record.subject_type.lower(),
    }


def _url(world: World, pull: PullRequest) -> str:
    return f"{api_url(world, pull.repository)}/pulls/{pull.number}"


def _page(world: World, pull: PullRequest) -> str:
    return f"{html_url(world, pull.repository)}/pull/{pull.number}"

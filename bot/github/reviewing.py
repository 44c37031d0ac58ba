"""A review of a pull request: comments on its lines in one notification, and threads that are over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.github import review_documents
from bot.github.errors import Conflict, Forbidden, GitHubError, GitHubUnavailable, UnexpectedAnswer, Unprocessable
from bot.github.graphql import failure
from bot.github.scopes import Scope
from bot.github.talk import LONGEST_BODY

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.graphql import Problem, Reply


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment on lines of a file as the pull request leaves it, from `start_line` (None: one line) to `line`.

    Lines count from 1 and must be in the diff of the commit. `line` None: the comment is about the whole file.
    """

    path: str
    body: str
    line: int | None
    start_line: int | None = None


@dataclass(frozen=True, slots=True)
class EditedComment:
    """What a review comment of the bot's (its node id) says instead. Nobody is notified of it."""

    comment: str
    body: str


@dataclass(frozen=True, slots=True)
class PostReview:
    """What to say about a pull request (its node id) as it stands at `commit`, and the threads (nodes) that are over.

    `reopen` are threads that were resolved and whose matter is back, `edit` comments that say something else; one that
    GitHub does not change stays as it is. `pending` is the node of a review of the bot's
    that was never submitted: it goes first, for nobody may have two.
    """

    pull_request: str
    commit: str
    body: str
    comments: tuple[ReviewComment, ...] = ()
    resolve: tuple[str, ...] = ()
    reopen: tuple[str, ...] = ()
    edit: tuple[EditedComment, ...] = ()
    pending: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of a review, each by its index.

    `refused` are the comments that GitHub did not take, `unresolved` the threads that stay open, `unopened` those that
    stay closed.
    """

    refused: tuple[int, ...] = ()
    unresolved: tuple[int, ...] = ()
    unopened: tuple[int, ...] = ()


async def review(channel: RepositoryChannel, wish: PostReview) -> Reviewed:
    """Close threads, open some again, edit comments and post a review, in one document; for nothing, nothing is asked.

    GitHub runs the mutations of a document in order and does not stop at one that fails: a comment that it does not
    take leaves the others alone, and where it takes none there is no review. Raises Conflict where the review could not
    be begun, because the head moved meanwhile or another review is open; Forbidden (a locked conversation), NotFound.
    """
    if not (wish.comments or wish.resolve or wish.reopen or wish.edit):
        return Reviewed()
    document = review_documents.review(
        len(wish.resolve),
        len(wish.comments),
        pending=wish.pending is not None,
        reopened=len(wish.reopen),
        edited=len(wish.edit),
    )
    async with channel.turn(content=bool(wish.comments)):
        reply = await channel.mutate(document, _variables(wish), scope=_scope(wish))
        _raise_refused_as_a_whole(reply)
        refused = await _refused(channel, wish, reply)
        return Reviewed(refused, _left(reply, "r", len(wish.resolve)), _left(reply, "u", len(wish.reopen)))


def _scope(wish: PostReview) -> Scope:
    """Closing a thread, or opening it again, takes `contents: write`, although it changes no content.

    https://github.com/orgs/community/discussions/44650
    """
    return Scope.BUMP if wish.resolve or wish.reopen else Scope.REVIEW


def _variables(wish: PostReview) -> dict[str, Any]:
    variables: dict[str, Any] = {f"r{index}": {"threadId": thread} for index, thread in enumerate(wish.resolve)}
    variables |= {f"u{index}": {"threadId": thread} for index, thread in enumerate(wish.reopen)}
    for index, each in enumerate(wish.edit):
        variables[f"e{index}"] = {"pullRequestReviewCommentId": each.comment, "body": each.body[:LONGEST_BODY]}
    if wish.pending is not None:
        variables["pending"] = {"pullRequestReviewId": wish.pending}
    if wish.comments:
        said = {"pullRequestId": wish.pull_request, "body": wish.body[:LONGEST_BODY]}
        variables["review"] = said | {"commitOID": wish.commit}
        variables["submit"] = said | {"event": "COMMENT"}
    threads = {f"c{index}": _thread(wish.pull_request, comment) for index, comment in enumerate(wish.comments)}
    return variables | threads


def _thread(pull_request: str, comment: ReviewComment) -> dict[str, Any]:
    thread: dict[str, Any] = {"pullRequestId": pull_request, "path": comment.path}
    thread["body"] = comment.body[:LONGEST_BODY]
    if comment.line is None:
        return thread | {"subjectType": "FILE"}
    thread |= {"line": comment.line, "side": "RIGHT", "subjectType": "LINE"}
    if comment.start_line is None or comment.start_line >= comment.line:
        return thread
    return thread | {"startLine": comment.start_line, "startSide": "RIGHT"}


def _raise_refused_as_a_whole(reply: Reply) -> None:
    whole = [problem for problem in reply.problems if not problem.field]
    if whole:
        raise failure(whole, reply.url)


def _left(reply: Reply, letter: str, count: int) -> tuple[int, ...]:
    """Name the threads that did not close (or open) as they should; one that is gone counts as done."""
    gone = {_step(problem) for problem in reply.problems if problem.kind == "NOT_FOUND"}
    names = [f"{letter}{index}" for index in range(count)]
    return tuple(index for index, name in enumerate(names) if reply.data.get(name) is None and name not in gone)


async def _refused(channel: RepositoryChannel, wish: PostReview, reply: Reply) -> tuple[int, ...]:
    """Name the comments that GitHub did not take. Raises what kept the review from being posted."""
    if not wish.comments:
        return ()
    begun = _made(reply, "review", "pullRequestReview")
    submitted = _made(reply, "submit", "pullRequestReview") is not None
    threads = [_made(reply, f"c{index}", "thread") for index in range(len(wish.comments))]
    if begun is None:
        if submitted:
            await _take_back(channel, threads)
        raise _not_begun(reply)
    if not submitted:
        await _delete(channel, begun["id"])
        refusal = _refusal(reply, "submit")
        if any(threads) or not isinstance(refusal, Unprocessable):
            raise refusal
        return tuple(range(len(wish.comments)))
    both = zip(wish.comments, threads, strict=True)
    return tuple(index for index, (comment, thread) in enumerate(both) if not _shown(comment, thread))


def _step(problem: Problem) -> str:
    return problem.field.partition(".")[0]


def _made(reply: Reply, step: str, what: str) -> dict[str, Any] | None:
    made: dict[str, Any] | None = (reply.data.get(step) or {}).get(what)
    return made


def _shown(comment: ReviewComment, thread: dict[str, Any] | None) -> bool:
    """Tell whether a comment will be seen: GitHub may take one beside the diff, and then show it nowhere."""
    return thread is not None and (comment.line is None or thread["line"] is not None)


def _refusal(reply: Reply, step: str) -> GitHubError:
    problems = [problem for problem in reply.problems if _step(problem) == step]
    if not problems:
        return UnexpectedAnswer(f"GitHub answered neither with a review nor with a reason ({step})", url=reply.url)
    refusal = failure(problems, reply.url)
    if "submitted too quickly" in str(refusal):
        return GitHubUnavailable(str(refusal), status=refusal.status, url=refusal.url)
    return refusal


def _not_begun(reply: Reply) -> GitHubError:
    refusal = _refusal(reply, "review")
    if not isinstance(refusal, Unprocessable):
        return refusal
    kind = Forbidden if "locked" in str(refusal).lower() else Conflict
    return kind(str(refusal), status=refusal.status, url=refusal.url)


async def _take_back(channel: RepositoryChannel, threads: list[dict[str, Any] | None]) -> None:
    """Delete comments that were posted although their review was not begun: they may stand at the wrong lines."""
    comments = [node for thread in threads if thread is not None for node in thread["comments"]["nodes"] or []]
    with suppress(GitHubError):
        for comment in filter(None, comments):
            number = {"number": str(comment["databaseId"])}
            await channel.rest("DELETE", "/pulls/comments/{number}", number, scope=Scope.REVIEW)


async def _delete(channel: RepositoryChannel, pending: str) -> None:
    """Remove a review that was begun and not submitted; where that fails, the next review does."""
    with suppress(GitHubError):
        variables = {"review": {"pullRequestReviewId": pending}}
        await channel.mutate(review_documents.DELETE_REVIEW, variables, scope=Scope.REVIEW)

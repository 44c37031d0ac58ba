"""A review in one document, of which GitHub may take a part."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse

from bot.github import (
    Conflict,
    EditedComment,
    Forbidden,
    GitHubError,
    GitHubUnavailable,
    NotFound,
    PostReview,
    RateLimited,
    ReviewComment,
    Reviewed,
    UnexpectedAnswer,
    Unprocessable,
)
from bot.github.talk import LONGEST_BODY
from tests.github.scripted import Answer

BEGUN = {"pullRequestReview": {"id": "R_1"}}
REFUSED = {"type": "UNPROCESSABLE", "message": "line must be part of the diff"}
DELETE = "DELETE /repos/acme/shop/pulls/comments/"


def comment(
    line: int | None = 3, start_line: int | None = None, path: str = "a.yaml", body: str = "B"
) -> ReviewComment:
    return ReviewComment(path, body, line, start_line)


def wish(*comments: ReviewComment, **changed: Any) -> PostReview:
    return PostReview(
        **{"pull_request": "PR_3", "commit": "b" * 40, "body": "Two findings", "comments": comments} | changed
    )


def added(number: int = 1, line: int | None = 3) -> dict[str, Any]:
    return {"thread": {"id": f"T{number}", "line": line, "comments": {"nodes": [{"databaseId": number}]}}}


def done(*problems: tuple[str, dict[str, Any]], **steps: Any) -> Answer:
    """An answer with these steps, and problems at the places of others."""
    data = {step: None for step, _ in problems} | steps
    errors = [{**problem, "path": [step]} for step, problem in problems]
    return Answer({"data": data} | ({"errors": errors} if errors else {}))


async def test_one_document_in_its_order(repo, server):
    server.on("Review", done(pending={}, r0={}, r1={}, review=BEGUN, c0=added(1), c1=added(2), submit=BEGUN))
    posted = await repo.review(wish(comment(), comment(), resolve=("T8", "T9"), pending="R_0"))
    assert posted == Reviewed()
    assert server.asked == ["Review"]
    (mutation, _) = parse(server.requests("Review")[0].data["query"]).definitions
    steps = ["pending", "r0", "r1", "review", "c0", "c1", "submit"]
    assert [field.alias.value for field in mutation.selection_set.selections] == steps


async def test_what_is_said_travels_in_variables(repo, server):
    server.on("Review", done(review=BEGUN, c0=added(), c1=added(line=None), c2=added(), submit=BEGUN))
    await repo.review(wish(comment(3, 2, body='"} evil {'), comment(None), comment(3, 3), resolve=()))
    (asked,) = server.requests("Review")
    thread = {"pullRequestId": "PR_3", "path": "a.yaml"}
    line = {"line": 3, "side": "RIGHT", "subjectType": "LINE"}
    assert asked.variables == {
        "review": {"pullRequestId": "PR_3", "commitOID": "b" * 40, "body": "Two findings"},
        "c0": thread | line | {"body": '"} evil {', "startLine": 2, "startSide": "RIGHT"},
        "c1": thread | {"body": "B", "subjectType": "FILE"},
        "c2": thread | line | {"body": "B"},
        "submit": {"pullRequestId": "PR_3", "event": "COMMENT", "body": "Two findings"},
    }
    assert "evil" not in asked.data["query"]


async def test_bodies_are_cut_to_what_github_takes(repo, server):
    server.on("Review", done(review=BEGUN, c0=added(), submit=BEGUN))
    await repo.review(wish(comment(body="x" * 70_000), body="y" * 70_000))
    variables = server.requests("Review")[0].variables
    assert {len(variables[name]["body"]) for name in ("review", "c0", "submit")} == {LONGEST_BODY}


async def test_comments_are_edited_in_the_same_document_before_the_review(repo, server):
    server.on("Review", done(r0={}, e0={}, review=BEGUN, c0=added(), submit=BEGUN))
    edit = (EditedComment("C_1", "anew"),)
    assert await repo.review(wish(comment(), resolve=("T8",), edit=edit)) == Reviewed()
    (asked,) = server.requests("Review")
    assert asked.variables["e0"] == {"pullRequestReviewCommentId": "C_1", "body": "anew"}
    (mutation, _) = parse(asked.data["query"]).definitions
    steps = ["r0", "e0", "review", "c0", "submit"]
    assert [field.alias.value for field in mutation.selection_set.selections] == steps


async def test_a_comment_that_cannot_be_edited_leaves_the_rest_alone(repo, server):
    server.on("Review", done(("e0", {"type": "NOT_FOUND", "message": "gone"}), review=BEGUN, c0=added(), submit=BEGUN))
    assert await repo.review(wish(comment(), edit=(EditedComment("C_1", "anew"),))) == Reviewed()


async def test_editing_alone_takes_no_more_than_a_review_and_is_no_new_content(repo, server, pace):
    server.on("Review", done(e0={}))
    await repo.review(wish(edit=(EditedComment("C_1", "anew"),)))
    assert (pace.reserved, pace.contents) == (1, 0)
    assert server.minted[0]["permissions"]["contents"] == "read"


@pytest.mark.parametrize("pending", [None, "R_0"])
async def test_nothing_to_say_is_no_request(repo, server, pending):
    assert await repo.review(wish(pending=pending)) == Reviewed()
    assert server.seen == []


@pytest.mark.parametrize(("comments", "contents"), [((comment(),), 1), ((), 0)])
async def test_only_comments_count_as_new_content(repo, server, pace, comments, contents):
    server.on("Review", done(r0={}, review=BEGUN, c0=added(), submit=BEGUN))
    await repo.review(wish(*comments, resolve=("T1",)))
    assert (pace.reserved, pace.contents) == (1, contents)


@pytest.mark.parametrize(("resolve", "contents"), [((), "read"), (("T1",), "write")])
async def test_only_closing_a_thread_takes_more_than_a_review(repo, server, resolve, contents):
    server.on("Review", done(r0={}, review=BEGUN, c0=added(), submit=BEGUN))
    await repo.review(wish(comment(), resolve=resolve))
    assert server.minted[0]["permissions"]["contents"] == contents


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (done(("c0", REFUSED), review=BEGUN, c1=added(), submit=BEGUN), (0,)),
        (done(review=BEGUN, c0=added(), c1={"thread": None}, submit=BEGUN), (1,)),
        (done(review=BEGUN, c0=added(line=None), c1=added(), submit=BEGUN), (0,)),
        (done(("c0", REFUSED), ("c1", REFUSED), review=BEGUN, submit=BEGUN), (0, 1)),
    ],
)
async def test_a_comment_that_is_not_taken_leaves_the_others_alone(repo, server, answer, refused):
    server.on("Review", answer)
    assert (await repo.review(wish(comment(), comment()))).refused == refused
    assert server.asked == ["Review"]


async def test_a_comment_about_a_file_has_no_line(repo, server):
    server.on("Review", done(review=BEGUN, c0=added(line=None), submit=BEGUN))
    assert (await repo.review(wish(comment(None)))).refused == ()


async def test_where_nothing_is_taken_no_unfinished_review_stays(repo, server):
    empty = {"type": "UNPROCESSABLE", "message": "Body can't be blank"}
    server.on("Review", done(("c0", REFUSED), ("submit", empty), review=BEGUN))
    server.on("DeleteReview", done(deleted={}))
    assert (await repo.review(wish(comment()))).refused == (0,)
    assert server.requests("DeleteReview")[0].variables == {"review": {"pullRequestReviewId": "R_1"}}


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        ({"type": "UNPROCESSABLE", "message": "no"}, Unprocessable),
        ({"type": "FORBIDDEN", "message": "no"}, Forbidden),
        ({"type": "UNPROCESSABLE", "message": "was submitted too quickly"}, GitHubUnavailable),
        ({"message": "Something went wrong while executing your query"}, GitHubUnavailable),
    ],
)
async def test_a_review_that_cannot_be_submitted_is_removed_and_told(repo, server, problem, error):
    server.on("Review", done(("submit", problem), review=BEGUN, c0=added()))
    server.on("DeleteReview", done(deleted={}))
    with pytest.raises(error):
        await repo.review(wish(comment()))
    assert len(server.requests("DeleteReview")) == 1


async def test_the_reason_is_told_even_where_the_review_cannot_be_removed(repo, server):
    server.on("Review", done(("submit", {"type": "FORBIDDEN", "message": "no"}), review=BEGUN, c0=added()))
    server.on("DeleteReview", Answer(status=502))
    with pytest.raises(Forbidden):
        await repo.review(wish(comment()))


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        ({"type": "UNPROCESSABLE", "message": "User can only have one pending review per pull request"}, Conflict),
        ({"type": "UNPROCESSABLE", "message": "The commitOID is not part of the pull request"}, Conflict),
        ({"type": "UNPROCESSABLE", "message": "Conversation is locked"}, Forbidden),
        ({"type": "FORBIDDEN", "message": "Resource not accessible by integration"}, Forbidden),
        ({"type": "NOT_FOUND", "message": "Could not resolve to a node"}, NotFound),
        ({"type": "UNPROCESSABLE", "message": "was submitted too quickly"}, GitHubUnavailable),
    ],
)
async def test_a_review_that_cannot_be_begun_says_why(repo, server, problem, error):
    server.on("Review", done(("review", problem), ("c0", REFUSED), ("submit", REFUSED)))
    with pytest.raises(error, match=problem["message"][:20]):
        await repo.review(wish(comment()))
    assert server.asked == ["Review"]


@pytest.mark.parametrize("deleted", [204, 404, 502])
async def test_comments_posted_without_their_review_are_taken_back(repo, server, deleted):
    moved = {"type": "UNPROCESSABLE", "message": "The commitOID is not part of the pull request"}
    server.on(
        "Review", done(("review", moved), ("c1", REFUSED), c0=added(7), submit={"pullRequestReview": {"id": "R_2"}})
    )
    server.on(DELETE + "7", Answer(status=deleted, body=b""))
    with pytest.raises(Conflict):
        await repo.review(wish(comment(), comment()))
    assert server.asked == ["Review", DELETE + "7"]


@pytest.mark.parametrize(
    ("problem", "unresolved"),
    [
        ({"type": "NOT_FOUND", "message": "gone"}, ()),
        ({"type": "FORBIDDEN", "message": "no"}, (1,)),
        ({"type": "UNPROCESSABLE", "message": "no"}, (1,)),
    ],
)
async def test_a_thread_that_does_not_close_is_told_unless_it_is_gone(repo, server, problem, unresolved):
    server.on("Review", done(("r1", problem), r0={"thread": {"id": "T1"}}))
    assert (await repo.review(wish(resolve=("T1", "T2")))).unresolved == unresolved


async def test_threads_open_again_in_the_same_document(repo, server):
    server.on("Review", done(r0={}, u0={"thread": {"id": "T2"}}, u1=None))
    assert await repo.review(wish(resolve=("T1",), reopen=("T2", "T3"))) == Reviewed(unopened=(1,))
    (asked,) = server.requests("Review")
    assert asked.variables == {"r0": {"threadId": "T1"}, "u0": {"threadId": "T2"}, "u1": {"threadId": "T3"}}


async def test_opening_a_thread_again_takes_what_closing_one_takes(repo, server):
    server.on("Review", done(u0={}))
    await repo.review(wish(reopen=("T1",)))
    assert server.minted[0]["permissions"]["contents"] == "write"


async def test_an_unfinished_review_that_is_gone_already_changes_nothing(repo, server):
    gone = {"type": "NOT_FOUND", "message": "gone"}
    server.on("Review", done(("pending", gone), review=BEGUN, c0=added(), submit=BEGUN))
    assert await repo.review(wish(comment(), pending="R_0")) == Reviewed()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"errors": [{"type": "FORBIDDEN", "message": "no"}]}), Forbidden),
        (
            Answer({"data": None, "errors": [{"message": "Something went wrong while executing your query"}]}),
            GitHubUnavailable,
        ),
        (
            Answer({"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}),
            RateLimited,
        ),
        (Answer(status=502, body=b"<html>"), GitHubUnavailable),
        (Answer({"data": {}}), UnexpectedAnswer),
        (done(review={}, c0=None, submit=None), UnexpectedAnswer),
    ],
)
@pytest.mark.parametrize("resolve", [(), ("T1",)])
async def test_a_document_that_fails_as_a_whole_is_an_error(repo, server, answer, error, resolve):
    server.on("Review", answer)
    with pytest.raises(error):
        await repo.review(wish(comment(), resolve=resolve))


async def test_a_refusal_never_shows_a_credential(repo, server):
    told = {"type": "UNPROCESSABLE", "message": "no ghs_abcdefghijklmnop"}
    server.on("Review", done(("review", told)))
    with pytest.raises(GitHubError) as raised:
        await repo.review(wish(comment()))
    assert "ghs_abc" not in str(raised.value)

"""Reviews are begun, get their threads, are submitted, and their threads are resolved."""

import pytest

from bot.sandbox.model import Role
from tests.sandbox.graphql.conftest import PERMISSIONS
from tests.sandbox.graphql.test_pull_requests import mutation, read

PATH = "deploy/api.yaml"
BEFORE = [f"line {number}" for number in range(1, 31)]
AFTER = [*BEFORE[:9], "ten", "ten and a half", *BEFORE[10:19], "twenty", *BEFORE[20:]]
# Hunks of the new file: lines 7 to 14 and 18 to 24.

BEGIN = mutation("addPullRequestReview", "pullRequestReview { id state author { login } commit { oid } body }")
ADD = mutation(
    "addPullRequestReviewThread",
    "thread { id path line startLine subjectType isResolved isOutdated comments(first: 5) { nodes { body state } } }",
)
SUBMIT = mutation("submitPullRequestReview", "pullRequestReview { state body comments(first: 9) { totalCount } }")
DELETE = mutation("deletePullRequestReview", "pullRequestReview { id }")
RESOLVE = mutation("resolveReviewThread", "thread { isResolved resolvedBy { login } viewerCanResolve }")
EDIT = mutation("updatePullRequestReviewComment", "pullRequestReviewComment { body }")
THREADS = "reviewThreads(first: 50) { totalCount nodes { id isResolved isOutdated path line startLine originalLine } }"


def text(lines):
    return "\n".join([*lines, ""]).encode()


@pytest.fixture
async def pull(place):
    await place.commit({PATH: text(BEFORE), "docs/a.md": b"a\n"})
    await place.commit({PATH: text(AFTER), "logo.png": b"\0\1", "new.txt": b"one\n"}, "change")
    ann = place.world.add_account("ann")
    return await place.world.pulls.open(
        place.repository, head="change", base="main", title="Change", body=None, actor=ann
    )


async def begin(place, pull, **values):
    data = await place.data(BEGIN, input={"pullRequestId": pull.node_id, **values})
    return data["addPullRequestReview"]["pullRequestReview"]


async def add(place, review, line=10, **values):
    wish = {"pullRequestReviewId": review["id"], "path": PATH, "body": "Look", "line": line, **values}
    return await place.ask(ADD, input=wish)


async def posted(place, pull, line=10, **values):
    """Post a review of one thread; returns the thread's id."""
    review = await begin(place, pull)
    answer = await add(place, review, line, **values)
    await place.data(SUBMIT, input={"pullRequestReviewId": review["id"], "event": "COMMENT"})
    return answer["data"]["addPullRequestReviewThread"]["thread"]["id"]


async def test_a_review_is_begun_filled_and_submitted(place, pull):
    review = await begin(place, pull, commitOID=pull.head_oid, body="Two things")
    assert (review["state"], review["author"], review["commit"]) == (
        "PENDING",
        {"login": "niro"},
        {"oid": pull.head_oid},
    )
    first, second = await add(place, review), await add(place, review, 12, startLine=10)
    assert first["data"]["addPullRequestReviewThread"]["thread"]["comments"]["nodes"] == [
        {"body": "Look", "state": "PENDING"}
    ]
    thread = second["data"]["addPullRequestReviewThread"]["thread"]
    assert (thread["path"], thread["line"], thread["startLine"], thread["subjectType"]) == (PATH, 12, 10, "LINE")
    data = await place.data(SUBMIT, input={"pullRequestReviewId": review["id"], "event": "COMMENT"})
    submitted = {"state": "COMMENTED", "body": "Two things", "comments": {"totalCount": 2}}
    assert data["submitPullRequestReview"]["pullRequestReview"] == submitted


async def test_what_is_pending_is_shown_to_its_author_alone(place, pull):
    await add(place, await begin(place, pull))
    ann = place.world.tokens.check(f"token {place.world.tokens.for_user(place.world.account('ann'))}")
    fields = "reviews(first: 5, states: [PENDING]) { totalCount } reviewThreads(first: 5) { totalCount }"
    query = f'{{ repository(owner: "acme", name: "shop") {{ pullRequest(number: 1) {{ {fields} }} }} }}'
    shown = {}
    for name, token in (("bot", place.token), ("ann", ann)):
        found = (await place.ask(query, token=token))["data"]["repository"]["pullRequest"]
        shown[name] = (found["reviews"]["totalCount"], found["reviewThreads"]["totalCount"])
    assert shown == {"bot": (1, 1), "ann": (0, 0)}


async def test_there_is_one_pending_review_for_each_person_and_pull_request(place, pull):
    review = await begin(place, pull)
    answer = await place.ask(BEGIN, input={"pullRequestId": pull.node_id})
    assert answer["errors"][0]["message"] == "User can only have one pending review per pull request"
    assert answer["errors"][0]["type"] == "UNPROCESSABLE"
    await place.data(DELETE, input={"pullRequestReviewId": review["id"]})
    assert (await begin(place, pull))["id"] != review["id"]


async def test_a_pending_review_is_deleted_with_its_threads_and_a_submitted_one_stays(place, pull):
    review = await begin(place, pull)
    await add(place, review)
    await place.data(DELETE, input={"pullRequestReviewId": review["id"]})
    assert (await read(place, THREADS))["reviewThreads"]["totalCount"] == 0
    await posted(place, pull)
    (submitted,) = pull.reviews
    answer = await place.ask(DELETE, input={"pullRequestReviewId": submitted.node_id})
    assert answer["errors"][0]["message"] == "Can not delete a non-pending pull request review"


@pytest.mark.parametrize(
    ("values", "taken"),
    [
        ({"line": 10}, True),
        ({"line": 7}, True),
        ({"line": 14}, True),
        ({"line": 14, "startLine": 7}, True),
        ({"line": 10, "side": "LEFT"}, True),
        ({"line": 6}, False),
        ({"line": 15}, False),
        ({"line": 17, "side": "RIGHT"}, False),
        ({"line": 18}, True),
        ({"line": 0}, False),
        ({"line": 20, "startLine": 10}, False),
        ({"line": 10, "startLine": 10}, False),
        ({"line": 10, "startLine": 12}, False),
        ({"line": None}, False),
        ({"line": None, "subjectType": "FILE"}, True),
        ({"line": 1, "path": "new.txt"}, True),
        ({"line": 2, "path": "new.txt"}, False),
        ({"line": 1, "path": "logo.png"}, False),
        ({"line": None, "path": "logo.png", "subjectType": "FILE"}, True),
        ({"line": 1, "path": "docs/a.md"}, False),
        ({"line": None, "path": "docs/a.md", "subjectType": "FILE"}, False),
        ({"line": 1, "path": "absent"}, False),
        ({"line": 10, "body": "  "}, False),
    ],
)
async def test_a_thread_stands_where_the_diff_shows_its_lines(place, pull, values, taken):
    review = await begin(place, pull)
    answer = await add(place, review, **values)
    assert ("errors" not in answer, len(pull.threads)) == (taken, int(taken))


async def test_a_refused_thread_leaves_those_beside_it_in_the_same_document(place, pull):
    review = await begin(place, pull)
    query = """mutation($good: AddPullRequestReviewThreadInput!, $bad: AddPullRequestReviewThreadInput!) {
      one: addPullRequestReviewThread(input: $bad) { thread { id } }
      two: addPullRequestReviewThread(input: $good) { thread { line } } }"""
    wish = {"pullRequestReviewId": review["id"], "path": PATH, "body": "Look"}
    answer = await place.ask(query, good={**wish, "line": 10}, bad={**wish, "line": 1})
    assert answer["data"] == {"one": None, "two": {"thread": {"line": 10}}}
    assert [(error["path"], error["type"]) for error in answer["errors"]] == [(["one"], "UNPROCESSABLE")]
    assert "must be part of the diff" in answer["errors"][0]["message"]


async def test_a_refused_thread_can_be_null_without_a_word(place, pull):
    place.world.reviews.swallows = True
    answer = await add(place, await begin(place, pull), 1)
    assert answer == {"data": {"addPullRequestReviewThread": {"thread": None}}}


async def test_a_refused_thread_can_be_there_and_shown_nowhere(place, pull):
    place.world.reviews.hides = True
    answer = await add(place, await begin(place, pull), 1)
    assert answer["data"]["addPullRequestReviewThread"]["thread"]["line"] is None


async def test_a_thread_begins_the_review_that_is_missing(place, pull):
    await place.data(ADD, input={"pullRequestId": pull.node_id, "path": PATH, "line": 10, "body": "Look"})
    wish = {"pullRequestId": pull.node_id, "event": "COMMENT"}
    assert (await place.data(SUBMIT, input=wish))["submitPullRequestReview"]["pullRequestReview"][
        "state"
    ] == "COMMENTED"


@pytest.mark.parametrize(("event", "body"), [("COMMENT", ""), ("COMMENT", None), ("REQUEST_CHANGES", " ")])
async def test_a_review_that_says_nothing_is_not_submitted(place, pull, event, body):
    review = await begin(place, pull)
    answer = await place.ask(SUBMIT, input={"pullRequestReviewId": review["id"], "event": event, "body": body})
    assert answer["errors"][0]["message"].startswith("Could not ")
    assert pull.reviews[0].pending


async def test_a_review_is_submitted_once(place, pull):
    await posted(place, pull)
    (review,) = pull.reviews
    answer = await place.ask(SUBMIT, input={"pullRequestReviewId": review.node_id, "event": "COMMENT", "body": "More"})
    assert answer["errors"][0]["message"] == "Review has already been submitted."


async def test_a_commit_of_the_pull_request_is_reviewed_and_no_other(place, pull):
    older = pull.head_oid
    await place.commit({"more.txt": b"1\n"}, "change")
    assert (await begin(place, pull, commitOID=older))["commit"] == {"oid": older}
    for oid in (await place.repository.git.branch("main"), "1" * 40):
        answer = await place.ask(BEGIN, input={"pullRequestId": pull.node_id, "commitOID": oid})
        assert answer["errors"][0]["message"] == f"Commit {oid} is not part of the pull request"


async def test_a_closed_pull_request_is_reviewed_and_a_locked_one_only_by_who_may_write(place, pull):
    await place.world.pulls.close(pull, place.world.web)
    await posted(place, pull)
    pull.locked = True
    answer = await place.ask(BEGIN, input={"pullRequestId": pull.node_id})
    assert [error["type"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert answer["errors"][0]["message"] == "Unable to create comment because issue is locked."
    bob = place.world.add_account("bob")
    place.repository.collaborators["bob"] = Role.WRITE
    assert (await place.world.reviews.begin(pull, bob)).pending


async def test_a_thread_is_resolved_once_and_taken_up_again(place, pull):
    thread = await posted(place, pull)
    for _ in range(2):
        data = await place.data(RESOLVE, input={"threadId": thread})
        assert data["resolveReviewThread"]["thread"]["isResolved"]
    await place.data(mutation("unresolveReviewThread", "thread { isResolved }"), input={"threadId": thread})
    assert not pull.threads[0].resolved


async def test_an_app_resolves_threads_only_with_the_permission_to_write_contents(place, pull):
    thread = await posted(place, pull)
    token = place.token_with(**(PERMISSIONS | {"contents": "read"}))
    answer = await place.ask(RESOLVE, token=token, input={"threadId": thread})
    assert answer["data"] == {"resolveReviewThread": None}
    assert answer["errors"][0]["message"] == "Resource not accessible by integration"
    assert (await place.ask(BEGIN, token=token, input={"pullRequestId": pull.node_id}))["data"]["addPullRequestReview"]


@pytest.mark.parametrize("query", [BEGIN, ADD, SUBMIT, DELETE, RESOLVE])
async def test_what_is_not_there_is_not_found(place, pull, query):
    inputs = {
        BEGIN: {"pullRequestId": "PR_absent"},
        ADD: {"pullRequestReviewId": "PRR_absent", "path": PATH, "line": 10, "body": "Look"},
        SUBMIT: {"pullRequestReviewId": "PRR_absent", "event": "COMMENT"},
        DELETE: {"pullRequestReviewId": "PRR_absent"},
        RESOLVE: {"threadId": pull.node_id},
    }
    answer = await place.ask(query, input=inputs[query])
    assert [error["type"] for error in answer["errors"]] == ["NOT_FOUND"]


async def lines(place):
    """Each thread as (line, outdated)."""
    found = await read(place, THREADS)
    return [(thread["line"], thread["isOutdated"]) for thread in found["reviewThreads"]["nodes"]]


async def test_a_thread_moves_with_its_line_and_is_outdated_once_it_changes(place, pull):
    await posted(place, pull)
    await place.commit({PATH: text(["first", "second", *AFTER])}, "change")
    assert await lines(place) == [(12, False)]
    await place.commit({PATH: text(["first", "second", *AFTER[:9], "TEN", *AFTER[10:]])}, "change")
    assert await lines(place) == [(None, True)]
    assert (await read(place, THREADS))["reviewThreads"]["nodes"][0]["originalLine"] == 10


async def test_a_thread_of_several_lines_is_outdated_once_one_of_them_changes(place, pull):
    await posted(place, pull, 12, startLine=10)
    await place.commit({PATH: text([*AFTER[:9], "TEN", *AFTER[10:]])}, "change")
    assert await lines(place) == [(None, True)]


async def test_a_thread_stays_where_the_branch_is_force_pushed(place, pull):
    await posted(place, pull)
    await posted(place, pull, None, subjectType="FILE")
    git = place.repository.git
    commit = await git.commit(pull.head_oid)
    again = await git.write_commit(
        commit.tree, [await git.branch("main")], "Anew", author=commit.author, committer=commit.author
    )
    await place.world.refs.update(place.repository, "refs/heads/change", again, place.world.web, force=True)
    assert pull.head_oid == again
    assert await lines(place) == [(10, False), (None, False)]


async def test_a_thread_is_outdated_where_its_file_is_no_longer_changed(place, pull):
    await posted(place, pull)
    await posted(place, pull, None, subjectType="FILE")
    await place.commit({PATH: text(BEFORE)}, "change")
    assert await lines(place) == [(None, True), (None, True)]


async def test_a_thread_is_outdated_where_the_diff_no_longer_shows_its_lines(place, pull):
    for line in (7, 20):
        await posted(place, pull, line)
    await place.commit({PATH: text([*BEFORE[:19], "twenty", *BEFORE[20:]])}, "change")
    assert await lines(place) == [(None, True), (19, False)]
    await place.commit({PATH: text(["first", *AFTER])}, "change")
    assert await lines(place) == [(8, False), (21, False)]


async def test_a_thread_about_the_old_file_follows_the_base(place, pull):
    await posted(place, pull, 10, side="LEFT")
    await place.commit({PATH: text([*AFTER[:9], "TEN", *AFTER[10:]])}, "change")
    assert await lines(place) == [(10, False)]
    main = await place.commit({PATH: text(["first", *BEFORE])})
    again = await place.commit({PATH: text(["first", *AFTER])}, "again")
    await place.world.refs.update(place.repository, "refs/heads/change", again, place.world.web, force=True)
    assert (pull.base_oid, await lines(place)) == (main, [(11, False)])


async def test_a_review_of_an_older_commit_stands_where_its_lines_are_now(place, pull):
    older = pull.head_oid
    await place.commit({PATH: text(["first", *AFTER])}, "change")
    review = await begin(place, pull, commitOID=older)
    answer = await add(place, review, 10)
    assert answer["data"]["addPullRequestReviewThread"]["thread"]["line"] == 11


async def test_a_whole_review_is_posted_by_one_mutation_or_not_at_all(place, pull):
    thread = {"path": PATH, "line": 10, "body": "Look"}
    wish = {"pullRequestId": pull.node_id, "event": "COMMENT", "threads": [thread, {**thread, "line": 1}]}
    answer = await place.ask(BEGIN, input=wish)
    assert (len(answer["errors"]), pull.reviews, pull.threads) == (1, [], [])
    data = await place.data(BEGIN, input={**wish, "threads": [thread]})
    assert data["addPullRequestReview"]["pullRequestReview"]["state"] == "COMMENTED"


async def test_too_many_reviews_are_refused(place, pull):
    place.world.limits.settings.content_each_minute = 0
    review = await begin(place, pull, body="Look")
    answer = await place.ask(SUBMIT, input={"pullRequestReviewId": review["id"], "event": "COMMENT"})
    assert answer["errors"][0]["message"] == "was submitted too quickly"


async def test_a_comment_says_what_it_is(place, pull):
    await posted(place, pull)
    fields = """reviewThreads(first: 1) { nodes { viewerCanResolve comments(first: 1) { nodes {
      databaseId author { __typename login } body path line outdated viewerDidAuthor diffHunk url
      pullRequestReview { state } originalCommit { oid } } } } }"""
    (thread,) = (await read(place, fields))["reviewThreads"]["nodes"]
    (comment,) = thread["comments"]["nodes"]
    record = pull.threads[0].comments[0]
    assert thread["viewerCanResolve"]
    assert comment == {
        "databaseId": record.id,
        "author": {"__typename": "Bot", "login": "niro"},
        "body": "Look",
        "path": PATH,
        "line": 10,
        "outdated": False,
        "viewerDidAuthor": True,
        "diffHunk": "@@ -7,7 +7,8 @@ line 6\n line 7\n line 8\n line 9\n-line 10\n+ten",
        "url": f"{place.world.url}/acme/shop/pull/1#discussion_r{record.id}",
        "pullRequestReview": {"state": "COMMENTED"},
        "originalCommit": {"oid": pull.head_oid},
    }


async def test_a_comment_is_edited_by_its_author_alone(place, pull):
    await posted(place, pull)
    comment = pull.threads[0].comments[0]
    wish = {"pullRequestReviewCommentId": comment.node_id, "body": "Look again"}
    answer = await place.data(EDIT, input=wish)
    assert answer["updatePullRequestReviewComment"]["pullRequestReviewComment"] == {"body": "Look again"}
    comment.author = place.world.add_account("ben")
    refused = await place.ask(EDIT, input={**wish, "body": "Mine"})
    assert refused["errors"][0]["type"] == "FORBIDDEN"
    assert comment.body == "Look again"

"""Branches are moved and files are committed, and what cannot be done is refused without half of it done."""

import pytest

from tests.sandbox.graphql.conftest import addition

ZERO = "0" * 40
UPDATE_REFS = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
COMMIT = """mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid signature { isValid } author { user { login } } } ref { name } }
}"""


def ref_updates(place, *updates):
    names = ("name", "afterOid", "beforeOid", "force")
    given = [dict(zip(names, update, strict=False)) for update in updates]
    return {"repositoryId": place.repository.node_id, "refUpdates": given, "clientMutationId": "mark"}


def commit_input(head, *, files=None, deletions=(), branch="main", message=None):
    return {
        "branch": {"repositoryNameWithOwner": "acme/shop", "branchName": branch},
        "expectedHeadOid": head,
        "message": message or {"headline": "Bump nginx", "body": "To 1.26"},
        "fileChanges": {
            "additions": [addition(path, content) for path, content in (files or {}).items()],
            "deletions": [{"path": path} for path in deletions],
        },
    }


async def head(place, branch="main"):
    return await place.repository.git.branch(branch)


async def test_branches_are_created_moved_and_deleted_together(place):
    start, moved = await head(place), await place.commit({"file": b"1"}, "moved")
    await place.commit({"file": b"2"}, "gone")
    updates = ref_updates(
        place,
        ("refs/heads/new", start, ZERO),
        ("refs/heads/moved", start, moved, True),
        ("refs/heads/gone", ZERO),
    )
    data = await place.data(UPDATE_REFS, input=updates)
    assert data == {"updateRefs": {"clientMutationId": "mark"}}
    assert await place.repository.git.branches() == {"main": start, "moved": start, "new": start}


@pytest.mark.parametrize(
    "second",
    [
        ("refs/heads/main", "HEAD", ZERO),
        ("refs/heads/other", "a" * 40, ZERO),
        ("refs/heads/b..d", "HEAD", ZERO),
        ("refs/heads/ahead", "HEAD", None),
        ("refs/heads/main", ZERO, None),
    ],
    ids=["exists already", "no such object", "no name for a branch", "not a fast forward", "the default branch"],
)
async def test_either_all_branches_move_or_none(place, second):
    start = await head(place)
    await place.commit({"file": b"1"}, "ahead")
    before = await place.repository.git.branches()
    name, after, expected = second
    updates = ref_updates(
        place, ("refs/heads/first", start, ZERO), (name, start if after == "HEAD" else after, expected)
    )
    answer = await place.ask(UPDATE_REFS, input=updates)
    assert answer["data"] == {"updateRefs": None}
    assert (answer["errors"][0]["type"], answer["errors"][0]["path"]) == ("UNPROCESSABLE", ["updateRefs"])
    assert await place.repository.git.branches() == before


async def test_a_commit_is_signed_by_github_and_authored_by_the_app(place):
    start = await head(place)
    data = await place.data(COMMIT, input=commit_input(start, files={"apps/web.yml": b"image: nginx:1.26\n"}))
    made = data["createCommitOnBranch"]
    assert made["commit"] == {
        "oid": await head(place),
        "signature": {"isValid": True},
        "author": {"user": {"login": "niro[bot]"}},
    }
    assert made["ref"] == {"name": "main"}
    commit = await place.repository.git.commit("main")
    assert (commit.parents, commit.message) == ((start,), "Bump nginx\n\nTo 1.26")
    assert (await place.repository.git.read("main:apps/web.yml")).content == b"image: nginx:1.26\n"


async def test_a_commit_can_remove_files(place):
    await place.data(COMMIT, input=commit_input(await head(place), deletions=["README.md"]))
    assert await place.repository.git.resolve("main:README.md") is None
    assert await place.repository.git.resolve("main:apps/web.yml") is not None


async def test_a_commit_on_a_branch_that_moved_is_refused_as_stale(place):
    start = await head(place)
    await place.commit({"file": b"1"})
    answer = await place.ask(COMMIT, input=commit_input(start, files={"file": b"2"}))
    assert answer["data"] == {"createCommitOnBranch": None}
    assert answer["errors"][0]["type"] == "STALE_DATA"
    assert start in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"branch": {"repositoryNameWithOwner": "acme/shop", "branchName": "absent"}}, "NOT_FOUND"),
        ({"branch": {"repositoryNameWithOwner": "acme/absent", "branchName": "main"}}, "NOT_FOUND"),
        ({"branch": {"branchName": "main"}}, "UNPROCESSABLE"),
        ({"fileChanges": {"additions": [{"path": "file", "contents": "*"}]}}, "UNPROCESSABLE"),
        ({"fileChanges": {"additions": [{"path": "../file", "contents": ""}]}}, "UNPROCESSABLE"),
        ({"fileChanges": {"additions": [{"path": ".git/config", "contents": ""}]}}, "UNPROCESSABLE"),
        ({"fileChanges": {"deletions": [{"path": "absent"}]}}, "UNPROCESSABLE"),
        ({"fileChanges": {"additions": [{"path": ".github/workflows/x.yml", "contents": ""}]}}, "FORBIDDEN"),
    ],
    ids=str,
)
async def test_a_commit_that_cannot_be_is_refused(place, changes, kind):
    start = await head(place)
    answer = await place.ask(COMMIT, input=commit_input(start, files={"file": b"1"}) | changes)
    assert [error["type"] for error in answer["errors"]] == [kind]
    assert await head(place) == start


async def test_a_token_that_only_reads_writes_nothing(place):
    start = await head(place)
    wish = commit_input(start, files={"file": b"1"})
    answer = await place.ask(COMMIT, token=place.token_with(contents="read"), input=wish)
    assert [error["type"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await head(place) == start


async def test_a_branch_is_created_moved_and_deleted_by_its_own_mutations(place):
    start, ahead = await head(place), await place.commit({"file": b"1"}, "ahead")
    create = "mutation($input: CreateRefInput!) { createRef(input: $input) { ref { id name target { oid } } } }"
    wish = {"repositoryId": place.repository.node_id, "name": "refs/heads/new", "oid": start}
    ref = (await place.data(create, input=wish))["createRef"]["ref"]
    assert (ref["name"], ref["target"]["oid"]) == ("new", start)
    update = "mutation($input: UpdateRefInput!) { updateRef(input: $input) { ref { target { oid } } } }"
    await place.data(update, input={"refId": ref["id"], "oid": ahead})
    assert await head(place, "new") == ahead
    answer = await place.ask(update, input={"refId": ref["id"], "oid": start})
    assert answer["errors"][0]["message"] == "Update is not a fast forward"
    delete = "mutation($input: DeleteRefInput!) { deleteRef(input: $input) { clientMutationId } }"
    await place.data(delete, input={"refId": ref["id"]})
    assert await head(place, "new") is None


async def test_mutations_run_in_order_and_go_on_after_one_that_failed(place):
    start = await head(place)
    document = """mutation($bad: UpdateRefsInput!, $commit: CreateCommitOnBranchInput!, $new: UpdateRefsInput!) {
      bad: updateRefs(input: $bad) { clientMutationId }
      commit: createCommitOnBranch(input: $commit) { commit { oid } }
      new: updateRefs(input: $new) { clientMutationId }
    }"""
    answer = await place.ask(
        document,
        bad=ref_updates(place, ("refs/heads/main", start, ZERO)),
        commit=commit_input(start, files={"file": b"1"}),
        new=ref_updates(place, ("refs/heads/new", start, ZERO)),
    )
    assert answer["data"]["bad"] is None
    assert answer["data"]["commit"]["commit"]["oid"] == await head(place)
    assert answer["data"]["new"] == {"clientMutationId": "mark"}
    assert [error["path"] for error in answer["errors"]] == [["bad"]]
    assert await head(place, "new") == start

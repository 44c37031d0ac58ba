"""What is in a repository can be read: branches, commits, folders and files."""

from datetime import datetime, timedelta, timezone

import pytest

from bot.sandbox.git import Signature

LIMIT = 512 * 1024


async def test_a_repository_says_what_it_is(place):
    found = await place.of_repository("id databaseId nameWithOwner isArchived isPrivate defaultBranchRef { name }")
    assert found == {
        "id": place.repository.node_id,
        "databaseId": place.repository.id,
        "nameWithOwner": "acme/shop",
        "isArchived": False,
        "isPrivate": False,
        "defaultBranchRef": {"name": "main"},
    }


async def test_a_former_name_still_finds_the_repository(place):
    await place.world.rename(place.repository, "store")
    found = await place.of_repository("nameWithOwner")
    assert found == {"nameWithOwner": "acme/store"}


async def test_a_commit_says_who_made_it_and_what_it_holds(place):
    commit = "oid message messageHeadline tree { oid } parents(first: 2) { nodes { oid } } changedFilesIfAvailable"
    who = "author { name email user { login } } signature { isValid }"
    found = await place.of_repository(
        f'ref(qualifiedName: "main") {{ target {{ ... on Commit {{ {commit} {who} }} }} }}'
    )
    head = await place.repository.git.commit("main")
    assert found["ref"]["target"] == {
        "oid": head.oid,
        "message": "Begin\n\nThe start.",
        "messageHeadline": "Begin",
        "tree": {"oid": head.tree},
        "parents": {"nodes": []},
        "changedFilesIfAvailable": 2,
        "author": {"name": "Ann", "email": "ann@example.org", "user": None},
        "signature": None,
    }


@pytest.mark.parametrize("name", ["main", "heads/main", "refs/heads/main"])
async def test_a_branch_is_found_by_each_form_of_its_name(place, name):
    found = await place.of_repository("ref(qualifiedName: $name) { name prefix }", name=name)
    assert found["ref"] == {"name": "main", "prefix": "refs/heads/"}


@pytest.mark.parametrize("name", ["absent", "refs/heads/absent", "main\n", ""])
async def test_a_branch_that_is_not_there_is_null(place, name):
    assert (await place.of_repository("ref(qualifiedName: $name) { name }", name=name))["ref"] is None


@pytest.mark.parametrize(
    ("content", "binary", "truncated", "text"),
    [
        (b"image: nginx\n", False, False, "image: nginx\n"),
        (b"", False, False, ""),
        (b"\0\1", True, False, None),
        (b"caf\xe9", False, False, "caf�"),
        (b"a" * (LIMIT + 1), False, True, "a" * LIMIT),
    ],
    ids=["text", "empty", "binary", "not UTF-8", "long"],
)
async def test_a_file_is_given_as_text_where_it_is_one(place, content, binary, truncated, text):
    await place.commit({"file": content})
    fields = "oid byteSize isBinary isTruncated text"
    found = await place.of_repository(f'object(expression: "main:file") {{ ... on Blob {{ {fields} }} }}')
    assert found["object"] == {
        "oid": await place.repository.git.resolve("main:file"),
        "byteSize": len(content),
        "isBinary": binary,
        "isTruncated": truncated,
        "text": text,
    }


async def test_an_object_is_found_by_its_oid(place):
    oid = await place.repository.git.resolve("main:apps/web.yml")
    query = (
        'query($oid: GitObjectID!) { repository(owner: "acme", name: "shop") { object(oid: $oid) { __typename oid } } }'
    )
    found = await place.data(query, oid=oid)
    assert found["repository"]["object"] == {"__typename": "Blob", "oid": oid}
    assert (await place.data(query, oid="a" * 40))["repository"]["object"] is None


async def test_a_folder_lists_its_entries_with_their_paths_and_modes(place):
    fields = "entries { name path mode type size object { __typename } }"
    found = await place.of_repository(f'object(expression: "main:apps") {{ ... on Tree {{ {fields} }} }}')
    assert found["object"]["entries"] == [
        {
            "name": "web.yml",
            "path": "apps/web.yml",
            "mode": 0o100644,
            "type": "blob",
            "size": 18,
            "object": {"__typename": "Blob"},
        }
    ]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("apps/web.yml", {"name": "web.yml", "path": "apps/web.yml", "type": "blob", "mode": 0o100644, "size": 18}),
        ("apps", {"name": "apps", "path": "apps", "type": "tree", "mode": 0o040000, "size": 0}),
        ("apps/absent.yml", None),
        ("absent/web.yml", None),
        ("README.md/web.yml", None),
    ],
)
async def test_a_commit_finds_one_file_of_its_tree(place, path, entry):
    file = "file(path: $path) { name path type mode size }"
    found = await place.of_repository(f'object(expression: "main") {{ ... on Commit {{ {file} }} }}', path=path)
    assert found["object"]["file"] == entry


async def test_the_same_things_are_found_again_by_their_global_ids(place):
    pull = await place.open_pull()
    found = await place.of_repository(
        'id ref(qualifiedName: "main") { id target { id ... on Commit { tree { id } } } } pullRequest(number: 1) { id }'
    )
    target = found["ref"]["target"]
    ids = [found["id"], found["ref"]["id"], target["id"], target["tree"]["id"], found["pullRequest"]["id"]]
    nodes = await place.data("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)
    assert [node["__typename"] for node in nodes["nodes"]] == ["Repository", "Ref", "Commit", "Tree", "PullRequest"]
    assert [node["id"] for node in nodes["nodes"]] == ids
    assert pull.node_id == ids[-1]


async def test_pages_lead_to_each_other(place):
    for number in range(3):
        await place.commit({"file": b"%d" % number}, f"branch-{number}")
    query = """query($after: String) { repository(owner: "acme", name: "shop") {
      refs(refPrefix: "refs/heads/", first: 3, after: $after) {
        totalCount nodes { name } pageInfo { hasNextPage endCursor }
      } } }"""
    first = (await place.data(query))["repository"]["refs"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (4, True)
    second = (await place.data(query, after=first["pageInfo"]["endCursor"]))["repository"]["refs"]
    assert second["pageInfo"]["hasNextPage"] is False
    names = [node["name"] for node in [*first["nodes"], *second["nodes"]]]
    assert names == ["branch-0", "branch-1", "branch-2", "main"]


async def test_the_rate_limit_can_be_read(place):
    place.world.limits.spend(place.token, "graphql")
    found = await place.data("{ rateLimit { limit remaining used cost } }")
    assert found["rateLimit"] == {"limit": 5000, "remaining": 4999, "used": 1, "cost": 1}


async def test_times_are_told_in_utc(place):
    git, east = place.repository.git, timezone(timedelta(hours=5, minutes=30))
    somebody = Signature("Ann", "ann@example.org", datetime(2026, 5, 4, 3, 2, 1, tzinfo=east))
    oid = await git.change_files(
        await git.branch("main"), {"file": b"1"}, (), "Change", author=somebody, committer=somebody
    )
    await place.world.refs.create(place.repository, "refs/heads/east", oid, place.world.web)
    found = await place.of_repository('object(expression: "east") { ... on Commit { committedDate } }')
    assert found["object"] == {"committedDate": "2026-05-03T21:32:01Z"}

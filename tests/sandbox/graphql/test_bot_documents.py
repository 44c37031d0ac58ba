"""The bot's own documents run from the first look at a repository to the merge queue."""

import pytest

from bot.github import documents
from tests.sandbox.graphql.conftest import addition

NAMES = {"owner": "acme", "name": "shop"}
POLICY = ".niro/policies.yml"
ZERO = "0" * 40


async def facts(place):
    document = documents.bump_facts(2, default_base=True)
    branch = {"branch": "refs/heads/niro/nginx", "branchName": "niro/nginx"}
    paths = {"policy": POLICY, "p0": "apps/web.yml", "p1": "apps/absent.yml"}
    return (await place.data(document, **NAMES, **branch, **paths))["repository"]


def moved(place, name, after, before):
    update = {"name": f"refs/heads/{name}", "afterOid": after, "beforeOid": before, "force": True}
    return {"repositoryId": place.repository.node_id, "refUpdates": [update]}


def commit(name, head, content):
    return {
        "branch": {"repositoryNameWithOwner": "acme/shop", "branchName": name},
        "expectedHeadOid": head,
        "message": {"headline": "Bump nginx"},
        "fileChanges": {"additions": [addition("apps/web.yml", content)]},
    }


async def opened(place):
    base = await place.repository.git.branch("main")
    return await place.data(
        documents.OPEN_PULL_REQUEST,
        branch=moved(place, "niro/nginx", base, ZERO),
        commit=commit("niro/nginx", base, b"image: nginx:1.26\n"),
        pullRequest={
            "repositoryId": place.repository.node_id,
            "headRefName": "niro/nginx",
            "baseRefName": "main",
            "title": "Bump nginx",
            "body": "",
        },
    )


@pytest.mark.parametrize("policy", [None, b"version: 1\n"])
async def test_the_head_shows_the_policy_file_where_there_is_one(place, policy):
    if policy is not None:
        await place.commit({POLICY: policy})
    for document, branch in ((documents.HEAD, {}), (documents.HEAD_OF_BRANCH, {"branch": "refs/heads/main"})):
        head = (await place.data(document, **NAMES, policy=POLICY, **branch))["repository"]["head"]
        assert head["name"] == "main"
        found = head["target"]["policy"]
        assert (found and found["object"]["text"].encode()) == policy


async def test_the_facts_of_a_bump_before_and_after_its_opening(place):
    before = await facts(place)
    assert (before["branch"], before["pullRequests"]["nodes"]) == (None, [])
    assert before["base"]["target"]["f0"]["object"]["text"] == "image: nginx:1.25\n"
    assert before["base"]["target"]["f1"] is None
    made = await opened(place)
    after = await facts(place)
    assert after["branch"]["target"]["oid"] == made["commit"]["commit"]["oid"]
    assert after["branch"]["target"]["signature"] == {"isValid": True, "wasSignedByGitHub": True}
    (open_one,) = after["branch"]["associatedPullRequests"]["nodes"]
    newest = open_one.pop("newest")
    assert open_one.pop("mergeable") == "MERGEABLE"
    assert (newest["totalCount"], newest["nodes"][0]["commit"]["oid"]) == (1, made["commit"]["commit"]["oid"])
    assert after["pullRequests"]["nodes"] == [open_one]
    assert [pull["number"] for pull in after["pullRequests"]["nodes"]] == [made["pullRequest"]["pullRequest"]["number"]]


async def test_an_opening_whose_branch_exists_changes_nothing_but_says_so(place):
    made = await opened(place)
    base = await place.repository.git.branch("main")
    answer = await place.ask(
        documents.OPEN_PULL_REQUEST,
        branch=moved(place, "niro/nginx", base, ZERO),
        commit=commit("niro/nginx", base, b"image: nginx:1.27\n"),
        pullRequest={
            "repositoryId": place.repository.node_id,
            "headRefName": "niro/nginx",
            "baseRefName": "main",
            "title": "Again",
        },
    )
    assert answer["data"] == {"branch": None, "commit": None, "pullRequest": None}
    assert [(error["path"], error["type"]) for error in answer["errors"]] == [
        (["branch"], "UNPROCESSABLE"),
        (["commit"], "STALE_DATA"),
        (["pullRequest"], "UNPROCESSABLE"),
    ]
    assert await place.repository.git.branch("niro/nginx") == made["commit"]["commit"]["oid"]


async def test_a_pull_request_is_continued_and_rebuilt(place):
    made = await opened(place)
    pull, head = made["pullRequest"]["pullRequest"], made["commit"]["commit"]["oid"]
    described = {"pullRequestId": pull["id"], "title": "Newer", "body": "Text"}
    wish = commit("niro/nginx", head, b"image: nginx:1.27\n")
    added = await place.data(documents.ADD_COMMIT, commit=wish, pullRequest=described)
    second = added["commit"]["commit"]["oid"]
    assert added["pullRequest"]["pullRequest"]["headRefOid"] == second
    base = await place.repository.git.branch("main")
    beside = await place.data(
        documents.COMMIT_ON_NEW_BRANCH,
        branch=moved(place, "niro/nginx-new", base, ZERO),
        commit=commit("niro/nginx-new", base, b"image: nginx:1.28\n"),
    )
    third = beside["commit"]["commit"]["oid"]
    move = moved(place, "niro/nginx", third, second)
    result = await place.data(documents.MOVE_BRANCH, branch=move, pullRequest=described)
    assert result["pullRequest"]["pullRequest"]["headRefOid"] == third
    await place.data(documents.UPDATE_REFS, branch=moved(place, "niro/nginx-new", ZERO, third))
    state = await place.data(documents.BRANCH_STATE, **NAMES, branch="refs/heads/niro/nginx")
    found = {"target": {"oid": third}, "associatedPullRequests": {"nodes": [{"number": pull["number"]}]}}
    assert state["repository"]["branch"] == found


async def test_files_and_blobs_are_read_together(place):
    head = await place.repository.git.commit("main")
    read = await place.data(documents.files_at_commit(1), **NAMES, commit=head.oid, p0="README.md")
    oid = read["repository"]["commit"]["f0"]["oid"]
    blobs = (await place.data(documents.blobs(2), **NAMES, o0=oid, o1="a" * 40))["repository"]
    assert (blobs["b0"]["text"], blobs["b1"]) == ("shop\n", None)


async def test_the_facts_of_a_merge(place):
    made = await opened(place)
    number = made["pullRequest"]["pullRequest"]["number"]
    document, paths = documents.merge_facts(2), {"policy": POLICY, "p0": "apps/web.yml", "p1": "apps/absent.yml"}
    pull = (await place.data(document, **NAMES, number=number, **paths))["repository"]["pullRequest"]
    assert (pull["mergeable"], pull["mergeStateStatus"], pull["state"]) == ("MERGEABLE", "CLEAN", "OPEN")
    assert (pull["baseRef"]["refUpdateRule"], pull["baseRef"]["rules"]) == (None, {"nodes": []})
    assert pull["baseRef"]["target"]["f0"]["object"]["text"] == "image: nginx:1.25\n"
    assert set(pull["headRef"]["target"]["f0"]) == {"oid", "mode"}
    assert (pull["baseRef"]["target"]["f1"], pull["headRef"]["target"]["f1"]) == (None, None)
    assert pull["files"] == {"totalCount": 1, "nodes": [{"path": "apps/web.yml", "changeType": "MODIFIED"}]}
    assert pull["newest"]["totalCount"] == 1


async def test_further_checks_of_a_merge(place):
    made = await opened(place)
    pull = made["pullRequest"]["pullRequest"]
    found = (await place.data(documents.MORE_CHECKS, **NAMES, number=pull["number"], after="100"))["repository"]
    head = {"oid": pull["headRefOid"], "statusCheckRollup": None}
    assert found["pullRequest"] == {"headRefOid": pull["headRefOid"], "commits": {"nodes": [{"commit": head}]}}

"""Pull requests are opened, read, changed, merged and queued."""

import pytest

from bot.sandbox.model import BranchProtection, RequiredCheck
from tests.sandbox.graphql.conftest import PERMISSIONS

CREATE = """mutation($input: CreatePullRequestInput!) {
  createPullRequest(input: $input) { pullRequest { number url title body state isDraft headRefOid baseRefName } }
}"""


def opening(place, head="niro/nginx", **changes):
    wish = {"repositoryId": place.repository.node_id, "headRefName": head, "baseRefName": "main", "title": "Bump nginx"}
    return wish | changes


def mutation(name, fields):
    kind = name[0].upper() + name[1:]
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} }} }}"


async def read(place, fields, number=1):
    return (await place.of_repository(f"pullRequest(number: {number}) {{ {fields} }}"))["pullRequest"]


def protect(place, *contexts, **settings):
    required = [RequiredCheck(context) for context in contexts]
    place.world.rules.protect(place.repository, "main", BranchProtection(required_checks=required, **settings))


async def test_a_pull_request_is_opened(place):
    head = await place.commit({"file": b"1"}, "niro/nginx")
    data = await place.data(CREATE, input=opening(place, body="To 1.26", draft=True))
    assert data["createPullRequest"]["pullRequest"] == {
        "number": 1,
        "url": f"{place.world.url}/acme/shop/pull/1",
        "title": "Bump nginx",
        "body": "To 1.26",
        "state": "OPEN",
        "isDraft": True,
        "headRefOid": head,
        "baseRefName": "main",
    }


async def test_an_opening_that_cannot_be_is_refused_in_githubs_words(place):
    await place.open_pull()
    await place.world.refs.create(
        place.repository, "refs/heads/same", await place.repository.git.branch("main"), place.world.web
    )
    for head, sentence in (
        ("niro/nginx", "A pull request already exists for acme:niro/nginx."),
        ("same", "No commits between main and same"),
    ):
        answer = await place.ask(CREATE, input=opening(place, head))
        assert answer["data"] == {"createPullRequest": None}
        assert answer["errors"][0]["type"] == "UNPROCESSABLE"
        assert answer["errors"][0]["message"] == sentence


async def test_too_many_openings_are_refused(place):
    place.world.limits.settings.content_each_minute = 0
    await place.commit({"file": b"1"}, "niro/nginx")
    answer = await place.ask(CREATE, input=opening(place))
    assert answer["errors"][0]["message"] == "was submitted too quickly"


async def test_a_pull_request_says_what_it_is(place):
    await place.open_pull()
    found = await read(
        place,
        """author { __typename login } isCrossRepository headRefName merged changedFiles additions deletions
        files(first: 5) { nodes { path changeType } } commits(last: 1) { totalCount nodes { commit { oid message } } }
        baseRef { name } headRef { name target { oid } } baseRefOid""",
    )
    head = await place.repository.git.branch("niro/nginx")
    assert found == {
        "author": {"__typename": "Bot", "login": "niro"},
        "isCrossRepository": False,
        "headRefName": "niro/nginx",
        "merged": False,
        "changedFiles": 1,
        "additions": 1,
        "deletions": 1,
        "files": {"nodes": [{"path": "apps/web.yml", "changeType": "MODIFIED"}]},
        "commits": {"totalCount": 1, "nodes": [{"commit": {"oid": head, "message": "Bump nginx"}}]},
        "baseRef": {"name": "main"},
        "headRef": {"name": "niro/nginx", "target": {"oid": head}},
        "baseRefOid": await place.repository.git.branch("main"),
    }


async def test_pull_requests_are_listed_by_branch_state_and_order(place):
    await place.open_pull("first")
    await place.open_pull("second")
    await place.world.pulls.close((await place.open_pull("third")), place.world.web)

    async def numbers(arguments):
        fields = f"pullRequests(first: 10{arguments}) {{ nodes {{ number }} }}"
        return [node["number"] for node in (await place.of_repository(fields))["pullRequests"]["nodes"]]

    assert await numbers("") == [1, 2, 3]
    assert await numbers(', headRefName: "second"') == [2]
    assert await numbers(", states: [CLOSED, MERGED]") == [3]
    assert await numbers(', states: OPEN, baseRefName: "main"') == [1, 2]
    assert await numbers(", orderBy: {field: CREATED_AT, direction: DESC}") == [3, 2, 1]
    branch = 'ref(qualifiedName: "third") { associatedPullRequests(first: 5, states: [CLOSED]) { nodes { number } } }'
    found = await place.of_repository(branch)
    assert found["ref"]["associatedPullRequests"]["nodes"] == [{"number": 3}]


async def test_a_pull_request_is_changed_closed_and_reopened(place):
    pull = await place.open_pull()
    state = "pullRequest { title body state }"
    wish = {"pullRequestId": pull.node_id, "title": "New", "body": "Text"}
    data = await place.data(mutation("updatePullRequest", state), input=wish)
    assert data["updatePullRequest"]["pullRequest"] == {"title": "New", "body": "Text", "state": "OPEN"}
    for name, expected in (("closePullRequest", "CLOSED"), ("reopenPullRequest", "OPEN")):
        data = await place.data(mutation(name, state), input={"pullRequestId": pull.node_id})
        assert data[name]["pullRequest"]["state"] == expected


async def test_a_branch_that_stood_at_its_base_for_a_moment_ends_its_pull_request_for_good(place):
    pull = await place.open_pull()
    repository, base, head = place.repository, await place.repository.git.branch("main"), pull.head_oid
    for oid in (base, head):
        await place.world.refs.update(repository, "refs/heads/niro/nginx", oid, place.world.web, force=True)
    assert await read(place, "state") == {"state": "CLOSED"}
    answer = await place.ask(mutation("reopenPullRequest", "clientMutationId"), input={"pullRequestId": pull.node_id})
    assert answer["errors"][0]["type"] == "UNPROCESSABLE"


async def test_labels_are_added(place):
    pull, label = await place.open_pull(), place.world.issues.label(place.repository, "dependencies")
    wish = {"labelableId": pull.node_id, "labelIds": [label.node_id]}
    await place.data(mutation("addLabelsToLabelable", "clientMutationId"), input=wish)
    found = await read(place, "labels(first: 5) { nodes { name } }")
    assert found["labels"]["nodes"] == [{"name": "dependencies"}]


async def test_mergeability_is_unknown_at_first_and_told_alike_by_both_fields(place):
    pull = await place.open_pull()
    pull.unknown_mergeability = 1
    fields = "mergeable mergeStateStatus"
    assert await read(place, fields) == {"mergeable": "UNKNOWN", "mergeStateStatus": "UNKNOWN"}
    assert await read(place, fields) == {"mergeable": "MERGEABLE", "mergeStateStatus": "CLEAN"}
    await place.commit({"apps/web.yml": b"image: httpd\n"})
    assert await read(place, fields) == {"mergeable": "CONFLICTING", "mergeStateStatus": "DIRTY"}


async def test_what_protects_the_base_can_be_read(place):
    protect(place, "build")
    checks = {"required_status_checks": [{"context": "test", "integration_id": 7}]}
    place.world.rules.add_ruleset(place.repository, "main", [{"type": "required_status_checks", "parameters": checks}])
    await place.open_pull()
    found = await read(
        place,
        """baseRef {
          refUpdateRule { requiredStatusCheckContexts } branchProtectionRule { requiredStatusCheckContexts }
          rules(first: 9) { nodes { type parameters { __typename ... on RequiredStatusChecksParameters {
            requiredStatusChecks { context integrationId } strictRequiredStatusChecksPolicy } } } }
        }""",
    )
    assert found["baseRef"] == {
        "refUpdateRule": {"requiredStatusCheckContexts": ["build"]},
        "branchProtectionRule": {"requiredStatusCheckContexts": ["build"]},
        "rules": {
            "nodes": [
                {
                    "type": "REQUIRED_STATUS_CHECKS",
                    "parameters": {
                        "__typename": "RequiredStatusChecksParameters",
                        "requiredStatusChecks": [{"context": "test", "integrationId": 7}],
                        "strictRequiredStatusChecksPolicy": False,
                    },
                }
            ]
        },
    }


async def test_checks_of_the_head_are_read_with_whether_they_are_required(place):
    protect(place, "build", "ci/lint")
    pull, app = await place.open_pull(), place.world.actions
    say = {"head_oid": pull.head_oid, "actor": place.world.web}
    await place.world.checks.create_run(place.repository, app, name="build", conclusion="success", **say)
    await place.world.checks.create_run(place.repository, app, name="extra", status="in_progress", **say)
    await place.world.checks.set_status(
        place.repository, pull.head_oid, state="pending", context="ci/lint", actor=place.world.web
    )
    found = await read(
        place,
        """commits(last: 1) { nodes { commit { statusCheckRollup { state contexts(first: 10) { totalCount nodes {
          ... on CheckRun { __typename name status conclusion isRequired(pullRequestNumber: 1)
            checkSuite { app { slug } } }
          ... on StatusContext { __typename context state isRequired(pullRequestNumber: 1) }
        } } } } } }""",
    )
    rollup = found["commits"]["nodes"][0]["commit"]["statusCheckRollup"]
    assert (rollup["state"], rollup["contexts"]["totalCount"]) == ("PENDING", 3)
    run = {"__typename": "CheckRun", "checkSuite": {"app": {"slug": "github-actions"}}}
    assert rollup["contexts"]["nodes"] == [
        run | {"name": "extra", "status": "IN_PROGRESS", "conclusion": None, "isRequired": False},
        run | {"name": "build", "status": "COMPLETED", "conclusion": "SUCCESS", "isRequired": True},
        {"__typename": "StatusContext", "context": "ci/lint", "state": "PENDING", "isRequired": True},
    ]


async def test_a_commit_about_which_nothing_was_said_has_no_rollup(place):
    await place.open_pull()
    found = await read(place, "commits(last: 1) { nodes { commit { statusCheckRollup { state } } } }")
    assert found["commits"]["nodes"] == [{"commit": {"statusCheckRollup": None}}]


async def test_a_pull_request_is_merged(place):
    pull = await place.open_pull()
    wish = {"pullRequestId": pull.node_id, "mergeMethod": "SQUASH", "expectedHeadOid": pull.head_oid}
    data = await place.data(
        mutation("mergePullRequest", "pullRequest { state merged mergeCommit { oid } } actor { login }"), input=wish
    )
    assert data["mergePullRequest"] == {
        "pullRequest": {
            "state": "MERGED",
            "merged": True,
            "mergeCommit": {"oid": await place.repository.git.branch("main")},
        },
        "actor": {"login": "niro"},
    }


@pytest.mark.parametrize("case", ["another head", "required check missing", "conflict"])
async def test_a_merge_that_may_not_be_is_refused(place, case):
    pull = await place.open_pull()
    wish = {"pullRequestId": pull.node_id, "expectedHeadOid": "a" * 40 if case == "another head" else pull.head_oid}
    if case == "required check missing":
        protect(place, "build")
    if case == "conflict":
        await place.commit({"apps/web.yml": b"image: httpd\n"})
    answer = await place.ask(mutation("mergePullRequest", "clientMutationId"), input=wish)
    assert answer["errors"][0]["type"] == "UNPROCESSABLE"
    assert await read(place, "merged") == {"merged": False}


async def test_auto_merge_waits_for_what_is_required_and_refuses_when_nothing_is(place):
    place.repository.allow_auto_merge = True
    pull = await place.open_pull()
    wish = {"pullRequestId": pull.node_id, "mergeMethod": "SQUASH"}
    enable = mutation("enablePullRequestAutoMerge", "pullRequest { autoMergeRequest { mergeMethod } }")
    answer = await place.ask(enable, input=wish)
    assert answer["errors"][0]["message"] == "Pull request is in clean status"
    protect(place, "build")
    data = await place.data(enable, input=wish)
    request = {"autoMergeRequest": {"mergeMethod": "SQUASH"}}
    assert data["enablePullRequestAutoMerge"] == {"pullRequest": request}
    app, actor = place.world.actions, place.world.web
    await place.world.checks.create_run(
        place.repository, app, name="build", head_oid=pull.head_oid, actor=actor, conclusion="success"
    )
    assert await read(place, "merged") == {"merged": True}


async def test_a_branch_with_a_queue_takes_pull_requests_only_through_it(place):
    queue = {"type": "merge_queue", "parameters": {"merge_method": "SQUASH"}}
    checks = {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "build"}]}}
    place.world.rules.add_ruleset(place.repository, "main", [queue, checks])
    pull, actor, app = await place.open_pull(), place.world.web, place.world.actions
    say = {"name": "build", "actor": actor, "conclusion": "success"}
    await place.world.checks.create_run(place.repository, app, head_oid=pull.head_oid, **say)
    assert await read(place, "isMergeQueueEnabled isInMergeQueue") == {
        "isMergeQueueEnabled": True,
        "isInMergeQueue": False,
    }
    answer = await place.ask(mutation("mergePullRequest", "clientMutationId"), input={"pullRequestId": pull.node_id})
    assert answer["errors"][0]["type"] == "UNPROCESSABLE"
    enqueue = mutation("enqueuePullRequest", "mergeQueueEntry { position state pullRequest { number } }")
    data = await place.data(enqueue, input={"pullRequestId": pull.node_id, "expectedHeadOid": pull.head_oid})
    entry = {"position": 1, "state": "AWAITING_CHECKS", "pullRequest": {"number": 1}}
    assert data["enqueuePullRequest"]["mergeQueueEntry"] == entry
    assert await read(place, "isInMergeQueue") == {"isInMergeQueue": True}
    group = place.world.merging.entry(pull).group_oid
    await place.world.checks.create_run(place.repository, app, head_oid=group, **say)
    assert await read(place, "isInMergeQueue state") == {"isInMergeQueue": False, "state": "MERGED"}


async def test_who_may_not_administrate_reads_the_rule_without_the_protection(place):
    protect(place, "build")
    token = place.token_with(**{name: level for name, level in PERMISSIONS.items() if name != "administration"})
    query = """{ repository(owner: "acme", name: "shop") { ref(qualifiedName: "main") {
      refUpdateRule { requiredStatusCheckContexts } branchProtectionRule { pattern } } } }"""
    answer = await place.ask(query, token=token)
    rule = {"requiredStatusCheckContexts": ["build"]}
    assert answer["data"]["repository"]["ref"] == {"refUpdateRule": rule, "branchProtectionRule": None}
    assert [error["type"] for error in answer["errors"]] == ["FORBIDDEN"]

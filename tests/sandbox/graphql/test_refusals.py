"""What is asked wrongly, or by the wrong one, is refused in GitHub's words and shape."""

import pytest

from bot.sandbox.model import BranchProtection
from tests.sandbox.graphql.conftest import addition

REPOSITORY = 'repository(owner: "acme", name: "shop")'


async def only_error(place, query, **settings):
    answer = await place.ask(query, **settings)
    assert len(answer["errors"]) == 1
    return answer, answer["errors"][0]


async def test_a_repository_that_is_not_there(place):
    answer, error = await only_error(place, '{ repository(owner: "acme", name: "absent") { id } }')
    assert answer["data"] == {"repository": None}
    assert error == {
        "type": "NOT_FOUND",
        "path": ["repository"],
        "locations": [{"line": 1, "column": 3}],
        "message": "Could not resolve to a Repository with the name 'acme/absent'.",
    }


async def test_a_repository_outside_of_the_token(place):
    await place.world.add_repository("other/secret", private=True)
    _, error = await only_error(place, '{ repository(owner: "other", name: "secret") { id } }')
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["repository"])


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ("defaultBranchRef { name }", "defaultBranchRef"),
        ('object(expression: "main") { oid }', "object"),
        ("pullRequests(first: 1) { totalCount }", "pullRequests"),
    ],
)
async def test_a_field_the_token_has_no_permission_for(place, fields, path):
    token = place.token_with(checks="read")
    _, error = await only_error(place, f"{{ {REPOSITORY} {{ nameWithOwner {fields} }} }}", token=token)
    assert (error["type"], error["path"]) == ("FORBIDDEN", ["repository", path])
    assert error["message"] == "Resource not accessible by integration"


async def test_other_fields_are_still_answered(place):
    query = f"{{ {REPOSITORY} {{ nameWithOwner defaultBranchRef {{ name }} }} }}"
    answer, _ = await only_error(place, query, token=place.token_with(checks="read"))
    assert answer["data"]["repository"] == {"nameWithOwner": "acme/shop", "defaultBranchRef": None}


async def test_a_pull_request_that_is_not_there(place):
    _, error = await only_error(place, f"{{ {REPOSITORY} {{ pullRequest(number: 9) {{ id }} }} }}")
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["repository", "pullRequest"])


async def test_a_node_that_is_not_there(place):
    for identifier in ("PR_kgDOabsent", "REF_kwDOabsent", "R_kwDO", "x"):
        _, error = await only_error(place, "query($id: ID!) { node(id: $id) { id } }", id=identifier)
        assert error["type"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ("", "MISSING_PAGINATION_BOUNDARIES"),
        ("(first: 101)", "EXCESSIVE_PAGINATION"),
        ('(first: 1, after: "x")', "INVALID_CURSOR_ARGUMENTS"),
    ],
)
async def test_a_page_that_cannot_be(place, arguments, kind):
    _, error = await only_error(place, f"{{ {REPOSITORY} {{ pullRequests{arguments} {{ totalCount }} }} }}")
    assert error["type"] == kind


@pytest.mark.parametrize("query", ["{", "{ invented }", "query($id: ID!) { node(id: $id) { id } }"])
async def test_a_document_that_is_wrong_has_no_data(place, query):
    answer = await place.ask(query)
    assert "data" not in answer
    assert answer["errors"][0]["message"]


async def test_a_field_the_sandbox_does_not_know_is_a_fault_and_not_null(place):
    with pytest.raises(NotImplementedError, match=r"Repository\.forkCount"):
        await place.ask(f"{{ {REPOSITORY} {{ forkCount }} }}")


async def test_mutations_are_told_from_queries(place):
    assert place.door.is_mutation(
        "mutation { updateRefs(input: {repositoryId: 1, refUpdates: []}) { clientMutationId } }"
    )
    assert not place.door.is_mutation("{ viewer { login } }")
    assert not place.door.is_mutation("{")


COMMIT = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }"
OPEN = "mutation($input: CreatePullRequestInput!) { createPullRequest(input: $input) { pullRequest { id } } }"


async def commit_refused(place):
    branch = {"repositoryNameWithOwner": "acme/shop", "branchName": "main"}
    head = await place.repository.git.branch("main")
    wish = {
        "branch": branch,
        "expectedHeadOid": head,
        "message": {"headline": "Bump"},
        "fileChanges": {"additions": [addition("a", b"1")]},
    }
    _, error = await only_error(place, COMMIT, input=wish)
    return error["type"], error["message"]


async def test_an_archived_repository_takes_no_commit(place):
    place.repository.archived = True
    assert await commit_refused(place) == ("UNPROCESSABLE", "Repository was archived so is read-only")


async def test_classic_protection_and_rulesets_refuse_a_commit_as_different_kinds(place):
    place.world.rules.protect(place.repository, "main", BranchProtection(required_approvals=1))
    expected = "Changes must be made through a pull request."
    assert await commit_refused(place) == ("BRANCH_PROTECTION_RULE_VIOLATION", expected)
    del place.repository.protections["main"]
    place.world.rules.add_ruleset(place.repository, "main", [{"type": "pull_request"}])
    assert await commit_refused(place) == ("UNPROCESSABLE", f"Repository rule violations found\n\n{expected}\n\n")


@pytest.mark.parametrize(
    ("ends", "message"),
    [
        ({"headRefName": "absent"}, "Head sha can't be blank, Head ref must be a branch"),
        ({"baseRefName": "absent"}, "Base sha can't be blank, Base ref must be a branch"),
        ({"headRefName": "main"}, "No commits between main and main"),
    ],
)
async def test_a_pull_request_needs_two_branches_that_differ(place, ends, message):
    await place.commit({"a": b"1"}, "niro/nginx")
    known = {"headRefName": "niro/nginx", "baseRefName": "main", "title": "Bump", **ends}
    _, error = await only_error(place, OPEN, input={"repositoryId": place.repository.node_id, **known})
    assert (error["type"], error["message"]) == ("UNPROCESSABLE", message)

"""Labels, reviewers and assignees of a new pull request, and the message of its commit, are what the policy says."""

import pytest

from bot.sandbox.model import Role
from tests.flows.house import House

ALL = "    pull-request: {labels: [images], reviewers: [octocat], assignees: [octocat]}\n"


async def around(house: House) -> tuple[list[str], list[str], list[str]]:
    """Return the labels, reviewers and assignees of the only pull request."""
    (pull,) = house.pulls()
    reviewers = [account.login for account in pull.requested_reviewers]
    return [label.name for label in pull.labels], reviewers, [account.login for account in pull.assignees]


async def test_everybody_and_everything_that_the_policy_names_is_asked_for(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more=ALL)})
    await house.publish("1.5.0")
    assert await around(house) == (["images"], ["octocat"], ["octocat"])


async def test_a_newer_tag_asks_nobody_again(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more=ALL)})
    await house.publish("1.5.0")
    counted = house.counted()
    await house.publish("1.6.0")
    assert not {"issues/add-labels", "pulls/request-reviewers", "issues/add-assignees"} & set(counted.names)


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        ("issues/add-labels", ([], ["octocat"], ["octocat"])),
        ("pulls/request-reviewers", (["images"], [], ["octocat"])),
        ("issues/add-assignees", (["images"], ["octocat"], [])),
    ],
)
async def test_what_github_refuses_leaves_the_rest_as_it_should_be(
    house: House, refused: str, expected: tuple[list[str], list[str], list[str]]
) -> None:
    await house.commit({".niro/policies.yml": house.policy(more=ALL)})
    house.github.faults.answer(refused, status=422, body=b'{"message": "Validation Failed"}')
    await house.publish("1.5.0")
    assert await around(house) == expected
    bump = await house.bump()
    assert bump is not None
    assert bump.pull_request == house.pulls()[0].number


async def test_a_reviewer_who_is_no_collaborator_does_not_hold_up_the_pull_request(house: House) -> None:
    house.github.repository(house.repository).collaborators["octocat"] = Role.ADMIN
    more = "    pull-request: {reviewers: [nobody-here], assignees: [octocat]}\n"
    await house.commit({".niro/policies.yml": house.policy(more=more)})
    await house.publish("1.5.0")
    assert await around(house) == ([], [], ["octocat"])
    assert await house.dead() == []


async def test_the_commit_says_what_the_policys_template_says_and_ends_with_the_trailer(house: House) -> None:
    more = (
        "    pull-request:\n"
        "      commit-message: |\n"
        "        chore: {image} to {to}\n"
        "\n"
        "        {objects}\n"
        "        {files}\n"
    )
    await house.commit({".niro/policies.yml": house.policy(more=more)})
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    commit = await house.github.repository(house.repository).git.commit(pull.head_oid)
    assert commit is not None
    bump = await house.bump()
    assert bump is not None
    assert commit.message.rstrip("\n").split("\n\n") == [
        f"chore: {house.image()} to 1.5.0",
        "- Deployment api\n- deploy/api.yaml",
        f"Niro-Bump: api/{bump.fingerprint}",
    ]

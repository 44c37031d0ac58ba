"""The default branch is never the branch of a bump, whatever a policy file says."""

from tests.flows.house import House


async def merged(house: House) -> str:
    """Let the one open pull request be merged; return the head of its base then."""
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged
    head = await house.github.repository(house.repository).git.branch(pull.base_branch)
    assert head is not None
    return head


async def test_the_default_branch_is_never_the_branch_of_a_bump_although_the_policy_names_it(house: House) -> None:
    await house.publish("1.5.0")
    main = await merged(house)
    found = house.github.repository(house.repository)
    await house.github.commit(house.repository, "release", {"deploy/api.yaml": house.deployment()})
    found.protections.clear()
    policy = house.policy(more="    pull-request: {base: release, branch: main}\n")
    main = await house.commit({".niro/policies.yml": policy})
    await house.publish("1.6.0")
    assert await found.git.branch("main") == main
    (pull,) = house.open_pulls()
    assert pull.base_branch == "release"
    assert pull.head_branch not in {"main", "release"}


async def test_it_gets_no_commit_either_where_the_base_stands_at_the_same_one(house: House) -> None:
    found = house.github.repository(house.repository)
    found.protections.clear()
    policy = house.policy(more="    pull-request: {base: release, branch: main}\n")
    main = await house.commit({".niro/policies.yml": policy})
    await house.github.force_push(house.repository, "release", main)
    begin = len(house.github.webhooks.deliveries)
    await house.publish("1.6.0")
    assert await found.git.branch("main") == main
    pushed = [each.payload["ref"] for each in house.github.webhooks.deliveries[begin:] if each.event == "push"]
    assert "refs/heads/main" not in pushed
    (pull,) = house.pulls()
    assert (pull.state, pull.base_branch) == ("open", "release")
    assert pull.head_branch not in {"main", "release"}

"""The policy file changes while a pull request is open."""

from tests.flows.house import House

TO = "    pull-request: {auto-merge: true, "


async def changed(house: House, policy: bytes) -> None:
    """Open a pull request for 1.5.0 and change the policy file then."""
    await house.publish("1.5.0")
    assert len(house.open_pulls()) == 1
    await house.commit({".niro/policies.yml": policy})


async def states(house: House) -> list[tuple[str, str, str]]:
    return [(pull.state, pull.head_branch, pull.base_branch) for pull in house.pulls()]


async def test_a_policy_that_is_removed_takes_its_pull_request_and_branch_with_it(house: House) -> None:
    await changed(house, b"version: 1\nimages:\n  - image: " + house.image("web").encode() + b"\n")
    assert (await states(house), await house.on_branch()) == ([("closed", "niro/api", "main")], None)


async def test_a_policy_file_that_is_removed_takes_every_pull_request_with_it(house: House) -> None:
    await house.publish("1.5.0")
    await house.commit({}, removed=[".niro/policies.yml"])
    assert (await states(house), await house.on_branch()) == ([("closed", "niro/api", "main")], None)
    assert await house.parts.store.index.known(house.github.repository(house.repository).id) == {}


async def test_a_paused_policy_closes_its_pull_request_and_opens_it_again_when_it_goes_on(house: House) -> None:
    await changed(house, house.policy(more="    enabled: false\n"))
    assert (await states(house), await house.on_branch()) == ([("closed", "niro/api", "main")], None)
    await house.commit({".niro/policies.yml": house.policy()})
    assert [state for state, *_ in await states(house)] == ["closed", "open"]


async def test_a_paused_policy_opens_nothing(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="    enabled: false\n")})
    await house.publish("1.5.0")
    assert house.pulls() == []


async def test_a_file_that_is_switched_off_opens_nothing_and_keeps_what_is_open(house: House) -> None:
    await changed(house, b"enabled: false\n" + house.policy())
    await house.publish("1.6.0")
    assert [(pull.state, pull.title[-5:]) for pull in house.pulls()] == [("open", "1.5.0")]


async def test_a_renamed_branch_moves_the_pull_request_there(house: House) -> None:
    await changed(house, house.policy(more=TO + "branch: bots/api}\n"))
    assert await states(house) == [("closed", "niro/api", "main"), ("open", "bots/api", "main")]
    assert await house.on_branch("niro/api") is None


async def test_another_base_branch_gets_a_pull_request_of_its_own(house: House) -> None:
    await house.commit({"notes.md": b"x\n"}, branch="develop")
    await changed(house, house.policy(more=TO + "base: develop}\n"))
    assert await states(house) == [("closed", "niro/api", "main"), ("open", "niro/api", "develop")]


async def test_back_to_the_default_branch_it_is_moved_again(house: House) -> None:
    await house.commit({"notes.md": b"x\n"}, branch="develop")
    await changed(house, house.policy(more=TO + "base: develop}\n"))
    await house.commit({".niro/policies.yml": house.policy()})
    assert [(state, base) for state, _, base in await states(house)] == [
        ("closed", "main"),
        ("closed", "develop"),
        ("open", "main"),
    ]


async def test_a_narrower_range_closes_a_pull_request_that_is_outside_of_it(house: House) -> None:
    await changed(house, house.policy(rule="range: 1.4.x"))
    assert [state for state, *_ in await states(house)] == ["closed"]


async def test_a_wider_range_opens_what_it_newly_allows(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(rule="range: 1.4.x")})
    await house.publish("1.5.0")
    assert house.pulls() == []
    await house.commit({".niro/policies.yml": house.policy(rule="range: 1.x")})
    assert len(house.open_pulls()) == 1


async def test_what_was_pushed_while_a_policy_was_paused_is_proposed_when_it_goes_on(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="    enabled: false\n")})
    await house.publish("1.5.0")
    await house.commit({".niro/policies.yml": house.policy()})
    assert [pull.title[-5:] for pull in house.open_pulls()] == ["1.5.0"]


async def test_a_change_reads_the_tags_of_an_image_again_that_were_not_read_lately(house: House) -> None:
    await house.push("1.5.0")
    changed = house.deployment().replace(b"8080", b"9090")
    await house.commit({"deploy/api.yaml": changed})
    assert house.open_pulls() == []
    house.clock.forward(house.parts.settle * 60)
    await house.commit({"deploy/api.yaml": house.deployment()})
    assert [pull.title[-5:] for pull in house.open_pulls()] == ["1.5.0"]


async def test_paths_outside_of_the_policy_are_not_touched(house: House) -> None:
    await house.commit({"legacy/api.yaml": house.deployment()})
    more = '    update: {paths: ["deploy/**"]}\n'
    await house.commit({".niro/policies.yml": house.policy(more=more)})
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    assert await house.github.read(house.repository, "legacy/api.yaml", pull.head_oid) == house.deployment()
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == house.deployment("1.5.0")

"""One wish, one pull request: however often it is asked for, and whatever changes around it."""

from tests.flows.house import BOTH, House


async def test_the_same_event_ten_times_makes_one_pull_request(house: House) -> None:
    digest = await house.push("1.5.0")
    for _ in range(10):
        await house.tell("1.5.0", digest)
    assert len(house.pulls()) == 1
    assert await house.on_branch() == 1


async def test_ten_redeliveries_of_one_delivery_are_looked_at_once(house: House) -> None:
    await house.publish("1.5.0")
    await house.later(house.parts.settle)
    told = next(each for each in house.github.webhooks.deliveries if each.event == "registry_package")
    done = len(house.performed)
    for _ in range(10):
        house.github.webhooks.redeliver(told)
    await house.later(house.parts.settle)
    assert (len(house.pulls()), len(house.performed)) == (1, done)


async def test_a_newer_tag_updates_the_same_pull_request_with_one_commit_more(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.publish("1.6.0")
    assert house.pulls() == [pull]
    assert (pull.state, pull.title) == ("open", f"Bump {house.image()} from 1.4.2 to 1.6.0")
    assert await house.on_branch() == 2
    assert await house.github.read(house.repository, "deploy/api.yaml", "niro/api") == house.deployment("1.6.0")
    assert not pull.emptied


async def test_it_is_rebuilt_on_the_new_base_when_the_file_it_edits_changed_there(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    changed = house.deployment().replace(b"8080", b"9090")
    await house.commit({"deploy/api.yaml": changed})
    assert house.pulls() == [pull]
    assert (pull.state, pull.emptied, await house.on_branch()) == ("open", False, 1)
    expected = changed.replace(b":1.4.2", b":1.5.0")
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == expected


async def test_a_newer_tag_after_the_file_changed_rebuilds_the_branch_too(house: House) -> None:
    await house.publish("1.5.0")
    house.github.webhooks.paused = True
    changed = house.deployment().replace(b"8080", b"9090")
    await house.github.commit(house.repository, "main", {"deploy/api.yaml": changed})
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False
    await house.publish("1.6.0")
    (pull,) = house.pulls()
    assert (pull.state, pull.emptied, await house.on_branch()) == ("open", False, 1)
    expected = changed.replace(b":1.4.2", b":1.6.0")
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == expected


async def test_a_base_that_moves_elsewhere_leaves_the_pull_request_alone(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    head = pull.head_oid
    await house.commit({"README.md": b"Hello\n"})
    assert (pull.state, pull.head_oid) == ("open", head)


async def test_a_base_that_already_has_the_tag_closes_the_pull_request_and_takes_its_branch_away(house: House) -> None:
    await house.publish("1.5.0")
    await house.commit({"deploy/api.yaml": house.deployment("1.5.0")})
    assert [pull.state for pull in house.pulls()] == ["closed"]
    assert await house.on_branch() is None


async def test_what_the_bot_closed_itself_comes_again_when_it_is_wished_again(house: House) -> None:
    await house.publish("1.5.0")
    await house.commit({"deploy/api.yaml": house.deployment("1.5.0")})
    await house.commit({"deploy/api.yaml": house.deployment("1.4.2")})
    assert [pull.state for pull in house.pulls()] == ["closed", "open"]


async def test_the_pull_request_is_closed_when_no_file_uses_the_image_any_more(house: House) -> None:
    await house.publish("1.5.0")
    await house.commit({}, removed=["deploy/api.yaml"])
    assert [pull.state for pull in house.pulls()] == ["closed"]


async def test_a_person_closes_it_and_the_same_wish_is_not_opened_again_but_a_newer_tag_is(house: House) -> None:
    digest = await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.world.pulls.close(pull, house.github.person)
    await house.work()
    await house.tell("1.5.0", digest)
    await house.commit({"deploy/other.yaml": house.deployment("1.4.2", "api")})
    assert [each.state for each in house.pulls()] == ["closed"]
    await house.publish("1.6.0")
    assert [each.state for each in house.pulls()] == ["closed", "open"]
    assert house.pulls()[1].title.endswith("to 1.6.0")


async def test_a_person_closes_it_and_deletes_its_branch_and_it_stays_closed(house: House) -> None:
    digest = await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.world.pulls.close(pull, house.github.person)
    await house.github.force_push(house.repository, "niro/api", "0" * 40)
    await house.work()
    await house.tell("1.5.0", digest)
    assert [each.state for each in house.pulls()] == ["closed"]


async def test_a_person_who_opens_it_again_gets_it_kept_up_to_date_and_merged(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.world.pulls.close(pull, house.github.person)
    await house.work()
    await house.github.world.pulls.reopen(pull, house.github.person)
    await house.work()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged


async def test_a_humans_commit_on_the_branch_is_left_alone_and_that_is_said(house: House, logs) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    theirs = await house.commit({"deploy/api.yaml": house.deployment("1.5.1")}, branch="niro/api")
    await house.publish("1.6.0")
    assert (pull.state, pull.head_oid, house.pulls()) == ("open", theirs, [pull])
    (said,) = {event["sentence"] for event in logs if event["event"] == "bump.noted"}
    assert "deploy/api.yaml" in said


async def test_a_humans_commit_on_the_branch_is_not_merged_by_the_bot(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.commit({"deploy/api.yaml": house.deployment("6.6.6")}, branch="niro/api")
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert not pull.merged


async def test_a_commit_that_only_pretends_to_be_the_bots_is_left_alone(house: House, logs) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    found = await house.github.repository(house.repository).git.commit(pull.head_oid)
    assert found is not None
    theirs = await house.github.commit(
        house.repository,
        "niro/api",
        {"deploy/api.yaml": house.deployment("6.6.6")},
        found.message,
        author=house.github.app.bot,
    )
    await house.publish("1.6.0")
    assert pull.head_oid == theirs
    assert any(event["event"] == "bump.noted" for event in logs)


async def test_a_branch_of_that_name_which_a_human_made_is_left_alone(house: House, logs) -> None:
    theirs = await house.commit({"notes.md": b"mine\n"}, branch="niro/api")
    await house.publish("1.5.0")
    assert house.pulls() == []
    assert await house.github.repository(house.repository).git.branch("niro/api") == theirs
    assert any(event["event"] == "bump.left_alone" for event in logs)


async def test_merged_by_a_human_the_next_tag_opens_a_new_pull_request(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("other",))
    house.github.repository(house.repository).protections.clear()
    await house.github.world.merging.merge(pull, house.github.person)
    await house.work()
    assert [each.state for each in house.pulls()] == ["closed"]
    await house.publish("1.6.0")
    assert [(each.state, each.title[-5:]) for each in house.pulls()] == [("closed", "1.5.0"), ("open", "1.6.0")]
    assert await house.on_branch() == 1


async def test_a_pull_request_that_a_person_points_at_another_base_is_left_alone(house: House, logs) -> None:
    await house.commit({"notes.md": b"x\n"}, branch="release")
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.world.pulls.update(pull, house.github.person, base="release")
    await house.work()
    await house.publish("1.6.0")
    assert (pull.state, pull.base_branch, house.pulls()) == ("open", "release", [pull])
    assert any(event["event"] == "bump.left_alone" for event in logs)


async def test_two_policies_make_two_pull_requests_that_do_not_touch_each_other(empty_house: House) -> None:
    house = empty_house
    for name in ("api", "web"):
        await house.push("1.0.0", name)
    policies = house.policy() + b"  - image: " + house.image("web").encode() + b"\n    range: '*'\n"
    both = house.deployment("1.0.0") + b"---\n" + house.deployment("1.0.0", "web")
    await house.github.add_repository(house.repository, {".niro/policies.yml": policies, "all.yaml": both})
    await house.work()
    for name in ("api", "web"):
        await house.publish("1.1.0", name)
    heads = {pull.head_branch: pull.head_oid for pull in house.pulls()}
    assert sorted(heads) == ["niro/api", "niro/web"]
    for name in ("api", "web"):
        expected = both.replace(f"{name}:1.0.0".encode(), f"{name}:1.1.0".encode())
        assert await house.github.read(house.repository, "all.yaml", heads[f"niro/{name}"]) == expected


async def test_files_at_two_different_tags_move_together_in_one_pull_request(house: House) -> None:
    await house.push("1.3.0")
    await house.commit({"deploy/old.yaml": house.deployment("1.3.0")})
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    for path in ("deploy/api.yaml", "deploy/old.yaml"):
        assert await house.github.read(house.repository, path, pull.head_oid) == house.deployment("1.5.0")


async def test_a_manifest_added_later_gets_its_bump_in_the_pull_request_that_is_open(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.commit({"deploy/second.yaml": house.deployment()})
    assert house.pulls() == [pull]
    for path in ("deploy/api.yaml", "deploy/second.yaml"):
        assert await house.github.read(house.repository, path, pull.head_oid) == house.deployment("1.5.0")


async def test_a_policy_follows_its_image_before_a_file_uses_it(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    await house.github.add_repository(house.repository, {".niro/policies.yml": house.policy()})
    await house.work()
    await house.publish("1.5.0")
    assert house.pulls() == []
    await house.commit({"deploy/api.yaml": house.deployment("1.4.2")})
    assert [pull.title for pull in house.pulls()] == [f"Bump {house.image()} from 1.4.2 to 1.5.0"]


async def test_a_repository_without_a_policy_file_is_left_alone(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    await house.github.add_repository(house.repository, {"deploy/api.yaml": house.deployment()})
    await house.work()
    await house.publish("1.5.0", platforms=BOTH)
    assert house.pulls() == []
    assert await house.parts.store.index.known(house.github.repository(house.repository).id) == {}

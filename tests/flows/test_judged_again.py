"""What is merged is what the bot would write now, by nobody else, held by nobody, and old enough."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.github import CheckRun, Conclusion
from bot.jobs.work import MergeBump
from bot.sandbox.model import BranchProtection, MergeMethod, RequiredCheck
from bot.selection import RestrictionKind
from bot.store import MergeOrderRecord, RestrictionRecord
from tests.flows.house import House


async def judge(house: House) -> bool:
    """Let the check of the only open pull request turn green, and look whether it is merged."""
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    await house.ask(MergeBump(house.installation.id, house.github.repository(house.repository).id, "api"))
    return pull.merged


async def lay(house: House, kind: RestrictionKind, **said: object) -> None:
    unsaid = dict.fromkeys(("tag", "digest", "range", "beyond", "until"))
    record = {
        "repository": house.github.repository(house.repository).id,
        "policy": "api",
        "kind": kind,
        **unsaid,
        "reason": "",
        "source": "comment:1",
        "by": "octocat",
        "at": house.clock(),
        **said,
    }
    await house.parts.store.restrictions.lay(RestrictionRecord(**record))  # type: ignore[arg-type]


async def order(house: House, head: str, *, stated: bool) -> None:
    repository = house.github.repository(house.repository).id
    record = MergeOrderRecord(repository, "api", head, stated, "octocat", 1, house.clock())
    await house.parts.store.orders.put(record)


async def test_it_is_merged_when_nothing_speaks_against_it(house: House) -> None:
    await house.publish("1.5.0")
    assert await judge(house)


async def test_a_hold_keeps_it_and_resuming_lets_it_go(house: House) -> None:
    await house.publish("1.5.0")
    await lay(house, RestrictionKind.HOLD)
    assert not await judge(house)
    await house.parts.store.restrictions.lift(
        house.github.repository(house.repository).id, frozenset({RestrictionKind.HOLD})
    )
    await house.ask(house.bump_work())
    assert await judge(house)


async def test_a_snooze_keeps_it_until_it_ends(house: House) -> None:
    await house.publish("1.5.0")
    await lay(house, RestrictionKind.SNOOZE, until=house.clock() + timedelta(days=3))
    assert not await judge(house)
    await house.later(timedelta(days=3, minutes=5))
    (pull,) = house.pulls()
    await house.ask(house.bump_work())
    assert await judge(house) if not pull.merged else True


async def test_what_was_ignored_meanwhile_is_not_merged(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await lay(house, RestrictionKind.IGNORE, tag="1.5.0")
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert not pull.merged
    assert pull.state == "closed"


async def test_a_commit_of_somebody_else_on_top_keeps_it(house: House) -> None:
    await house.publish("1.5.0")
    await house.github.push_as_person(house.repository, "niro/api", {"NOTES.md": b"By hand\n"})
    assert not await judge(house)


async def test_a_person_who_states_the_commit_may_have_it_merged_all_the_same(house: House) -> None:
    await house.publish("1.5.0")
    await house.github.push_as_person(house.repository, "niro/api", {"NOTES.md": b"By hand\n"})
    (pull,) = house.pulls()
    await order(house, pull.head_oid, stated=True)
    assert await judge(house)


@pytest.mark.parametrize("stated", [True, False])
async def test_an_order_about_another_head_orders_nothing(house: House, *, stated: bool) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await order(house, pull.head_oid, stated=stated)
    await house.github.push_as_person(house.repository, "niro/api", {"NOTES.md": b"By hand\n"})
    assert not await judge(house)


async def test_an_order_merges_where_the_policy_does_not(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy()})
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    assert not await judge(house)
    await order(house, pull.head_oid, stated=False)
    assert await judge(house)


async def test_an_order_does_not_stand_for_a_check(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await order(house, pull.head_oid, stated=True)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",), "failure")
    await house.work()
    assert not pull.merged


async def test_a_finding_of_the_bots_own_check_keeps_it(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    violating = CheckRun(pull.head_oid, "niro / findings", Conclusion.FAILURE, "1 finding", "It runs as root.")
    await house.client().create_check_run(violating)
    assert not await judge(house)


async def test_a_base_that_moved_under_the_file_makes_it_anew_before_it_is_merged(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    before = pull.head_oid
    house.github.webhooks.paused = True
    await house.commit({"deploy/api.yaml": house.deployment().replace(b"# The", b"# That is the")})
    house.github.webhooks.paused = False
    await house.github.complete_checks(house.repository, before, ("ci",))
    await house.work()
    assert not pull.merged
    assert pull.head_oid != before
    assert await judge(house)


async def test_what_is_said_of_a_policy_that_is_off_keeps_its_group_not(empty_house: House) -> None:
    house = empty_house
    for name in ("api", "web"):
        await house.push("1.0.0", name)
    policies = (
        f"version: 1\ngroups: {{shop: {{auto-merge: true}}}}\nimages:\n  - {{image: {house.image()}, group: shop}}\n"
        f"  - {{image: {house.image('web')}, group: shop, enabled: false}}\n"
    )
    manifests = {f"{name}.yaml": house.deployment("1.0.0", name) for name in ("api", "web")}
    await house.github.add_repository(house.repository, {".niro/policies.yml": policies.encode()} | manifests)
    await house.require_checks("ci")
    await house.work()
    await lay(house, RestrictionKind.HOLD, policy="web")
    await house.publish("1.1.0")
    assert await judge(house)


async def test_an_order_about_a_persons_commit_is_carried_out_when_its_check_is_green(house: House) -> None:
    await house.publish("1.5.0")
    await house.github.push_as_person(house.repository, "niro/api", {"NOTES.md": b"By hand\n"})
    await house.work()
    (pull,) = house.pulls()
    await order(house, pull.head_oid, stated=True)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged


async def test_an_image_of_which_nobody_knows_how_old_it_is_waits_for_people(house: House) -> None:
    await house.publish("1.5.0")
    more = "    min-age: 1h\n    pin: 1.5.0\n    pull-request: {auto-merge: true}\n"
    await house.commit({".niro/policies.yml": house.policy(more=more)})
    await house.later(timedelta(hours=2))
    bump = await house.bump()
    assert bump is not None
    known = json.loads(bump.proposals)
    for proposal in known["proposals"]:
        proposal["born"] = ""
    await house.parts.store.bumps.save(replace(bump, proposals=json.dumps(known)))
    assert not await judge(house)


async def test_an_image_that_is_younger_than_the_policy_wants_waits_its_age(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    policy = house.policy(more="    min-age: 3d\n    pin: 1.5.0\n    pull-request: {auto-merge: true}\n")
    await house.commit({".niro/policies.yml": policy})
    assert not await judge(house)
    await house.later(timedelta(days=3, minutes=5))
    for _ in range(3):
        await house.later(timedelta(hours=1))
    assert pull.merged


async def test_a_repository_that_does_not_squash_is_told_so_and_not_asked_for_ever(house: House) -> None:
    house.github.repository(house.repository).merge_methods = {MergeMethod.MERGE}
    await house.publish("1.5.0")
    assert not await judge(house)
    note = await house.parts.store.notes.get(house.github.repository(house.repository).id, "api")
    assert note is not None
    assert "Squash merges are not allowed on this repository" in note.sentence
    assert await house.dead() == []


async def test_a_merge_goes_through_as_many_as_are_ready(empty_house: House) -> None:
    house, names = empty_house, ("api", "web", "job")
    for name in names:
        await house.push("1.0.0", name)
    lines = "".join(f"  - {{image: {house.image(name)}, pull-request: {{auto-merge: true}}}}\n" for name in names)
    files = {f"{name}.yaml": house.deployment("1.0.0", name) for name in names}
    policies = {".niro/policies.yml": f"version: 1\nimages:\n{lines}".encode()}
    await house.github.add_repository(house.repository, policies | files)
    await house.require_checks("ci")
    await house.work()
    for name in names:
        await house.publish("1.1.0", name)
    for pull in house.open_pulls():
        await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert [pull.merged for pull in house.pulls()] == [True, True, True]


async def test_a_required_check_that_somebody_else_reports_is_not_green(house: House) -> None:
    found = house.github.repository(house.repository)
    bound = RequiredCheck("ci", house.github.world.actions.id)
    found.protections["main"] = BranchProtection(required_checks=[bound])
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    counted = house.counted()
    await house.github.set_status(house.repository, pull.head_oid, "ci", "success")
    await house.work()
    assert not pull.merged
    assert "pulls/merge" not in counted.names
    assert await judge(house)


async def test_what_is_merged_bears_the_words_of_the_policy_whatever_the_title_became(house: House) -> None:
    template = "    pull-request: {auto-merge: true, commit-message: 'deps: {image} at {to}'}\n"
    await house.commit({".niro/policies.yml": house.policy(more=template)})
    await house.publish("1.4.9")
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.world.pulls.update(pull, house.github.person, title="Anything [skip ci]")
    assert await judge(house)
    merged = await house.github.repository(house.repository).git.commit(await house.head())
    assert merged is not None
    headline, *rest = merged.message.strip().splitlines()
    assert headline == f"deps: {house.image()} at 1.5.0 (#{pull.number})"
    assert [line.partition(":")[0] for line in rest if line] == ["Niro-Bump"]


async def test_an_order_does_not_outlive_its_authors_rights(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy()})
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await order(house, pull.head_oid, stated=False)
    house.github.give_role("octocat", "read", house.repository)
    assert not await judge(house)
    house.github.give_role("octocat", "admin", house.repository)
    assert not await judge(house)


async def test_what_was_ignored_is_not_merged_although_nothing_can_be_decided_now(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.parts.store.ledger.record(house.registry.host, f"{house.owner}/api", [], house.clock())
    await lay(house, RestrictionKind.IGNORE, tag="1.5.0")
    await house.ask(house.bump_work())
    assert pull.state == "open"
    assert not await judge(house)

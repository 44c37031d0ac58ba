"""Commands on the dashboard: written there, or by ticking its boxes; and what may be told to everybody."""

from bot.flows.command import TICKED_BEFORE
from bot.jobs.work import ObeyCheckboxes, UpdateDashboard
from bot.sandbox.faults import RequestRecord
from tests.flows.commanding import A_MOMENT, OBEYED, REFUSED, answers, brief, laid, proposed, reactions, say
from tests.flows.house import House


async def dashboard(house: House) -> int:
    """Let the policy file ask for a dashboard; return its number."""
    more = "    pull-request:\n      auto-merge: true\ndashboard: true\n"
    await house.commit({".niro/policies.yml": house.policy(more=more)})
    repository = house.github.repository(house.repository)
    await house.ask(UpdateDashboard(house.installation.id, repository.id))
    known = await house.parts.store.dashboards.get(repository.id)
    assert known is not None
    return known.issue


async def ticked(house: House, number: int, commands: str, login: str = "octocat") -> None:
    repository = house.github.repository(house.repository).id
    await house.ask(ObeyCheckboxes(house.installation.id, repository, number, login, commands))


async def order(house: House):
    return await house.parts.store.orders.get(house.github.repository(house.repository).id, "api")


async def test_the_dashboard_takes_commands_that_name_their_policy(house: House) -> None:
    number = await dashboard(house)
    comment = await say(house, "/niro hold", number)
    assert (reactions(house, comment), await brief(house)) == (REFUSED, [])
    assert "There are: api." in answers(house, number)[0]
    comment = await say(house, "/niro hold api\n/niro scan", number)
    assert (reactions(house, comment), await brief(house)) == (OBEYED, [("api", "hold", None, None, None)])


async def test_a_merge_from_the_dashboard_is_about_the_head_that_was_seen(house: House) -> None:
    number = await dashboard(house)
    pull = await proposed(house)
    assert reactions(house, await say(house, "/niro merge api", number)) == OBEYED
    ordered = await order(house)
    assert ordered is not None
    assert ordered.head == pull.head_oid


async def test_a_rollback_from_the_dashboard_turns_down_what_stands(house: House) -> None:
    number = await dashboard(house)
    await house.push("1.4.0")
    comment = await say(house, "/niro rollback api 1.4.0", number)
    await house.later(A_MOMENT)
    assert (reactions(house, comment), await brief(house)) == (OBEYED, [("api", "pin", "1.4.0", None, "1.4.2")])


async def test_a_rollback_that_was_cut_short_means_what_it_meant(house: House) -> None:
    number = await dashboard(house)
    pull = await proposed(house)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    await house.later(A_MOMENT)
    reacted: list[RequestRecord] = []

    async def lose_the_last(record: RequestRecord) -> None:
        """Let the answer to the eyes come, and none after that for now."""
        if record.operation == "reactions/create-for-issue-comment":
            reacted.append(record)
            if len(reacted) == 2:
                house.github.faults.drop("reactions/create-for-issue-comment", times=5)

    house.github.faults.before.append(lose_the_last)
    comment = await say(house, "/niro rollback api", number)
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.4.2"]
    for _ in range(6):
        await house.later(A_MOMENT * 20)
    assert reactions(house, comment) == OBEYED
    assert await brief(house) == [("api", "pin", "1.4.2", None, "1.5.0")]


async def test_a_ticked_box_is_a_command_of_who_ticked_it(house: House) -> None:
    number = await dashboard(house)
    await say(house, "/niro hold api", number)
    await house.later(A_MOMENT * 3)
    body = house.github.world.issues.find(house.github.repository(house.repository), number).body
    assert "<!-- niro: resume api -->" in body
    old = "- [ ] <!-- niro: resume api -->"
    await house.github.tick(house.repository, number, old, old.replace("[ ]", "[x]"))
    await house.work()
    assert await brief(house) == []


async def test_a_box_that_somebody_without_the_right_ticked_does_nothing(house: House) -> None:
    number = await dashboard(house)
    house.github.give_role("mallory", "triage", house.repository)
    await ticked(house, number, "hold api", "mallory")
    await ticked(house, number, "hold api", "nobody-at-all")
    await ticked(house, number, "hold api", "helper[bot]")
    assert (await laid(house), answers(house, number)) == ([], [])


async def test_boxes_of_another_issue_do_nothing(house: House) -> None:
    await dashboard(house)
    found = house.github.repository(house.repository)
    fake = await house.github.world.issues.open(found, title="Dashboard", body=None, actor=house.github.person)
    counted = house.counted()
    await ticked(house, fake.number, "hold api")
    assert (await laid(house), counted.names) == ([], [])


async def test_a_box_merges_what_stood_still_for_a_while(house: House) -> None:
    number = await dashboard(house)
    pull = await proposed(house)
    await ticked(house, number, "merge api")
    assert await order(house) is None
    await ticked(house, number, "merge api")
    (answer,) = answers(house, number)
    assert f"Pull request {pull.number} was pushed to" in answer
    await house.later(TICKED_BEFORE)
    await ticked(house, number, "merge api")
    assert await order(house) is not None


async def test_boxes_with_a_mistake_do_nothing_and_say_so(house: House) -> None:
    number = await dashboard(house)
    await ticked(house, number, "hold api\nresume gone")
    assert await laid(house) == []
    assert "There is no policy 'gone'" in answers(house, number)[0]

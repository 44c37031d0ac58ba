"""One dashboard for a repository, whatever is lost on the way; and when its boxes were ticked."""

from datetime import timedelta

from bot.bumps import OVERVIEW_TITLE
from bot.jobs.work import ObeyCheckboxes, UpdateDashboard
from bot.sandbox.model import Issue, PullRequest
from tests.flows.commanding import A_MOMENT, answers, proposed
from tests.flows.house import House

MERGED_BY_HAND = "    pull-request:\n      auto-merge: true\ndashboard: true\n"
CREATE, LIST = "issues/create", "issues/list-for-repo"


def dashboards(house: House) -> list[Issue]:
    found = house.github.repository(house.repository).issues.values()
    return [issue for issue in found if not isinstance(issue, PullRequest)]


async def asked_for(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more=MERGED_BY_HAND)})
    for _ in range(3):
        await house.later(timedelta(minutes=2))


async def known(house: House):
    return await house.parts.store.dashboards.get(house.github.repository(house.repository).id)


async def ordered(house: House):
    return await house.parts.store.orders.get(house.github.repository(house.repository).id, "api")


async def test_an_issue_whose_number_was_lost_is_found_again(house: House) -> None:
    house.github.faults.bad_gateway(CREATE, after_handling=True)
    counted = house.counted()
    await asked_for(house)
    (issue,) = dashboards(house)
    assert (counted.names.count(CREATE), counted.names.count(LIST)) == (1, 2)
    assert (await known(house)).issue == issue.number


async def test_an_issue_of_somebody_elses_is_not_taken_for_it(house: House) -> None:
    found = house.github.repository(house.repository)
    await house.github.world.issues.open(found, title=OVERVIEW_TITLE, body=None, actor=house.github.person)
    await asked_for(house)
    theirs, ours = sorted(dashboards(house), key=lambda issue: issue.number)
    assert (theirs.author.type, ours.author.type) == ("User", "Bot")


async def test_a_box_tells_when_it_was_ticked(house: House) -> None:
    await asked_for(house)
    pull = await proposed(house)
    await house.later(timedelta(seconds=15))
    (issue,) = dashboards(house)
    box = "- [ ] <!-- niro: merge api -->"
    await house.github.tick(house.repository, issue.number, box, box.replace("[ ]", "[x]"))
    await house.work()
    order = await ordered(house)
    assert order is not None
    assert order.head == pull.head_oid


async def test_a_push_after_the_tick_refuses_a_merge_however_late_it_is_heard(house: House) -> None:
    await asked_for(house)
    pull = await proposed(house)
    repository, number = house.github.repository(house.repository).id, dashboards(house)[0].number
    at = house.clock().isoformat(timespec="seconds")
    await house.later(A_MOMENT)
    await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    await house.later(timedelta(minutes=5))
    await house.ask(ObeyCheckboxes(house.installation.id, repository, number, "octocat", "merge api", at))
    assert await ordered(house) is None
    assert f"Pull request {pull.number} was pushed to" in answers(house, number)[0]


async def test_words_of_a_box_that_get_lost_do_not_undo_it(house: House) -> None:
    await asked_for(house)
    pull = await proposed(house)
    await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    await house.work()
    await house.later(timedelta(minutes=2))
    repository, number = house.github.repository(house.repository).id, dashboards(house)[0].number
    house.github.faults.drop("issues/create-comment", times=3)
    at = house.clock().isoformat(timespec="seconds")
    await house.later(A_MOMENT)
    work = ObeyCheckboxes(house.installation.id, repository, number, "octocat", "recreate api\nexplain api", at)
    await house.ask(work)
    for _ in range(4):
        await house.later(timedelta(minutes=2))
    (answer,) = answers(house, number)
    assert ("Nothing was done" in answer, pull.state, await house.on_branch()) == (False, "open", 1)


async def test_the_next_look_costs_no_search(house: House) -> None:
    await asked_for(house)
    repository = house.github.repository(house.repository).id
    counted = house.counted()
    await house.ask(UpdateDashboard(house.installation.id, repository))
    assert counted.names == ["issues/get"]

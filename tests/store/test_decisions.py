"""Decisions: the latest for each tag in use, and every change."""

from tests.store.builders import LATER, NOW, decision, repository, seconds, settle


async def test_the_latest_decision_is_told_with_all_that_was_said(store):
    await settle(store)
    await store.decisions.save(decision(at=NOW))
    changes = {"selected": None, "reason": "no-match", "sentence": "None fits.", "rejected": '[["1.2", "old"]]'}
    latest = decision(at=LATER, reader="c-1", **changes)
    await store.decisions.save(latest)
    assert await store.decisions.of(10, "app") == latest


async def test_nothing_decided_is_none(store):
    assert await store.decisions.of(10, "app") is None


async def test_each_tag_in_use_has_a_decision_of_its_own(store):
    await settle(store)
    old, new = decision(current="1.0.0", at=NOW), decision(current="0.9.0", at=LATER)
    await store.decisions.save(old)
    await store.decisions.save(new)
    assert await store.decisions.all_of(10, "app") == [new, old]


async def test_only_changes_go_into_the_history(store):
    await settle(store)
    for offset, changes in enumerate(
        [{}, {}, {"selected": "1.2.0"}, {"reason": "current-is-best"}, {"sentence": "Again."}]
    ):
        await store.decisions.save(decision(**{"selected": "1.1.0", **changes, "at": NOW + seconds(offset)}))
    history = await store.decisions.history(10, "app")
    assert [(change.at - NOW).seconds for change in history] == [4, 3, 2, 0]
    assert [change.selected for change in history] == ["1.1.0", "1.1.0", "1.2.0", "1.1.0"]


async def test_tags_in_use_side_by_side_make_no_changes_of_each_other(store):
    await settle(store)
    for _ in range(3):
        await store.decisions.save(decision(current="1.0.0", selected="1.1.0"))
        await store.decisions.save(decision(current="0.9.0", selected="0.9.9"))
    assert len(await store.decisions.history(10, "app")) == 2


async def test_the_history_is_told_as_far_as_asked_for(store):
    await settle(store)
    for number in range(5):
        await store.decisions.save(decision(selected=f"1.{number}.0"))
    assert [change.selected for change in await store.decisions.history(10, "app", limit=2)] == ["1.4.0", "1.3.0"]


async def test_of_a_repository_the_latest_decision_of_each_policy_is_told(store):
    await settle(store, repository(10), repository(11))
    latest = decision(policy="app", current="2.0.0", at=LATER)
    for saved in (decision(policy="app", at=NOW), latest, decision(policy="db"), decision(repository=11)):
        await store.decisions.save(saved)
    assert await store.decisions.of_repository(10) == [latest, decision(policy="db")]
    assert await store.decisions.of_repository(12) == []

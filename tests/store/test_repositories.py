"""Repositories: known by number and name, with the policy file last seen good."""

import pytest

from bot.store import Follow, PolicyRecord, Reported
from tests.store.builders import repository, settle


async def test_saving_again_replaces_what_is_known(store):
    await settle(store, repository(10))
    renamed = repository(10, full_name="acme/new", default_branch="trunk", private=True, archived=True)
    await store.repositories.save(renamed)
    assert await store.repositories.get(10) == renamed
    assert await store.repositories.by_name("acme/r10") is None


async def test_a_repository_is_found_by_its_name_in_any_case_of_letters(store):
    await settle(store, repository(10, full_name="Acme/Shop"))
    assert (await store.repositories.by_name("aCME/sHOP")).full_name == "Acme/Shop"


async def test_of_two_repositories_with_one_name_the_newer_has_it(store):
    await settle(store, repository(11, full_name="acme/shop"), repository(10, full_name="acme/shop"))
    assert (await store.repositories.by_name("acme/shop")).id == 11


async def test_the_repositories_of_an_installation_are_its_own(store):
    await settle(store, repository(11), repository(10), repository(20, installation=2))
    assert [item.id for item in await store.repositories.of_installation(1)] == [10, 11]


async def test_a_removed_repository_is_gone(store):
    await settle(store)
    await store.repositories.remove(10)
    assert await store.repositories.get(10) is None


async def test_a_repository_that_was_never_looked_at_has_no_policy_record(store):
    await settle(store)
    assert await store.repositories.policy(10) is None


async def test_a_policy_file_comes_out_as_it_went_in(store):
    await settle(store)
    record = PolicyRecord("blob", "version: 1\n", (), "commit")
    await store.repositories.save_policy(10, record)
    assert await store.repositories.policy(10) == record


@pytest.mark.parametrize("text", [None, "broken: ["])
async def test_a_policy_file_with_problems_leaves_the_text_last_seen_good(store, text):
    await settle(store)
    await store.repositories.save_policy(10, PolicyRecord("b1", "good", (), "c1"))
    await store.repositories.save_policy(10, PolicyRecord("b2", text, ("line 1: no", "line 2: no"), "c2"))
    assert await store.repositories.policy(10) == PolicyRecord("b2", "good", ("line 1: no", "line 2: no"), "c2")


async def test_a_policy_file_that_was_never_good_has_no_text(store):
    await settle(store)
    await store.repositories.save_policy(10, PolicyRecord("b", "broken: [", ("line 1: no",), "c"))
    assert (await store.repositories.policy(10)).text is None


async def test_a_policy_file_that_was_removed_has_no_text(store):
    await settle(store)
    await store.repositories.save_policy(10, PolicyRecord("b1", "good", (), "c1"))
    await store.repositories.save_policy(10, PolicyRecord(None, None, (), "c2"))
    assert await store.repositories.policy(10) == PolicyRecord(None, None, (), "c2")


async def test_what_is_followed_is_replaced_as_a_whole(store):
    await settle(store)
    await store.repositories.follow(10, [Follow("a", "ghcr.io", "acme/a"), Follow("b", "ghcr.io", "acme/b")])
    await store.repositories.follow(10, [Follow("c", "ghcr.io", "acme/b"), Follow("c", "ghcr.io", "acme/b")])
    assert await store.index.followers("ghcr.io", "acme/a") == []
    assert [follower.policy for follower in await store.index.followers("ghcr.io", "acme/b")] == ["c"]
    await store.repositories.follow(10, [])
    assert await store.index.followers("ghcr.io", "acme/b") == []


async def test_what_was_last_told_of_a_policy_file_is_remembered(store):
    await settle(store)
    await store.repositories.save_policy(10, PolicyRecord("b1", "good", (), "c1"))
    assert await store.repositories.reported(10) is None
    await store.repositories.note_report(10, "c1", "hash 1")
    await store.repositories.note_report(10, "c2", "hash 2")
    await store.repositories.save_policy(10, PolicyRecord("b2", "better", (), "c3"))
    assert await store.repositories.reported(10) == Reported("c2", "hash 2")


async def test_of_a_repository_that_was_never_looked_at_nothing_was_told(store):
    await settle(store)
    await store.repositories.note_report(10, "c1", "hash 1")
    assert await store.repositories.reported(10) is None

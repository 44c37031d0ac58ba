"""Installations: saved, suspended, and gone with everything that belongs to them."""

from pydantic import SecretStr

from bot.store import Follow, PolicyRecord
from tests.store.builders import (
    NOW,
    bump,
    credential,
    decision,
    file,
    hook,
    installation,
    repository,
    settle,
    use,
)

IMAGE = ("registry.example", "app")


async def test_saving_again_replaces_what_is_known(store):
    await store.installations.save(installation(1))
    await store.installations.save(installation(1, account="acme-renamed", account_type="User", suspended=True))
    [known] = await store.installations.all()
    assert known == installation(1, account="acme-renamed", account_type="User", suspended=True)


async def test_an_unknown_installation_is_none(store):
    assert await store.installations.get(1) is None


async def test_an_installation_is_suspended_and_taken_up_again(store):
    await store.installations.save(installation(1))
    await store.installations.suspend(1, True)
    assert (await store.installations.get(1)).suspended is True
    await store.installations.suspend(1, False)
    assert (await store.installations.get(1)).suspended is False


async def test_suspending_an_unknown_installation_is_no_error(store):
    await store.installations.suspend(1, True)
    assert await store.installations.all() == []


async def fill(store, installation_id, repository_id):
    await settle(store, repository(repository_id, installation=installation_id))
    await store.repositories.save_policy(repository_id, PolicyRecord("b", "text", (), "c"))
    await store.repositories.follow(repository_id, [Follow("app", "ghcr.io", "acme/app")])
    await store.index.put(repository_id, [file(images=[use()])])
    await store.index.finish(repository_id, "c", "t")
    await store.bumps.save(bump(repository=repository_id))
    await store.decisions.save(decision(repository=repository_id))
    await store.hooks.create(hook(f"h{installation_id}", installation=installation_id), b"x" * 32)
    await store.pacing.hold(installation_id, NOW)
    for number in range(2):
        owned = credential(f"n{number}", id=f"c-{installation_id}-{number}", installation=installation_id)
        await store.credentials.add(owned, SecretStr("secret"))
    for reader in readers(installation_id):
        await store.ledger.record(*IMAGE, ["1.0"], NOW, reader)
        await store.ledger.scanned(*IMAGE, NOW, None, reader)


def readers(installation_id):
    return (f"c-{installation_id}-0", f"c-{installation_id}-1", f"operator:{installation_id}")


async def remembered(store, installation_id, repository_id):
    return [
        await store.installations.get(installation_id),
        await store.repositories.get(repository_id),
        await store.repositories.policy(repository_id),
        await store.index.state(repository_id),
        await store.index.files(repository_id) or None,
        await store.bumps.get(repository_id, "app"),
        await store.decisions.of(repository_id, "app"),
        await store.decisions.history(repository_id, "app") or None,
        await store.hooks.get(f"h{installation_id}"),
        await store.pacing.held(installation_id),
        await store.credentials.of_installation(installation_id) or None,
        *[await store.ledger.tags(*IMAGE, reader) or None for reader in readers(installation_id)],
        *[await store.ledger.scan_state(*IMAGE, reader) for reader in readers(installation_id)],
    ]


async def test_a_removed_installation_takes_all_of_its_own_along_and_nothing_else(store):
    await fill(store, 1, 10)
    await fill(store, 2, 20)
    await store.ledger.record(*IMAGE, ["public"], NOW)
    others = await remembered(store, 2, 20)
    await store.installations.remove(1)
    assert set(await remembered(store, 1, 10)) == {None}
    assert await remembered(store, 2, 20) == others
    assert None not in others
    assert [follower.repository for follower in await store.index.followers("ghcr.io", "acme/app")] == [20]
    assert [tag.name for tag in await store.ledger.tags(*IMAGE)] == ["public"]


async def test_credentials_that_came_before_githubs_word_go_with_the_installation_too(store):
    await store.credentials.add(credential(), SecretStr("secret"))
    await store.installations.remove(1)
    assert await store.credentials.all() == []


async def test_removing_an_unknown_installation_is_no_error(store):
    await store.installations.remove(1)

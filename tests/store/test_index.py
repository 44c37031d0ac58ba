"""The index: files by blob, images to files, images to the policies that follow them."""

from bot.store import Follow, Follower, IndexState, PolicyRecord
from tests.store.builders import file, installation, repository, settle, use


async def test_files_come_out_as_they_went_in_by_path(store):
    await settle(store)
    files = [
        file(
            "a.yml", blob="b1", images=[use(tag="1.0"), use("acme/db", tag=None, digest="sha256:1")], occurrences="[1]"
        ),
        file("b.yml", blob="b2", images=[], occurrences="[]", surroundings="[2]"),
    ]
    await store.index.put(10, files[::-1])
    assert await store.index.files(10) == files


async def test_an_image_named_twice_in_a_file_stands_once(store):
    await settle(store)
    await store.index.put(10, [file(images=[use(), use(tag="2"), use()])])
    assert (await store.index.files(10))[0].images == (use(), use(tag="2"))


async def test_putting_a_path_again_replaces_the_file_and_its_images(store):
    await settle(store)
    await store.index.put(10, [file(blob="b1", images=[use("acme/old"), use("acme/older")])])
    await store.index.put(10, [file(blob="b2", images=[use("acme/new")])])
    assert await store.index.files(10) == [file(blob="b2", images=[use("acme/new")])]
    assert await store.index.files_using(10, "ghcr.io", "acme/old") == []


async def test_of_one_path_put_twice_at_once_the_last_counts(store):
    await settle(store)
    await store.index.put(10, [file(blob="b1"), file(blob="b2")])
    assert await store.index.known(10) == {"a.yml": "b2"}


async def test_more_files_than_one_transaction_takes_are_all_put(store):
    await settle(store)
    await store.index.put(10, [file(f"{n}.yml", blob=str(n), images=[use()]) for n in range(1203)])
    assert await store.index.known(10) == {f"{n}.yml": str(n) for n in range(1203)}
    assert len(await store.index.files_using(10, "ghcr.io", "acme/app")) == 1203


async def test_the_images_of_a_repository_are_told_once_each(store):
    await settle(store)
    await store.repositories.save(repository(11))
    await store.index.put(
        10, [file("a.yml", images=[use("acme/b"), use("acme/a")]), file("b.yml", images=[use("acme/a")])]
    )
    await store.index.put(11, [file("a.yml", images=[use("acme/c")])])
    assert await store.index.images(10) == [("ghcr.io", "acme/a"), ("ghcr.io", "acme/b")]


async def test_surroundings_are_told_of_the_files_that_tell_something(store):
    await settle(store, repository(10), repository(11))
    await store.index.put(10, [file("b.yml", surroundings="[2]"), file("a.yml"), file("c.yml", surroundings="[3]")])
    await store.index.put(11, [file("d.yml", surroundings="[4]")])
    assert await store.index.surroundings(10) == {"b.yml": "[2]", "c.yml": "[3]"}


async def test_surroundings_are_replaced_and_forgotten_with_their_file(store):
    await settle(store)
    await store.index.put(10, [file("a.yml", surroundings="[1]"), file("b.yml", surroundings="[2]")])
    await store.index.put(10, [file("a.yml", blob="b2")])
    await store.index.forget(10, ["b.yml"])
    assert await store.index.surroundings(10) == {}


async def test_putting_nothing_is_no_error(store):
    await store.index.put(10, [])


async def test_files_using_an_image_come_with_all_their_images(store):
    await settle(store, repository(10), repository(11))
    both = file("both.yml", images=[use("acme/app"), use("acme/db")])
    await store.index.put(10, [both, file("other.yml", images=[use("acme/db")])])
    await store.index.put(11, [file("elsewhere.yml", images=[use("acme/app")])])
    assert await store.index.files_using(10, "ghcr.io", "acme/app") == [both]
    assert await store.index.files_using(10, "docker.io", "acme/app") == []


async def test_forgotten_files_are_gone_and_unknown_paths_are_no_error(store):
    await settle(store)
    await store.index.put(10, [file("a.yml", images=[use()]), file("b.yml", images=[use()])])
    await store.index.forget(10, ["a.yml", "unknown.yml"])
    assert [item.path for item in await store.index.files_using(10, "ghcr.io", "acme/app")] == ["b.yml"]


async def test_a_cleared_index_holds_nothing_and_is_not_complete(store):
    await settle(store, repository(10), repository(11))
    for number in (10, 11):
        await store.index.put(number, [file(images=[use()])])
        await store.index.finish(number, "c", "t")
    await store.index.clear(10)
    assert (await store.index.files(10), await store.index.state(10)) == ([], None)
    assert (len(await store.index.files(11)), await store.index.state(11)) == (1, IndexState("c", "t"))


async def test_an_index_is_complete_only_when_it_is_finished(store):
    await settle(store)
    await store.index.put(10, [file()])
    assert await store.index.state(10) is None
    await store.index.finish(10, "c1", "t1")
    await store.index.finish(10, "c2", "t2")
    assert await store.index.state(10) == IndexState("c2", "t2")


async def follow(store, repository_id, policy="app", image="acme/app"):
    await store.repositories.follow(repository_id, [Follow(policy, "ghcr.io", image)])


async def test_an_image_is_followed_before_any_file_uses_it(store):
    await settle(store)
    await follow(store, 10)
    assert await store.index.followers("ghcr.io", "acme/app") == [Follower(1, 10, "app")]


async def test_followers_of_other_images_are_not_asked(store):
    await settle(store)
    await follow(store, 10, image="acme/other")
    assert await store.index.followers("ghcr.io", "acme/app") == []


async def test_archived_repositories_and_suspended_installations_do_not_follow(store):
    await settle(store, repository(10), repository(11, archived=True), repository(20, installation=2))
    for number in (10, 11, 20):
        await follow(store, number)
    await store.installations.save(installation(2, suspended=True))
    assert [follower.repository for follower in await store.index.followers("ghcr.io", "acme/app")] == [10]
    await store.installations.suspend(2, False)
    assert [follower.repository for follower in await store.index.followers("ghcr.io", "acme/app")] == [10, 20]


async def test_a_reopened_index_keeps_its_files_and_has_no_state_until_it_is_finished(store):
    await settle(store)
    await store.index.put(10, [file(blob="b1")])
    await store.index.finish(10, "c1", "t1")
    await store.index.reopen(10)
    assert (await store.index.state(10), await store.index.known(10)) == (None, {"a.yml": "b1"})


async def test_unfinished_are_those_never_looked_at_and_those_whose_indexing_has_not_ended(store):
    kinds = {10: "new", 11: "without a policy file", 12: "done", 13: "cut short", 14: "archived"}
    await settle(store, *(repository(number, archived=kind == "archived") for number, kind in kinds.items()))
    await store.repositories.save_policy(11, PolicyRecord(None, None, (), ""))
    for number in (12, 13):
        await store.repositories.save_policy(number, PolicyRecord("p1", "version: 1", (), "c1"))
    await store.index.finish(12, "c1", "t1")
    assert await store.index.unfinished(1) == [10, 13]
    assert await store.index.unfinished(2) == []


async def test_all_unfinished_are_those_that_somebody_has_to_look_at_over_all_installations(store):
    kinds = {10: "cut short", 11: "no policy file", 12: "done", 13: "problems", 14: "archived", 15: "new"}
    await settle(store, *(repository(number, archived=kind == "archived") for number, kind in kinds.items()))
    await settle(store, repository(20, installation=2), repository(30, installation=3))
    await store.installations.suspend(3, True)
    for number in (10, 12, 14, 20, 30):
        await store.repositories.save_policy(number, PolicyRecord("p1", "version: 1", (), "c1"))
    await store.repositories.save_policy(11, PolicyRecord(None, None, (), ""))
    await store.repositories.save_policy(13, PolicyRecord("p1", None, ("it is odd",), "c1"))
    await store.index.finish(12, "c1", "t1")
    assert await store.index.all_unfinished() == [(1, 10), (1, 15), (2, 20)]

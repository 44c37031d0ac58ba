"""Who follows an image: the policies, by whom their images are read, and how often."""

from bot.store import Follow, Follower
from tests.store.builders import installation, repository, settle

IMAGE = ("ghcr.io", "acme/app")


def follow(policy="app", reader="", poll_seconds=300, image=IMAGE):
    return Follow(policy, *image, reader=reader, poll_seconds=poll_seconds)


async def filled(store, **policies):
    """Save repository r10 and so on, each with what its policies follow."""
    for name, follows in policies.items():
        number = int(name[1:])
        await settle(store, repository(number, installation=number // 10))
        await store.repositories.follow(number, follows)


async def test_a_policy_is_read_by_nobody_in_particular_and_every_five_minutes_unless_it_says_otherwise(store):
    await filled(store, r10=[Follow("app", *IMAGE)])
    assert await store.index.readers(*IMAGE) == [""]
    assert await store.index.polled(*IMAGE, "") == 300


async def test_the_followers_of_one_reader_are_told_apart(store):
    await filled(store, r10=[follow("a"), follow("b", "c-1")], r20=[follow("a", "c-2")])
    assert await store.index.followers(*IMAGE, "c-1") == [Follower(1, 10, "b")]
    assert await store.index.followers(*IMAGE, "") == [Follower(1, 10, "a")]
    assert len(await store.index.followers(*IMAGE)) == 3
    assert await store.index.followers(*IMAGE, "c-3") == []


async def test_each_reader_of_an_image_is_told_once(store):
    await filled(store, r10=[follow("a", "c-2"), follow("b", "c-2")], r11=[follow("a")], r20=[follow("a", "c-1")])
    assert await store.index.readers(*IMAGE) == ["", "c-1", "c-2"]
    assert await store.index.readers("ghcr.io", "acme/other") == []


async def test_the_shortest_wish_counts_of_those_with_the_same_reader(store):
    await filled(store, r10=[follow("a", poll_seconds=600), follow("b", "c-1", 60)], r11=[follow("a", poll_seconds=90)])
    assert await store.index.polled(*IMAGE, "") == 90
    assert await store.index.polled(*IMAGE, "c-1") == 60
    assert await store.index.polled(*IMAGE, "c-2") is None


async def test_archived_repositories_and_suspended_installations_want_nothing(store):
    await filled(store, r10=[follow("a", "c-1", 60)], r20=[follow("a", "c-2", 60)], r30=[follow("a", "c-3", 60)])
    await store.repositories.save(repository(10, archived=True))
    await store.installations.save(installation(2, suspended=True))
    assert await store.index.readers(*IMAGE) == ["c-3"]
    assert [await store.index.polled(*IMAGE, f"c-{number}") for number in (1, 2, 3)] == [None, None, 60]
    assert [await store.index.followers(*IMAGE, f"c-{number}") for number in (1, 2)] == [[], []]
    assert await store.index.followed_images() == [(*IMAGE, "c-3")]


async def test_the_images_that_are_followed_are_told_once_for_each_reader(store):
    other = ("docker.io", "library/nginx")
    await filled(
        store,
        r10=[follow("a"), follow("b", "c-1"), follow("c", image=other)],
        r11=[follow("a")],
        r20=[follow("a", "c-2")],
    )
    ours = [(*other, ""), (*IMAGE, ""), (*IMAGE, "c-1")]
    assert await store.index.followed_images(1) == ours
    assert await store.index.followed_images() == [*ours, (*IMAGE, "c-2")]
    assert await store.index.followed_images(3) == []


async def test_following_again_replaces_reader_and_interval(store):
    await filled(store, r10=[follow(reader="c-1", poll_seconds=60)])
    await filled(store, r10=[follow(reader="c-2", poll_seconds=120)])
    assert await store.index.readers(*IMAGE) == ["c-2"]
    assert await store.index.polled(*IMAGE, "c-2") == 120

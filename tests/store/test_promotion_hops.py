"""How far a digest came: by how many promotions it was brought to a place, and how many copies were made of it."""

import pytest

from bot.store import RunState
from tests.store.builders import begun, new_run, repository, settle

DIGEST = new_run().digest
TARGET = ("qa.example", "acme/website")
NAMES = {
    "qa.example": ["qa.example", "QA.Example", "qa.example:443", "qa.example:80"],
    "docker.io": ["docker.io", "index.docker.io", "registry-1.docker.io", "Registry-1.Docker.IO:443"],
}


async def depth(store, host=TARGET[0], image=TARGET[1], digest=DIGEST, installation=1):
    return await store.promotions.depth_of(host, image, digest, installation)


@pytest.fixture
async def store(store):
    """Return a store with two repositories of one installation and one of another."""
    await settle(store, repository(10), repository(11), repository(20, installation=2))
    return store


async def test_the_depth_of_an_image_is_that_of_the_longest_chain_that_brought_it(store):
    assert await depth(store) == 0
    await begun(store, state=RunState.DONE, depth=1)
    await begun(store, repository=11, state=RunState.DONE, depth=3)
    assert await depth(store) == 3


@pytest.mark.parametrize("state", set(RunState) - {RunState.DONE}, ids=lambda state: state.value)
async def test_what_was_not_brought_is_no_step(store, state):
    await begun(store, state=state, depth=9)
    assert await depth(store) == 0
    assert await store.promotions.copies_of(1, DIGEST) == 0


@pytest.mark.parametrize(
    "other", [{"host": "dev.example"}, {"image": "acme/other"}, {"digest": "sha256:2"}, {"installation": 2}], ids=str
)
async def test_other_places_digests_and_installations_have_their_own_depth(store, other):
    await begun(store, state=RunState.DONE, depth=5)
    assert await depth(store, **other) == 0


@pytest.mark.parametrize(("names", "asked"), [(names, asked) for names in NAMES.values() for asked in names])
async def test_all_names_of_one_registry_are_one_place(store, names, asked):
    for number, name in enumerate(names, 1):
        await begun(store, tag=name, target_host=name, state=RunState.DONE, depth=number)
    assert await depth(store, asked) == len(names)


async def test_where_no_installation_is_named_all_count(store):
    await begun(store, state=RunState.DONE, depth=1)
    await begun(store, repository=20, state=RunState.DONE, depth=2)
    assert await depth(store, installation=None) == 2


async def test_all_copies_of_a_digest_in_an_installation_are_counted(store):
    for number in (1, 2, 3):
        await begun(store, tag=f"t{number}", target_host=f"r{number}.example", state=RunState.DONE)
    await begun(store, repository=11, state=RunState.DONE)
    await begun(store, repository=20, state=RunState.DONE)
    await begun(store, digest="sha256:2", state=RunState.DONE)
    assert await store.promotions.copies_of(1, DIGEST) == 4
    assert await store.promotions.copies_of(2, DIGEST) == 1
    assert await store.promotions.copies_of(3, DIGEST) == 0

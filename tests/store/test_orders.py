"""Orders: the last word of a person on merging a group's pull request."""

import pytest

from bot.store import UnknownOwner
from tests.store.builders import LATER, order, repository, settle


@pytest.mark.parametrize("stated", [False, True])
async def test_an_order_comes_out_as_it_went_in(store, stated):
    await settle(store)
    await store.orders.put(order(stated=stated))
    assert await store.orders.get(10, "app") == order(stated=stated)


async def test_a_later_order_replaces_the_group_s_earlier_one(store):
    await settle(store)
    await store.orders.put(order())
    later = order(head="c2", stated=True, by="hubot", comment=2, at=LATER)
    await store.orders.put(later)
    assert await store.orders.get(10, "app") == later


async def test_groups_and_repositories_have_their_own(store):
    await settle(store, repository(10), repository(11))
    await store.orders.put(order())
    assert await store.orders.get(10, "db") is None
    assert await store.orders.get(11, "app") is None


async def test_the_orders_of_a_repository_are_listed_by_group(store):
    await settle(store, repository(10), repository(11))
    for changes in ({"group": "b"}, {"group": "a"}, {"repository": 11}):
        await store.orders.put(order(**changes))
    assert await store.orders.of(10) == [order(group="a"), order(group="b")]


async def test_a_removed_order_is_gone_and_the_others_stay(store):
    await settle(store)
    await store.orders.put(order())
    await store.orders.put(order(group="db"))
    assert [await store.orders.remove(10, "app") for _ in range(2)] == [True, False]
    assert await store.orders.of(10) == [order(group="db")]


async def test_orders_go_with_their_repository_and_need_one(store):
    await settle(store)
    await store.orders.put(order())
    await store.repositories.remove(10)
    assert await store.orders.get(10, "app") is None
    with pytest.raises(UnknownOwner):
        await store.orders.put(order())

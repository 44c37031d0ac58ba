"""Dashboards: one for each repository, with what stands in it."""

import pytest

from bot.store import Dashboard, UnknownOwner
from tests.store.builders import repository, settle


async def test_a_dashboard_comes_out_as_it_went_in_and_a_later_one_replaces_it(store):
    await settle(store)
    for dashboard in (Dashboard(10, 3, "d1", open=True), Dashboard(10, 4, "d2", open=False)):
        await store.dashboards.put(dashboard)
        assert await store.dashboards.get(10) == dashboard


async def test_each_repository_has_its_own(store):
    await settle(store, repository(10), repository(11))
    await store.dashboards.put(Dashboard(10, 3, "d1", open=True))
    assert await store.dashboards.get(11) is None


async def test_dashboards_go_with_their_repository_and_need_one(store):
    await settle(store)
    await store.dashboards.put(Dashboard(10, 3, "d1", open=True))
    await store.repositories.remove(10)
    assert await store.dashboards.get(10) is None
    with pytest.raises(UnknownOwner):
        await store.dashboards.put(Dashboard(10, 3, "d1", open=True))

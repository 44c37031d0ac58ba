"""What the operator sees: metrics with names that stay, and a page that shows hostile text as text."""

from datetime import timedelta

import pytest
from aiohttp import ClientSession
from playwright.async_api import BrowserContext

from bot.store import Delivery, DueRequest, Installation, Store
from bot.web.admin import admin_application
from tests.web.conftest import NOW, Public, Serve
from tests.web.test_github_webhook import post

HOSTILE = "<script>document.title='broken'</script>"


async def ask(store: Store, kind: str, key: str) -> None:
    await store.due.ask([DueRequest(kind, key, "", 10, NOW, "d-1")])


async def give_up(store: Store, kind: str, key: str, reason: str) -> None:
    await ask(store, kind, key)
    row = await store.due.begin(kind, key, now=NOW, until=NOW + timedelta(minutes=1))
    assert row is not None
    await store.due.park(row, reason=reason)


async def deliver(store: Store, minutes_ago: int) -> None:
    received = NOW - timedelta(minutes=minutes_ago)
    await store.deliveries.append(Delivery(f"d-{minutes_ago}", "github", "push", b"{}", received))


@pytest.fixture
async def admin(serve: Serve, store: Store) -> str:
    return await serve(admin_application(store, lambda: NOW))


async def metrics(http: ClientSession, admin: str) -> dict[str, float]:
    """Read every sample of ours by its name and labels."""
    async with http.get(f"{admin}/metrics") as answer:
        assert answer.status == 200
        lines = (await answer.text()).splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line.startswith("niro_"))}


async def test_the_metrics_tell_what_waits_and_what_is_dead(admin: str, store: Store, http: ClientSession) -> None:
    await ask(store, "scan-image", '["a"]')
    await ask(store, "scan-image", '["b"]')
    await give_up(store, "bump-repository", "[1]", "gone")
    await deliver(store, 3)
    await deliver(store, 2)
    told = await metrics(http, admin)
    assert told["niro_store_answers"] == 1
    assert told["niro_deliveries_oldest_waiting_seconds"] == 180
    assert told['niro_work_open{kind="scan-image"}'] == 2
    assert told['niro_work_dead{kind="scan-image"}'] == 0
    assert told['niro_work_dead{kind="bump-repository"}'] == 1


async def test_work_that_is_done_leaves_the_metrics(admin: str, store: Store, http: ClientSession) -> None:
    await ask(store, "scan-image", '["a"]')
    assert 'niro_work_open{kind="scan-image"}' in await metrics(http, admin)
    row = await store.due.begin("scan-image", '["a"]', now=NOW, until=NOW)
    assert row is not None
    await store.due.finish(row)
    assert 'niro_work_open{kind="scan-image"}' not in await metrics(http, admin)


async def test_deliveries_are_counted_by_sender_and_answer(
    admin: str, public: Public, hook: str, http: ClientSession
) -> None:
    before = await metrics(http, admin)
    await post(http, public)
    await post(http, public)
    await post(http, public, **{"X-Hub-Signature-256": None})
    await post(http, public, **{"X-GitHub-Event": None})
    for path in (hook, f"{hook}-wrong"):
        async with http.post(public.url + path, data=b"{}"):
            pass
    after = await metrics(http, admin)
    counted = {
        name: value - before.get(name, 0)
        for name, value in after.items()
        if name.startswith("niro_deliveries_total") and value != before.get(name, 0)
    }
    assert counted == {
        'niro_deliveries_total{answer="stored",source="github"}': 1,
        'niro_deliveries_total{answer="seen_before",source="github"}': 1,
        'niro_deliveries_total{answer="unsigned",source="github"}': 1,
        'niro_deliveries_total{answer="malformed",source="github"}': 1,
        'niro_deliveries_total{answer="stored",source="dockerhub"}': 1,
        'niro_deliveries_total{answer="unknown_hook",source="dockerhub"}': 1,
    }


async def test_the_process_is_still_measured_when_the_store_does_not_answer(
    admin: str, store: Store, http: ClientSession
) -> None:
    await store.close()
    assert (await metrics(http, admin))["niro_store_answers"] == 0


async def test_the_page_says_when_the_store_does_not_answer(admin: str, store: Store, http: ClientSession) -> None:
    await store.close()
    async with http.get(admin) as answer:
        assert answer.status == 503
        assert "The database does not answer" in await answer.text()


async def test_an_idle_bot_has_nothing_to_show(admin: str, browser: BrowserContext) -> None:
    page = await browser.new_page()
    await page.goto(admin)
    assert await page.get_by_role("table").count() == 0
    assert await page.get_by_text("None.", exact=True).count() == 4


async def test_the_page_shows_what_waits_and_what_is_dead(admin: str, store: Store, browser: BrowserContext) -> None:
    await store.installations.save(Installation(7, "acme", "Organization", suspended=True))
    await ask(store, "scan-image", '["ghcr.io","acme/api",""]')
    await give_up(store, "bump-repository", '[7,1,"api"]', "GitHub answered 422")
    await deliver(store, 90)
    page = await browser.new_page()
    await page.goto(admin)
    facts = await page.locator("dl div").all_inner_texts()
    assert [" ".join(fact.split("\n")) for fact in facts] == [
        "Oldest delivery waiting 1 h 30 min",
        "Work waiting 1",
        "Dead work 1",
        "Installations 1",
    ]
    rows = await page.get_by_role("row").all_inner_texts()
    assert 'bump-repository\t[7,1,"api"]\tGitHub answered 422\t2026-03-01 12:00\td-1\t0' in rows
    assert "scan-image\t1" in rows
    assert "acme\tsuspended\t7" in rows


async def test_a_delivery_that_could_not_be_handled_is_counted_and_shown(
    admin: str, store: Store, http: ClientSession, browser: BrowserContext
) -> None:
    await store.deliveries.append_dead(Delivery("d-9", "github", "push", b"{", NOW), f"not JSON {HOSTILE}")
    assert (await metrics(http, admin))["niro_deliveries_dead"] == 1
    page = await browser.new_page()
    await page.goto(admin)
    rows = await page.get_by_role("row").all_inner_texts()
    assert f"push\tgithub\tnot JSON {HOSTILE}\t2026-03-01 12:00\td-9\t0" in rows
    assert await page.locator("script").count() == 0


async def test_hostile_text_is_only_text_in_the_page(admin: str, store: Store, browser: BrowserContext) -> None:
    await store.installations.save(Installation(7, HOSTILE, "Organization", suspended=False))
    await give_up(store, "kind-" + HOSTILE, f'["{HOSTILE}"]', HOSTILE)
    page = await browser.new_page()
    answer = await page.goto(admin)
    assert answer is not None
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert await page.title() == "Niro bot: status"
    assert await page.locator("script").count() == 0
    assert await page.get_by_role("cell", name=HOSTILE, exact=True).count() == 2

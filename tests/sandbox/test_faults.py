"""What a test can switch on at the doors."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.faults import RequestRecord
from tests.sandbox.conftest import Client

SHOP = "/repos/acme/shop"
QUERY = {"query": 'query Head { repository(owner: "acme", name: "shop") { id } }'}


async def test_the_next_matching_answers_are_failures(bot: Client) -> None:
    bot.sandbox.faults.answer("repos/*", status=503, times=2)
    assert (await bot.get("/rate_limit")).status == 200
    assert [(await bot.get(SHOP)).status for _ in range(3)] == [503, 503, 200]


async def test_some_matching_requests_can_be_let_through_first(bot: Client) -> None:
    bot.sandbox.faults.answer("repos/get", status=500, skip=1)
    assert [(await bot.get(SHOP)).status for _ in range(3)] == [200, 500, 200]


async def test_a_graphql_operation_is_met_by_its_name(bot: Client) -> None:
    bot.sandbox.faults.answer("graphql:Head", status=502)
    assert (await bot.post("/graphql", {"query": "query Other { viewer { login } }"})).status == 200
    assert [(await bot.post("/graphql", QUERY)).status for _ in range(2)] == [502, 200]


async def test_a_dropped_connection_gives_no_answer(bot: Client) -> None:
    bot.sandbox.faults.drop("graphql:Head")
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.post("/graphql", QUERY)
    assert (await bot.post("/graphql", QUERY)).status == 200


async def test_a_lost_answer_leaves_what_was_done(bot: Client, shop: Any) -> None:
    bot.sandbox.faults.drop("git/create-ref", after_handling=True)
    body = {"ref": "refs/heads/niro/api", "sha": await shop.git.branch("main")}
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.post(f"{SHOP}/git/refs", body)
    assert await shop.git.branch("niro/api") == body["sha"]


async def test_a_failed_request_leaves_nothing_done(bot: Client, shop: Any) -> None:
    bot.sandbox.faults.bad_gateway("git/create-ref")
    body = {"ref": "refs/heads/niro/api", "sha": await shop.git.branch("main")}
    failed = await bot.post(f"{SHOP}/git/refs", body)
    assert (failed.status, failed.headers["Content-Type"]) == (502, "text/html")
    assert await shop.git.branch("niro/api") is None


@pytest.mark.parametrize("seconds", [7, None])
async def test_a_secondary_limit_can_be_played(bot: Client, seconds: int | None) -> None:
    bot.sandbox.faults.secondary_limit(retry_after=seconds)
    answer = await bot.get(SHOP)
    assert answer.status == 403
    assert "secondary rate limit" in answer.message
    assert answer.headers.get("Retry-After") == (str(seconds) if seconds else None)


async def test_failures_can_be_switched_off(bot: Client) -> None:
    bot.sandbox.faults.answer(status=500, times=100)
    bot.sandbox.faults.clear()
    assert (await bot.get(SHOP)).status == 200


async def test_observers_stand_before_and_after_the_handling(bot: Client, shop: Any) -> None:
    seen: list[tuple[str, str, str | None]] = []

    def observer(when: str) -> Any:
        async def observe(record: RequestRecord) -> None:
            seen.append((when, record.operation, await shop.git.branch("niro/api")))

        return observe

    bot.sandbox.faults.before.append(observer("before"))
    bot.sandbox.faults.after.append(observer("after"))
    oid = await shop.git.branch("main")
    await bot.post(f"{SHOP}/git/refs", {"ref": "refs/heads/niro/api", "sha": oid})
    assert seen == [("before", "git/create-ref", None), ("after", "git/create-ref", oid)]


async def test_requests_are_recorded_by_what_they_are(bot: Client) -> None:
    await bot.get(SHOP)
    await bot.get("/nonsense")
    await bot.post("/graphql", QUERY)
    faults = bot.sandbox.faults
    assert [str(record) for record in faults.requests] == [
        "GET /repos/acme/shop repos/get",
        "GET /nonsense",
        "POST /graphql Head",
    ]
    assert [record.status for record in faults.requests] == [200, 404, 200]
    assert (faults.count(), faults.count("graphql:Head"), faults.count("repos/*")) == (3, 1, 1)


@pytest.mark.parametrize("body", [b"{", b"[]", b"nonsense"])
async def test_a_body_that_is_no_json_object_is_a_bad_request(
    undescribed: None, bot: Client, session: Any, body: bytes
) -> None:
    headers = {"Authorization": f"Bearer {bot.token}"}
    async with session.post(f"{bot.sandbox.url}{SHOP}/git/refs", data=body, headers=headers) as answer:
        assert answer.status == 400

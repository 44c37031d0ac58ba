"""Long answers are held a few at a time: what is short never waits, and what waits loses no time of its own."""

import asyncio
import threading
from contextlib import suppress
from functools import partial

import pytest
from aiohttp import web

from bot.registries import InvalidAnswer, RegistryUnavailable
from bot.registries.list_pages import LARGEST_PAGE, MOST_TAGS, SMALL_PAGE, aside
from bot.registries.providers import provider_of
from bot.registries.room import Room, Share
from tests.registries.conftest import RegistriesFor
from tests.registries.scripted import Reply, ScriptedServer

HOST = "registry.example"
TAGS = "/v2/a/b/tags/list"


async def settled(task: "asyncio.Task[None]") -> bool:
    for _ in range(5):
        await asyncio.sleep(0)
    return task.done()


async def test_what_is_short_needs_no_place() -> None:
    room = Room(places=0, free=10)
    with room.share(HOST) as share:
        await share.take(4)
        await share.take(6)


async def test_only_so_many_long_answers_are_held_at_a_time() -> None:
    room = Room(places=2, free=10)
    with room.share(HOST) as first, room.share(HOST) as second, room.share(HOST) as third:
        await first.take(11)
        await second.take(11)
        waiting = asyncio.create_task(third.take(11))
        assert not await settled(waiting)
        first.give_back()
        assert await settled(waiting)
        await third.take(1000)


async def test_nobody_waits_for_a_place_in_a_request() -> None:
    room = Room(places=1, free=10)
    asked: list[str] = []

    async def ask(name: str, share: Share) -> str:
        asked.append(name)
        share.count(8)
        share.count(8)
        return name

    with room.share(HOST) as first, room.share(HOST) as second:
        assert await first.asking(partial(ask, "first", first)) == "first"
        waiting = asyncio.create_task(second.asking(partial(ask, "second", second)))
        assert not await settled(waiting)
        assert asked == ["first", "first", "second"]
        first.give_back()
        assert await waiting == "second"


async def test_more_long_lists_than_there_is_room_for_are_read_one_after_the_other(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    """Each in pages, at one host: whoever holds a place needs connections, and gets them."""
    names = ",".join(f'"{number:0127}"' for number in range(20_000))

    def page(request: web.Request) -> Reply:
        number = int(request.query.get("page", "0"))
        headers = {"Link": f'<?page={number + 1}>; rel="next"'} if number < 2 else {}
        return Reply(body=f'{{"tags": [{names}]}}', headers=headers)

    images = [f"a/b{number}" for number in range(10)]
    for image in images:
        scripted.on(f"/v2/{image}/tags/list", page)
    registries = registries_for(scripted.host)
    lists = await asyncio.gather(*(registries.tags(scripted.host, image) for image in images))
    assert [len(found.names) for found in lists] == [20_000] * 10


async def test_a_place_is_given_back_whatever_happens() -> None:
    room = Room(places=1, free=0)
    with suppress(ZeroDivisionError), room.share(HOST) as share:
        await share.take(1)
        await share.take(1 // 0)
    with room.share(HOST) as share:
        await share.take(1)


async def test_who_gets_no_place_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.registries.room.LONGEST_WAIT_SECONDS", 0.05)
    told = pytest.raises(RegistryUnavailable, match="while too many others do")
    with Room(places=0, free=0).share(HOST) as share, told:
        await share.take(1)


async def test_a_time_limit_stands_still_while_its_owner_waits() -> None:
    room = Room(places=1, free=0)
    with room.share(HOST) as first, room.share(HOST) as second:
        await first.take(1)
        async with asyncio.timeout(0.05) as limit:
            second.limits.append(limit)
            asyncio.get_running_loop().call_later(0.2, first.give_back)
            await second.take(1)
            assert not limit.expired()


async def test_a_large_page_is_worked_on_aside_and_a_small_one_is_not() -> None:
    def where(_: bytes) -> int:
        return threading.get_ident()

    assert await aside(where, b"x" * SMALL_PAGE) == threading.get_ident()
    assert await aside(where, b"x" * (SMALL_PAGE + 1)) != threading.get_ident()


async def test_a_page_of_more_names_than_tags_can_be_is_not_parsed(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    names = ",".join(f'"t{number}"' for number in range(2 * MOST_TAGS))
    scripted.on(TAGS, Reply(body=f'{{"tags": [{names}]}}'))
    with pytest.raises(InvalidAnswer, match="too much to be read"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


async def test_the_values_of_all_pages_count_together(
    scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registries.list_pages.MOST_TAGS", 1000)
    body = f'{{"tags": [{"1," * 600}1]}}'
    following = Reply(body=body, headers={"Link": '<?page=2>; rel="next"'})
    scripted.on(TAGS, following, Reply(body=body))
    with pytest.raises(InvalidAnswer, match="too much to be read"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert len(scripted.seen) == 2


async def test_a_page_has_an_end_of_its_own(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    scripted.on(TAGS, Reply(body=b" " * (LARGEST_PAGE + 1)))
    with pytest.raises(InvalidAnswer, match="more than 8,388,608 bytes"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


async def test_a_large_list_in_one_page_is_read(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    names = [f"1.{number}.0" for number in range(100_000)]
    scripted.on(TAGS, Reply(body={"name": "a/b", "tags": names}))
    found = await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert found.names == tuple(names)


async def test_a_letter_beyond_ascii_makes_no_tag_of_what_is_none(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(body='{"tags": ["1.0", "1.1é", "1.2\U0001f600", "1.3"], "näme": "ü"}'))
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b")).names == ("1.0", "1.3")


@pytest.mark.parametrize(
    ("host", "values"),
    [("gcr.io", 10), ("europe-docker.pkg.dev", 10), ("registry.k8s.io", 10), ("ghcr.io", 1), ("registry.example", 1)],
)
def test_only_googles_lists_tell_more_than_names(host: str, values: int) -> None:
    assert provider_of(host).values_per_tag(host) == values

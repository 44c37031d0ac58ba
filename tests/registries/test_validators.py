"""A list that did not change is not sent again, where the registry gives lists names."""

from collections.abc import Callable

import pytest
from aiohttp import web

from bot.registries import ANONYMOUS, InvalidAnswer
from bot.registries.recent import Recent
from tests.registries.conftest import RegistriesFor, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"


class NamedLists:
    """Answers 304 to who names the list that it has now."""

    def __init__(self, server: ScriptedServer, etag: str = '"{}"') -> None:
        self.names = ["1.0"]
        self.sent = 0
        self._server = server
        self._etag = etag
        server.on(TAGS, self._answer)

    def conditions(self) -> list[str | None]:
        return [seen.headers.get("If-None-Match") for seen in self._server.seen]

    def _answer(self, request: web.Request) -> Reply:
        headers = {"ETag": self._etag.format("-".join(self.names))}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Reply(304, headers=headers)
        self.sent += 1
        return Reply(body={"tags": self.names}, headers=headers)


@pytest.mark.parametrize("etag", ['"{}"', 'W/"{}"'])
async def test_a_list_that_the_caller_knows_is_not_sent_again(
    etag: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    lists = NamedLists(scripted, etag)
    registries = registries_for(scripted.host)
    first = await registries.tags(scripted.host, "a/b")
    again = await registries.tags(scripted.host, "a/b", known=first.digest_of_list)
    assert (again.unchanged, again.names, again.digest_of_list) == (True, (), first.digest_of_list)
    assert lists.sent == 1


async def test_a_list_that_changed_is_read_and_named_anew(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    lists = NamedLists(scripted)
    registries = registries_for(scripted.host)
    first = await registries.tags(scripted.host, "a/b")
    lists.names.append("1.1")
    second = await registries.tags(scripted.host, "a/b", known=first.digest_of_list)
    assert (second.unchanged, second.names) == (False, ("1.0", "1.1"))
    assert (await registries.tags(scripted.host, "a/b", known=second.digest_of_list)).unchanged
    assert lists.conditions() == [None, '"1.0"', '"1.0-1.1"']


@pytest.mark.parametrize("known", [None, "", "sha256:" + "0" * 64])
async def test_who_knows_another_list_gets_the_names(
    known: str | None, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    lists = NamedLists(scripted)
    registries = registries_for(scripted.host)
    for _ in range(2):
        assert (await registries.tags(scripted.host, "a/b", known=known)).names == ("1.0",)
    assert lists.conditions() == [None, None]


async def test_another_reader_repository_or_page_size_is_another_list(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    lists = NamedLists(scripted)
    scripted.on("/v2/a/c/tags/list", Reply(body={"tags": ["1.0"]}))
    registries = registries_for(scripted.host)
    known = (await registries.tags(scripted.host, "a/b")).digest_of_list
    await registries.tags(scripted.host, "a/c", known=known)
    await registries.tags(scripted.host, "a/b", known=known, page_size=7)
    await registries.tags(scripted.host, "a/b", credential(scripted.host, version="1"), known=known)
    await registries.tags(scripted.host, "a/b", credential(scripted.host, version="2"), known=known)
    assert lists.conditions() == [None] * 5


def in_two_pages(request: web.Request) -> Reply:
    headers = {"ETag": '"same"'}
    if "last" not in request.query:
        headers["Link"] = '</v2/a/b/tags/list?last=1.0>; rel="next"'
    return Reply(body={"tags": [request.query.get("last", "1.1")]}, headers=headers)


def without_a_name(_: web.Request) -> Reply:
    return Reply(body={"tags": ["1.0"]})


def with_a_name_that_is_none(_: web.Request) -> Reply:
    return Reply(body={"tags": ["1.0"]}, headers={"ETag": "W/x y"})


def with_a_long_name(_: web.Request) -> Reply:
    return Reply(body={"tags": ["1.0"]}, headers={"ETag": f'"{"x" * 4000}"'})


@pytest.mark.parametrize("answer", [in_two_pages, without_a_name, with_a_name_that_is_none, with_a_long_name])
async def test_what_has_no_usable_name_is_asked_for_whole(
    answer: Callable[[web.Request], Reply], scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, answer)
    registries = registries_for(scripted.host)
    first = await registries.tags(scripted.host, "a/b")
    assert (await registries.tags(scripted.host, "a/b", known=first.digest_of_list)).unchanged
    assert {seen.headers.get("If-None-Match") for seen in scripted.seen} == {None}


async def test_an_answer_that_nothing_changed_needs_a_question_for_it(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(304))
    with pytest.raises(InvalidAnswer):
        await registries_for(scripted.host).tags(scripted.host, "a/b", ANONYMOUS, known="sha256:" + "0" * 64)


def test_a_memory_forgets_what_was_not_used_for_longest() -> None:
    memory: Recent[str, int] = Recent(2)
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)
    assert (memory.get("a"), memory.get("b"), memory.get("c"), len(memory)) == (1, None, 3, 2)
    assert (memory.take("a"), memory.take("a")) == (1, None)

"""What holds for every API that tells when tags were pushed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.registries import RegistryError
from bot.registries.errors import InvalidAnswer, RegistryLimited, RegistryUnavailable
from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import PushTime
from tests.registries.providers.conftest import DIGEST, PATHS, Ask
from tests.registries.scripted import Reply, ScriptedServer

PUSHED_AT = datetime(2024, 5, 14, 14, 48, 51, tzinfo=UTC)
TEXT = "2024-05-14T14:48:51Z"
KINDS = list(PATHS)
PAGED = [kind for kind in KINDS if kind is not ProviderKind.ZOT]


def page(kind: ProviderKind, *entries: tuple[Any, Any, Any], more: bool = False) -> Any:
    """A page of one API, of tags with their digests and times in that API's own form."""
    match kind:
        case ProviderKind.DOCKER_HUB:
            results = [{"name": tag, "digest": digest, "tag_last_pushed": at} for tag, digest, at in entries]
            return {"results": results, "next": "http://169.254.169.254/v2/?page=7" if more else None}
        case ProviderKind.QUAY:
            tags = [{"name": tag, "manifest_digest": digest, "start_ts": at} for tag, digest, at in entries]
            return {"tags": tags, "has_additional": more, "page": 7}
        case ProviderKind.HARBOR:
            tagged = [{"digest": digest, "tags": [{"name": tag, "push_time": at}]} for tag, digest, at in entries]
            return [*tagged, *([{"digest": DIGEST, "tags": None}] * (100 - len(tagged)))] if more else tagged
        case _:
            results = [{"Tag": tag, "Digest": digest, "PushTimestamp": at} for tag, digest, at in entries]
            return {"data": {"ImageList": {"Results": results}}}


def at(kind: ProviderKind) -> Any:
    """PUSHED_AT in the form of one API."""
    return int(PUSHED_AT.timestamp()) if kind is ProviderKind.QUAY else TEXT


@pytest.mark.parametrize("kind", KINDS)
async def test_only_the_wanted_tags_are_told(kind: ProviderKind, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(PATHS[kind], Reply(body=page(kind, *((tag, DIGEST, at(kind)) for tag in ("2.0", "1.0", "0.9")))))
    assert await ask(kind, "1.0", "3.0") == (PushTime("1.0", DIGEST, PUSHED_AT),)


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_is_asked_when_nothing_is_wanted(kind: ProviderKind, ask: Ask, scripted: ScriptedServer) -> None:
    assert await ask(kind) == ()
    assert scripted.seen == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [401, 403, 404])
async def test_an_api_that_is_not_there_or_not_for_us_tells_nothing(
    kind: ProviderKind, status: int, ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], Reply(status, {"errors": [{"code": "DENIED"}]}))
    assert await ask(kind, "1.0") == ()


@pytest.mark.parametrize("kind", PAGED)
async def test_what_was_told_before_a_refusal_counts(kind: ProviderKind, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(PATHS[kind], Reply(body=page(kind, ("1.0", DIGEST, at(kind)), more=True)), Reply(404))
    assert [told.tag for told in await ask(kind, "1.0", "0.9")] == ["1.0"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(500), RegistryUnavailable),
        (Reply(503, "", {"Retry-After": "10"}), RegistryLimited),
        (Reply(429, "", {"Retry-After": "10"}), RegistryLimited),
        (Reply(400), InvalidAnswer),
        (Reply(204), InvalidAnswer),
        (Reply(302, "", {"Location": "file:///etc/passwd"}), InvalidAnswer),
    ],
)
async def test_each_failure_has_its_type(
    kind: ProviderKind, reply: Reply, error: type[RegistryError], ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], reply)
    with pytest.raises(error):
        await ask(kind, "1.0")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [201, 206, 400])
async def test_only_what_comes_with_a_200_is_read(
    kind: ProviderKind, status: int, ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], Reply(status, page(kind, ("1.0", DIGEST, at(kind)))))
    with pytest.raises(InvalidAnswer):
        await ask(kind, "1.0")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>Please log in</html>",
        "null",
        "7",
        '"tags"',
        "{}",
        '{"results": {}, "tags": {}, "data": {}}',
        '{"results": "1.0", "tags": "1.0", "data": {"ImageList": []}}',
        '{"results": null, "tags": null, "data": {"ImageList": {"Results": null}}}',
        '{"data": null}',
        '{"data": [], "errors": {}}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"results": [' + "7" * 5000 + "]}",
        b"\xff\xfe",
        b'{"results": ["\xff"]}',
    ],
)
async def test_a_page_that_is_none_is_an_error(
    kind: ProviderKind, body: str | bytes, ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], Reply(body=body))
    with pytest.raises(InvalidAnswer):
        await ask(kind, "1.0")


BROKEN: list[tuple[Any, Any, Any]] = [
    ("1.0", "sha256:short", None),
    ("1.0", DIGEST, None),
    ("1.0", DIGEST, "yesterday"),
    ("1.0", DIGEST, "0001-01-01T00:00:00Z"),
    ("1.0", DIGEST, -1),
    ("1.0", DIGEST, 10**400),
    ("1.0", DIGEST, {}),
    ("1.0", [DIGEST], TEXT),
    ("1.0\n", DIGEST, TEXT),
    (None, DIGEST, TEXT),
    ({}, DIGEST, TEXT),
    (["1.0"], DIGEST, TEXT),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_entry_is_left_out_and_the_others_stay(
    kind: ProviderKind, broken: tuple[Any, Any, Any], ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], Reply(body=page(kind, broken, ("2.0", DIGEST, at(kind)))))
    assert await ask(kind, "1.0", "1.0\n", "None", "2.0") == (PushTime("2.0", DIGEST, PUSHED_AT),)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_no_entry_is_left_out(kind: ProviderKind, ask: Ask, scripted: ScriptedServer) -> None:
    body = page(kind, ("2.0", DIGEST, at(kind)))
    entries = body if isinstance(body, list) else next(list_ for list_ in _lists(body))
    entries[:0] = [None, 7, "1.0", ["1.0"], {}]
    scripted.on(PATHS[kind], Reply(body=body))
    assert [told.tag for told in await ask(kind, "1.0", "2.0")] == ["2.0"]


def _lists(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [value]
    return [found for inner in value.values() for found in _lists(inner)] if isinstance(value, dict) else []


@pytest.mark.parametrize("kind", PAGED)
async def test_pages_are_asked_for_by_our_own_numbers_until_all_wanted_were_seen(
    kind: ProviderKind, ask: Ask, scripted: ScriptedServer
) -> None:
    pages = [page(kind, (tag, DIGEST, at(kind)), more=True) for tag in ("3.0", "2.0", "1.0", "0.9")]
    scripted.on(PATHS[kind], *(Reply(body=body) for body in pages))
    assert [told.tag for told in await ask(kind, "2.0", "1.0")] == ["2.0", "1.0"]
    assert [seen.path for seen in scripted.seen] == [PATHS[kind]] * 3
    assert [number for seen in scripted.seen for number in "1234567" if f"page={number}&" in f"{seen.target}&"] == [
        "1",
        "2",
        "3",
    ]


@pytest.mark.parametrize("kind", PAGED)
async def test_the_last_page_ends_the_asking(kind: ProviderKind, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(PATHS[kind], Reply(body=page(kind, ("2.0", DIGEST, at(kind)))))
    assert [told.tag for told in await ask(kind, "1.0", "2.0")] == ["2.0"]
    assert len(scripted.seen) == 1


@pytest.mark.parametrize("kind", [ProviderKind.DOCKER_HUB, ProviderKind.QUAY])
async def test_an_empty_page_is_the_last_whatever_it_says_of_others(
    kind: ProviderKind, ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], Reply(body=page(kind, more=True)))
    assert await ask(kind, "1.0") == ()
    assert len(scripted.seen) == 1


@pytest.mark.parametrize("kind", PAGED)
async def test_a_tag_whose_entry_is_broken_was_seen(kind: ProviderKind, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(PATHS[kind], Reply(body=page(kind, ("1.0", DIGEST, None), more=True)))
    assert await ask(kind, "1.0") == ()
    assert len(scripted.seen) == 1


@pytest.mark.parametrize("kind", PAGED)
async def test_a_list_without_an_end_is_left_with_what_it_told(
    kind: ProviderKind, ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], lambda _: Reply(body=page(kind, (f"{len(scripted.seen)}.0", DIGEST, at(kind)), more=True)))
    assert [told.tag for told in await ask(kind, "1.0", "20.0", "21.0")] == ["1.0", "20.0"]
    assert len(scripted.seen) == 20


@pytest.mark.parametrize("kind", PAGED)
async def test_the_same_page_again_is_an_error(kind: ProviderKind, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(PATHS[kind], Reply(body=page(kind, ("1.0", DIGEST, at(kind)), more=True)))
    with pytest.raises(InvalidAnswer, match="the same page of times of pushes again"):
        await ask(kind, "1.0", "never")
    assert len(scripted.seen) == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_a_page_over_the_limit_is_not_read_to_its_end(
    kind: ProviderKind, ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], Reply(body=b" " * (8 * 1024 * 1024) + b"[]"))
    with pytest.raises(InvalidAnswer, match="more than 8,388,608 bytes"):
        await ask(kind, "1.0")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", ["{}", "[]", "1"])
async def test_a_page_of_more_values_than_it_can_have_is_not_parsed(
    kind: ProviderKind, value: str, ask: Ask, scripted: ScriptedServer
) -> None:
    scripted.on(PATHS[kind], Reply(body=f"[{f'{value},' * 300_000}1]"))
    with pytest.raises(InvalidAnswer, match="more about the times of pushes than can be read"):
        await ask(kind, "1.0")

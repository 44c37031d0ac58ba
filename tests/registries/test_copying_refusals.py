"""Registries that are full, refuse, or change their mind meanwhile: a typed error, and nothing partial gets a tag."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.registries import (
    InvalidAnswer,
    PushRefused,
    RegistryError,
    RegistryFull,
    RegistryLimited,
    RepositoryMissing,
    SourceMoved,
    TagRefused,
    TargetTagTaken,
)
from tests.registries.conftest import RegistriesFor
from tests.registries.copying_house import House, fragile_house, when
from tests.registries.scripted import Reply, ScriptedServer


@pytest_asyncio.fixture
async def house(registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr("bot.registries.copying.uploads.BETWEEN_TRIES", 0)
    async with fragile_house(registries_for) as running:
        yield running


HARBOR = {"code": "DENIED", "message": "adding 4.2 MiB of storage resource, which when updated to current usage of "
          "99 MiB will exceed the configured upper limit of 100 MiB"}  # fmt: skip
QUAY = {"code": "DENIED", "message": "Quota has been exceeded on namespace"}
FULL = {
    "507": (507, {}),
    "413": (413, {}),
    "Harbor's quota": (403, {"errors": [HARBOR]}),
    "Quay's quota": (403, {"errors": [QUAY]}),
}
REFUSALS = {
    "403": (403, {"errors": [{"code": "DENIED", "message": "requested access to the resource is denied"}]}),
    "401": (401, {}),
}
WRITES = [("POST", "/uploads/"), ("PATCH", "/uploads/"), ("PUT", "/uploads/"), ("PUT", "/manifests/sha256"),
          ("PUT", "/manifests/2.0")]  # fmt: skip


def refuses(house: House, write: tuple[str, str], status: int, body: Any) -> None:
    house.target.hook = when(*write, lambda: web.json_response(body, status=status))


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
@pytest.mark.parametrize(("status", "body"), FULL.values(), ids=FULL.keys())
async def test_a_full_registry_says_so(write: tuple[str, str], status: int, body: Any, house: House) -> None:
    refuses(house, write, status, body)
    assert "no room" in str(await house.fails(RegistryFull))


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
@pytest.mark.parametrize(("status", "body"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_credential_that_may_not_push_is_told_so(
    write: tuple[str, str], status: int, body: Any, house: House
) -> None:
    refuses(house, write, status, body)
    assert "no right" in str(await house.fails(PushRefused))


def words(code: str) -> dict[str, Any]:
    return {"errors": [{"code": code, "message": "in words"}]}


MISSING = {
    "Amazon ECR": words("NAME_UNKNOWN"),
    "Harbor": words("NOT_FOUND"),
    "no words": {},
}


@pytest.mark.parametrize("body", MISSING.values(), ids=MISSING.keys())
async def test_a_repository_that_has_to_be_made_first_is_told(body: Any, house: House) -> None:
    refuses(house, ("POST", "/uploads/"), 404, body)
    assert "make it there first" in str(await house.fails(RepositoryMissing))


async def test_a_repository_that_is_missed_by_its_manifest_is_told(house: House) -> None:
    refuses(house, ("PUT", "/manifests/"), 404, words("NAME_UNKNOWN"))
    assert "make it there first" in str(await house.fails(RepositoryMissing))


KEPT = {
    "Amazon ECR": (400, words("TAG_INVALID")),
    "Harbor": (412, words("PRECONDITION")),
    "others": (409, {}),
}


@pytest.mark.parametrize(("status", "body"), KEPT.values(), ids=KEPT.keys())
async def test_a_tag_that_the_registry_keeps_as_it_is_is_told(status: int, body: Any, house: House) -> None:
    refuses(house, ("PUT", "/manifests/2.0"), status, body)
    assert "immutable" in str(await house.fails(TagRefused))


async def test_a_manifest_that_is_refused_by_its_digest_is_no_matter_of_tags(house: House) -> None:
    refuses(house, ("PUT", "/manifests/sha256"), 400, words("MANIFEST_BLOB_UNKNOWN"))
    error = await house.fails(InvalidAnswer)
    assert "immutable" not in str(error)


async def test_a_body_that_is_too_large_is_told_apart_from_a_full_registry_as_far_as_can_be(house: House) -> None:
    refuses(house, ("PATCH", "/uploads/"), 413, {})
    assert "takes no body of this size" in str(await house.fails(RegistryFull))


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
async def test_a_registry_that_asks_for_a_pause_gets_it(write: tuple[str, str], house: House) -> None:
    house.target.hook = when(*write, lambda: web.Response(status=429, headers={"Retry-After": "60"}))
    await house.fails(RegistryLimited)
    seen = len(house.target.seen)
    await house.fails(RegistryLimited)
    assert len(house.target.seen) == seen


@pytest.mark.parametrize("write", WRITES[1:], ids=" ".join)
@pytest.mark.parametrize("status", [400, 404, 416, 418])
async def test_a_write_that_is_never_taken_comes_to_an_end(write: tuple[str, str], status: int, house: House) -> None:
    refuses(house, write, status, {"errors": [{"code": "NONSENSE", "message": "x" * 1000}]})
    await house.fails(RegistryError)
    assert len(house.target.seen) < 60


async def test_another_tag_is_never_overwritten(house: House) -> None:
    old = house.target.add_image(b"older", tag="2.0")
    error = await house.fails(TargetTagTaken)
    assert isinstance(error, TargetTagTaken)
    assert (error.tag, error.digest) == ("2.0", old)
    assert not house.target.methods("POST", "PATCH", "PUT")


async def test_another_tag_is_overwritten_where_that_is_wanted(house: House) -> None:
    old = house.target.add_image(b"older", tag="2.0")
    copied = await house.registries.copy(house.order(overwrite=True))
    assert (copied.replaced, house.target.tags["2.0"]) == (old, house.source.tags["1.0"])


def meanwhile(method: str, part: str, do: Callable[[], object]) -> Any:
    """Let something happen when a request like this comes."""

    async def hook(request: web.Request) -> None:
        if request.method == method and part in request.path:
            do()

    return hook


@pytest.mark.parametrize("write", WRITES[:4], ids=" ".join)
async def test_a_tag_that_moves_during_the_copy_is_not_copied(write: tuple[str, str], house: House) -> None:
    given = house.order()
    house.target.hook = meanwhile(*write, lambda: house.source.add_image(b"newer"))
    with pytest.raises(SourceMoved) as caught:
        await house.registries.copy(given)
    assert caught.value.digest_now == house.source.tags["1.0"] != given.digest
    assert not house.target.tags


async def test_a_tag_that_is_gone_after_the_copy_is_not_copied(house: House) -> None:
    given = house.order()
    house.target.hook = meanwhile("PUT", "/manifests/sha256", house.source.tags.clear)
    with pytest.raises(SourceMoved, match="is gone"):
        await house.registries.copy(given)
    assert not house.target.tags


async def test_a_target_tag_that_appears_during_the_copy_is_kept(house: House) -> None:
    house.target.hook = meanwhile("PUT", "/manifests/sha256", lambda: house.target.add_image(b"theirs", tag="2.0"))
    with pytest.raises(TargetTagTaken):
        await house.registries.copy(house.order())
    assert house.target.tags["2.0"] != house.source.tags["1.0"]


class NoLongerWanted(Exception):
    """What a caller raises who wants the image no more."""


async def test_a_caller_who_wants_the_image_no_more_when_all_but_the_tag_is_there_gets_no_tag(house: House) -> None:
    asked: list[dict[str, bytes]] = []

    async def before_tag() -> None:
        asked.append(dict(house.target.blobs))
        raise NoLongerWanted

    with pytest.raises(NoLongerWanted):
        await house.registries.copy(house.order(), before_tag=before_tag)
    assert (asked, house.target.tags) == ([house.source.blobs], {})


async def test_a_tag_that_moves_while_the_caller_is_asked_is_not_copied(house: House) -> None:
    async def before_tag() -> None:
        house.source.add_image(b"newer")

    with pytest.raises(SourceMoved):
        await house.registries.copy(house.order(), before_tag=before_tag)
    assert not house.target.tags


async def test_a_registry_that_forgets_what_it_took_gets_no_tag(house: House) -> None:
    house.target.hook = when("PUT", "/manifests/sha256", lambda: web.Response(status=201))
    await house.fails(InvalidAnswer)
    assert "/v2/team/b/manifests/2.0" not in house.target.methods("PUT")


async def test_a_tag_that_was_not_kept_is_told(house: House) -> None:
    house.target.hook = when("PUT", "/manifests/2.0", lambda: web.Response(status=201))
    await house.fails(InvalidAnswer)


async def test_a_token_that_ends_before_a_stream_is_renewed_and_the_stream_begun_anew(
    house: House, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on("/token", Reply(body={"token": "first"}), Reply(body={"token": "second"}))
    challenge = f'Bearer realm="http://{scripted.host}/token",service="s"'

    async def wants_token(request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization")
        if given in {None, "Bearer first"} and (request.method == "PATCH" or given is None):
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})
        return None

    house.target.hook = wants_token
    hosts = house.source.host, house.target.host, scripted.host
    registries = registries_for(*hosts, token_hosts=frozenset({scripted.host}))
    await registries.copy(house.order())
    assert house.target.blobs == house.source.blobs

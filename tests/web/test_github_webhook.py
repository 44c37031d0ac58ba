"""GitHub's door: what is signed with SHA-256 is stored once; everything else is refused, and stops nothing."""

import gzip
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.store import Claimed, DeliveryState
from bot.web.github_webhook import LARGEST_BODY
from tests.web.conftest import NOW, SECRET, Public
from tests.web.raw import connected, head

BODY = b'{"action": "published"}'
ASKING = {"Expect": "100-continue"}


def signed(body: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def headers(body: bytes = BODY, **changed: str | None) -> dict[str, str]:
    """What GitHub sends with a body; None leaves a header out."""
    usual = {"X-GitHub-Delivery": "d-1", "X-GitHub-Event": "push", "X-Hub-Signature-256": signed(body)}
    return {name: value for name, value in (usual | changed).items() if value is not None}


async def post(http: ClientSession, public: Public, body: bytes = BODY, **changed: str | None) -> tuple[int, str]:
    async with http.post(f"{public.url}/webhook", data=body, headers=headers(body, **changed)) as answer:
        return answer.status, await answer.text()


async def claimed(public: Public) -> list[Claimed]:
    return await public.store.deliveries.claim(100, now=NOW, until=NOW + timedelta(minutes=1))


async def test_a_signed_delivery_is_stored_as_it_came(public: Public, http: ClientSession) -> None:
    body = b'{ "spaces":  1 }\n'
    assert await post(http, public, body) == (202, "stored\n")
    (waiting,) = await claimed(public)
    delivery = waiting.delivery
    assert (delivery.id, delivery.source, delivery.event, delivery.body) == ("d-1", "github", "push", body)
    assert public.arrivals == [None]


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signed(BODY, b"another secret"),
        signed(BODY + b" "),
        signed(BODY).upper(),
        signed(BODY).removeprefix("sha256="),
        signed(BODY) + "0",
        "sha1=" + hmac.new(SECRET, BODY, hashlib.sha1).hexdigest(),
        "é" * 71,
    ],
)
async def test_what_is_not_signed_with_sha256_is_refused(
    public: Public, http: ClientSession, signature: str | None
) -> None:
    assert (await post(http, public, **{"X-Hub-Signature-256": signature}))[0] == 401
    assert await claimed(public) == []


async def test_the_old_sha1_signature_alone_does_not_count(public: Public, http: ClientSession) -> None:
    sha1 = "sha1=" + hmac.new(SECRET, BODY, hashlib.sha1).hexdigest()
    assert (await post(http, public, **{"X-Hub-Signature-256": None, "X-Hub-Signature": sha1}))[0] == 401


async def test_the_unsigned_are_refused_before_their_body_is_read(public: Public) -> None:
    async with connected(public.url) as line:
        await line.send(head("POST", "/webhook", Content_Length=1000, X_GitHub_Delivery="d", X_GitHub_Event="push"))
        assert await line.status() == 401


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-GitHub-Delivery", None),
        ("X-GitHub-Delivery", ""),
        ("X-GitHub-Delivery", "a b"),
        ("X-GitHub-Delivery", "x" * 101),
        ("X-GitHub-Delivery", "d\tx"),
        ("X-GitHub-Event", None),
        ("X-GitHub-Event", "Push"),
        ("X-GitHub-Event", "push.py"),
        ("X-GitHub-Event", "e" * 101),
        ("X-GitHub-Event", "é"),
    ],
)
async def test_a_delivery_without_usable_headers_is_refused(
    public: Public, http: ClientSession, name: str, value: str | None
) -> None:
    assert (await post(http, public, **{name: value}))[0] == 400
    assert await claimed(public) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 50_000, b"7" * 100_000, b"null"],
    ids=["empty", "words", "bytes", "nested lists", "nested objects", "a long number", "null"],
)
async def test_the_door_parses_nothing(public: Public, http: ClientSession, body: bytes) -> None:
    assert (await post(http, public, body))[0] == 202
    assert [waiting.delivery.body for waiting in await claimed(public)] == [body]


async def test_a_compressed_body_is_taken_as_it_was_sent(public: Public, http: ClientSession) -> None:
    body = gzip.compress(b"0" * 1_000_000)
    assert (await post(http, public, body, **{"Content-Encoding": "gzip"}))[0] == 202
    assert [waiting.delivery.body for waiting in await claimed(public)] == [body]


async def test_the_largest_body_is_taken(public: Public, http: ClientSession) -> None:
    body = json.dumps("x" * (LARGEST_BODY - 2)).encode()
    assert len(body) == LARGEST_BODY
    assert (await post(http, public, body))[0] == 202


async def test_a_larger_body_is_refused_when_it_is_declared(public: Public) -> None:
    async with connected(public.url) as line:
        await line.send(
            head("POST", "/webhook", X_Hub_Signature_256="sha256=" + "0" * 64, Content_Length=LARGEST_BODY + 1)
        )
        assert await line.status() == 413


async def test_a_larger_body_is_refused_when_it_comes_in_chunks_without_an_end(public: Public) -> None:
    async with connected(public.url) as line:
        await line.send(head("POST", "/webhook", X_Hub_Signature_256="sha256=" + "0" * 64, Transfer_Encoding="chunked"))
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        for _ in range(27):
            await line.send(chunk)
        assert await line.status() == 413


async def test_a_truncated_body_harms_nobody(
    public: Public, http: ClientSession, capfd: pytest.CaptureFixture[str]
) -> None:
    async with connected(public.url) as line:
        await line.send(head("POST", "/webhook", X_Hub_Signature_256=signed(BODY), Content_Length=1000, **ASKING))
        assert await line.status() == 100
        await line.send(BODY)
    assert await post(http, public) == (202, "stored\n")
    assert len(await claimed(public)) == 1
    assert "Traceback" not in "".join(capfd.readouterr())


async def test_a_body_whose_chunks_make_no_sense_is_given_up(impatient: str) -> None:
    async with connected(impatient) as line:
        await line.send(head("POST", "/webhook", X_Hub_Signature_256=signed(BODY), Transfer_Encoding="chunked"))
        await line.send(b"no length\r\n")
        assert await line.status() in {400, 408}


async def test_a_body_that_does_not_come_is_given_up(impatient: str) -> None:
    async with connected(impatient) as line:
        await line.send(head("POST", "/webhook", X_Hub_Signature_256=signed(BODY), Content_Length=1000) + BODY)
        assert await line.status() == 408


async def test_a_client_that_asks_first_is_told_to_go_on_only_when_its_body_is_wanted(public: Public) -> None:
    polite = headers(BODY) | {"Expect": "100-continue", "Content-Length": str(len(BODY))}
    async with connected(public.url) as line:
        await line.send(head("POST", "/webhook", **polite))
        assert await line.status() == 100
        await line.send(BODY)
        assert await line.status() == 202
    async with connected(public.url) as line:
        await line.send(head("POST", "/webhook", **polite | {"X-Hub-Signature-256": "sha1=0"}))
        assert await line.status() == 401


async def test_a_delivery_seen_before_is_not_stored_again(public: Public, http: ClientSession) -> None:
    await post(http, public)
    assert await post(http, public) == (202, "seen before\n")
    (waiting,) = await claimed(public)
    await public.store.deliveries.handled([waiting], [])
    assert await post(http, public) == (202, "seen before\n")
    assert (await claimed(public), len(public.arrivals)) == ([], 1)


async def test_a_delivery_whose_handling_failed_is_taken_again(public: Public, http: ClientSession) -> None:
    await post(http, public)
    (waiting,) = await claimed(public)
    await public.store.deliveries.failed(waiting, reason="broken", dead=True, now=NOW)
    assert await post(http, public) == (202, "stored\n")
    status = await public.store.deliveries.status("d-1")
    assert status is not None
    assert (status.state, len(public.arrivals)) == (DeliveryState.NEW, 2)


async def test_a_delivery_that_cannot_be_stored_is_answered_503(public: Public, http: ClientSession) -> None:
    await public.store.close()
    assert await post(http, public) == (503, "not stored: send it again\n")
    assert public.arrivals == []

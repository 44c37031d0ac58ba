"""Every kind of hook: what opens its door, and what does not."""

import json

import pytest

from bot.registries.notifications import SENDERS, HookKind, Proof, images
from tests.registries.recorded_notifications import host, payload
from tests.web.hooks.conftest import ADDRESS_SECRET, SIGNING, HookDoors, signed
from tests.web.raw import connected, head

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROVING = [kind for kind in HookKind if SENDERS[kind].proof is not Proof.ADDRESS]
SIGNERS = [kind for kind in HookKind if SENDERS[kind].proof.signs]
BY_HEADER = [kind for kind in HookKind if SENDERS[kind].proof in {Proof.HEADER, Proof.GOOGLE}]

OF_PROOFS = {
    Proof.HEADER: "Authorization",
    Proof.GOOGLE: "Authorization",
    Proof.NEXUS: "X-Nexus-Webhook-Signature",
    Proof.JFROG: "X-JFrog-Event-Auth",
    Proof.GENERIC: "X-Signature",
}

NONSENSE = [
    b"",
    b"x",
    b"0" * 64,
    b"sha256=",
    b"Bearer",
    b"Bearer ",
    b"Bearer a.b.c",
    b"Basic !",
    b"\xff",
    b"sha256=\xc4\xb0",
]
BODIES = [b"", b'{"repository": {"repo_', b"[" * 100_000, b"\xff\xfe\x00", b"payload=%7B%7D"]
CONTENT_TYPES = ["text/plain", "application/x-www-form-urlencoded", "application/json", "x"]


def body_of(kind: HookKind) -> bytes:
    return json.dumps(payload(kind)).encode()


@pytest.mark.parametrize("kind", HookKind)
async def test_what_its_registry_sends_is_stored_as_it_came(doors: HookDoors, kind: HookKind) -> None:
    path, body = await doors.hook(kind, id="h1"), body_of(kind)
    assert await doors.post(path, body, doors.proof(kind, body)) == 202
    (delivery,) = await doors.stored()
    assert (delivery.source, delivery.event, delivery.body) == (f"hook:{kind}:h1", kind, body)


@pytest.mark.parametrize("kind", HookKind)
async def test_another_secret_in_the_address_opens_nothing(doors: HookDoors, kind: HookKind) -> None:
    path, body = await doors.hook(kind), body_of(kind)
    assert await doors.post(f"{path}x", body, doors.proof(kind, body)) == 404
    assert await doors.stored() == []


@pytest.mark.parametrize("kind", PROVING)
async def test_without_its_proof_the_address_is_not_enough(doors: HookDoors, kind: HookKind) -> None:
    assert await doors.post(await doors.hook(kind), body_of(kind)) == 401
    assert await doors.stored() == []


@pytest.mark.parametrize("kind", SIGNERS)
async def test_another_signing_secret_is_refused(doors: HookDoors, kind: HookKind) -> None:
    path, body = await doors.hook(kind), body_of(kind)
    assert await doors.post(path, body, signed(kind, body, "the-signing-secreu")) == 401
    assert await doors.stored() == []


@pytest.mark.parametrize("kind", PROVING)
async def test_nonsense_in_the_proofs_header_is_refused(doors: HookDoors, kind: HookKind) -> None:
    path, name = await doors.hook(kind), OF_PROOFS[SENDERS[kind].proof]
    for value in NONSENSE:
        async with connected(doors.url) as line:
            request = head("POST", path, Content_Length=2).removesuffix(b"\r\n")
            await line.send(request + name.encode() + b": " + value + b"\r\n\r\n{}")
            assert (value, await line.status()) == (value, 401)


@pytest.mark.parametrize("kind", BY_HEADER)
async def test_what_a_header_proves_is_asked_for_before_the_body(doors: HookDoors, kind: HookKind) -> None:
    path = await doors.hook(kind)
    async with connected(doors.url) as line:
        await line.send(head("POST", path, Content_Length=1000, Authorization="Bearer wrong", Expect="100-continue"))
        assert await line.status() == 401


@pytest.mark.parametrize("kind", SIGNERS)
async def test_a_hook_without_a_signing_secret_opens_by_its_address(doors: HookDoors, kind: HookKind) -> None:
    assert await doors.post(await doors.hook(kind, signing=None), body_of(kind)) == 202


@pytest.mark.parametrize("kind", HookKind)
async def test_more_than_its_registry_ever_sends_is_refused(doors: HookDoors, kind: HookKind) -> None:
    body = b"x" * (SENDERS[kind].largest_body + 1)
    assert await doors.post(await doors.hook(kind), body, doors.proof(kind, body)) == 413
    assert await doors.stored() == []


async def test_the_report_of_a_scan_may_have_thirty_two_mebibytes(doors: HookDoors) -> None:
    body = b"x" * (32 * 1024 * 1024)
    assert await doors.post(await doors.hook(HookKind.SCAN), body, doors.proof(HookKind.SCAN, body)) == 202


@pytest.mark.parametrize("kind", [kind for kind in HookKind if kind is not HookKind.SCAN])
async def test_all_others_may_send_a_mebibyte(kind: HookKind) -> None:
    assert SENDERS[kind].largest_body == 1024 * 1024


@pytest.mark.parametrize("kind", HookKind)
async def test_the_door_does_not_care_what_the_body_is(doors: HookDoors, kind: HookKind) -> None:
    path = await doors.hook(kind)
    assert [await doors.post(path, body, doors.proof(kind, body)) for body in BODIES] == [202] * len(BODIES)
    assert [delivery.body for delivery in await doors.stored()] == BODIES


@pytest.mark.parametrize("kind", HookKind)
async def test_the_content_type_does_not_matter(doors: HookDoors, kind: HookKind) -> None:
    path, body = await doors.hook(kind), body_of(kind)
    for content_type in CONTENT_TYPES:
        assert await doors.post(path, body, {**doors.proof(kind, body), "Content-Type": content_type}) == 202
    assert {delivery.body for delivery in await doors.stored()} == {body}


@pytest.mark.parametrize("kind", HookKind)
async def test_a_replay_is_stored_like_any_other(doors: HookDoors, kind: HookKind) -> None:
    path, body = await doors.hook(kind), body_of(kind)
    headers = doors.proof(kind, body)
    assert [await doors.post(path, body, headers) for _ in range(2)] == [202, 202]


@pytest.mark.parametrize("kind", HookKind)
async def test_a_hook_opens_the_door_of_its_own_kind_only(doors: HookDoors, kind: HookKind) -> None:
    path, body = await doors.hook(kind), body_of(kind)
    other = next(one for one in HookKind if one is not kind)
    assert await doors.post(path.replace(f"/{kind}/", f"/{other}/"), body, doors.proof(kind, body)) == 404


@pytest.mark.parametrize("kind", [HookKind.ZOT, HookKind.CLOUD_EVENTS])
async def test_an_event_whose_type_is_a_header_keeps_it(doors: HookDoors, kind: HookKind) -> None:
    pushed = payload(kind)
    body = json.dumps(pushed["data"]).encode()
    event = {"ce-specversion": "1.0", "ce-type": pushed["type"], "ce-id": "1", "ce-source": pushed["source"]}
    assert await doors.post(await doors.hook(kind), body, {**doors.proof(kind, body), **event}) == 202
    (delivery,) = await doors.stored()
    (image,) = images(kind, json.loads(delivery.body), host(kind))
    assert (image,) == images(kind, pushed, host(kind))


@pytest.mark.parametrize("kind", [kind for kind in HookKind if not SENDERS[kind].binary_events])
async def test_other_registries_have_no_say_in_headers(doors: HookDoors, kind: HookKind) -> None:
    path, body = await doors.hook(kind), body_of(kind)
    assert await doors.post(path, body, {**doors.proof(kind, body), "ce-type": "zotregistry.image.updated"}) == 202
    (delivery,) = await doors.stored()
    assert delivery.body == body


@pytest.mark.parametrize("kind", HookKind)
async def test_no_secret_reaches_the_log_or_an_answer(
    doors: HookDoors, kind: HookKind, capfd: pytest.CaptureFixture[str]
) -> None:
    path, body = await doors.hook(kind), body_of(kind)
    proofs = doors.proof(kind, body)
    wrong = {name: f"{value}x" for name, value in proofs.items()}
    said = []
    for headers in (proofs, wrong, {}):
        async with doors.http.post(doors.url + path, data=body, headers=headers) as answer:
            said.append(f"{await answer.text()}{answer.headers}")
    shown = "".join([*said, *capfd.readouterr()])
    assert "delivery.stored" in shown
    assert [secret for secret in (ADDRESS_SECRET, SIGNING, *proofs.values()) if secret in shown] == []

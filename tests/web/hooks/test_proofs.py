"""The ways in which a registry sends its signing secret, or signs with it."""

import hmac

import pytest
from multidict import CIMultiDict
from pydantic import SecretStr

from bot.registries.notifications import HookKind, Proof
from bot.store import Keyring, new_key
from bot.web.hook_proofs import proven_by_body, proven_by_header
from tests.web.hooks.conftest import SIGNING, HookDoors, basic, signed

BODY = b'{"a": 1}'
SECRET = SecretStr(SIGNING)


def made(algorithm: str, body: bytes = BODY, key: str = SIGNING) -> str:
    return hmac.new(key.encode(), body, algorithm).hexdigest()


@pytest.mark.parametrize(
    ("authorization", "holds"),
    [
        (SIGNING, True),
        (f"Bearer {SIGNING}", True),
        (f"bearer {SIGNING}", True),
        (basic("niro", SIGNING), True),
        (basic("", SIGNING), True),
        (basic("niro", "wrong"), False),
        (basic(SIGNING, ""), False),
        ("Basic " + SIGNING, False),
        (f"Token {SIGNING}", False),
        (SIGNING.upper(), False),
        (f"Bearer {SIGNING[:-1]}", False),
        (f"Bearer {SIGNING}x", False),
        ("Bearer", False),
        ("", False),
    ],
)
def test_the_authorization_header_may_hold_it_in_three_forms(authorization: str, holds: bool) -> None:
    assert proven_by_header(CIMultiDict({"authorization": authorization}), SECRET) is holds


@pytest.mark.parametrize(
    ("proof", "name", "value", "holds"),
    [
        (Proof.NEXUS, "x-nexus-webhook-signature", made("sha1"), True),
        (Proof.NEXUS, "x-nexus-webhook-signature", made("sha1").upper(), True),
        (Proof.NEXUS, "x-nexus-webhook-signature", made("sha256"), False),
        (Proof.NEXUS, "x-nexus-webhook-signature", SIGNING, False),
        (Proof.NEXUS, "x-nexus-webhook-signature", made("sha1", BODY + b" "), False),
        (Proof.JFROG, "x-jfrog-event-auth", made("sha256"), True),
        (Proof.JFROG, "x-jfrog-event-auth", SIGNING, True),
        (Proof.JFROG, "x-jfrog-event-auth", made("sha1"), False),
        (Proof.JFROG, "x-jfrog-event-auth", made("sha256", key="other"), False),
        (Proof.GENERIC, "x-signature", f"sha256={made('sha256')}", True),
        (Proof.GENERIC, "x-signature", f"sha512={made('sha512')}", True),
        (Proof.GENERIC, "x-signature", f"sha1={made('sha1')}", False),
        (Proof.GENERIC, "x-signature", f"sha512={made('sha256')}", False),
        (Proof.GENERIC, "x-signature", f"md5={made('md5')}", False),
        (Proof.GENERIC, "x-signature", made("sha256"), False),
        (Proof.GENERIC, "x-signature", SIGNING, False),
    ],
)
def test_a_signature_holds_for_its_body_and_secret_only(proof: Proof, name: str, value: str, holds: bool) -> None:
    assert proven_by_body(proof, CIMultiDict({name: value}), BODY, SECRET) is holds


@pytest.mark.parametrize("proof", [Proof.NEXUS, Proof.JFROG, Proof.GENERIC])
def test_an_empty_secret_proves_nothing(proof: Proof) -> None:
    kind = {Proof.NEXUS: HookKind.NEXUS, Proof.JFROG: HookKind.JFROG, Proof.GENERIC: HookKind.GENERIC}[proof]
    headers = CIMultiDict(signed(kind, BODY, ""))
    assert not proven_by_body(proof, headers, BODY, SecretStr(""))
    assert not proven_by_body(proof, CIMultiDict(), BODY, SecretStr(""))


def test_nor_does_one_in_a_header() -> None:
    assert not proven_by_header(CIMultiDict({"Authorization": ""}), SecretStr(""))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("ring", ["", new_key("k2")], ids=["no key", "another key"])
async def test_a_secret_that_cannot_be_opened_is_told_only_to_who_knows_the_address(
    doors: HookDoors, monkeypatch: pytest.MonkeyPatch, ring: str
) -> None:
    path = await doors.hook(HookKind.HARBOR)
    monkeypatch.setattr(doors.store.hooks, "_keys", Keyring.parse(ring))
    assert await doors.post(path, BODY, signed(HookKind.HARBOR, BODY)) == 503
    assert await doors.post(f"{path}x", BODY, signed(HookKind.HARBOR, BODY)) == 404


@pytest.mark.asyncio(loop_scope="module")
async def test_without_any_key_a_hook_that_signs_nothing_opens(
    doors: HookDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await doors.hook(HookKind.QUAY)
    monkeypatch.setattr(doors.store.hooks, "_keys", Keyring.parse(""))
    assert await doors.post(path, BODY) == 202

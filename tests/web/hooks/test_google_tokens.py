"""A push of Pub/Sub is believed when Google signed it for this very hook, and only then."""

import base64
import json
from typing import Any

import jwt
import pytest

from bot.registries.notifications import HookKind
from tests.registries.recorded_notifications import payload
from tests.web.conftest import NOW
from tests.web.hooks.conftest import HookDoors
from tests.web.hooks.google import AUDIENCE, CLAIMS, EMAIL, private_key, token

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY = json.dumps(payload("gar")).encode()
TIME = int(NOW.timestamp())

ACCEPTED: dict[str, dict[str, Any]] = {
    "as documented": {},
    "issuer without https": {"iss": "accounts.google.com"},
    "just expired": {"exp": TIME - 59},
    "issued by a clock ahead": {"iat": TIME + 59},
}

REFUSED: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "https://niro.example/other"},
    "the audience and more": {"aud": f"{AUDIENCE}/"},
    "a list with the audience": {"aud": [AUDIENCE]},
    "no audience": {"aud": None},
    "another account": {"email": "pusher@another.iam.gserviceaccount.com"},
    "the account in capitals": {"email": EMAIL.upper()},
    "no account": {"email": None},
    "an account that is not verified": {"email_verified": False},
    "an account verified in words": {"email_verified": "true"},
    "an account verified by a number": {"email_verified": 1},
    "an account of which nothing is said": {"email_verified": None},
    "another issuer": {"iss": "https://accounts.google.com.evil.example"},
    "an issuer with a slash": {"iss": "https://accounts.google.com/"},
    "a list of issuers": {"iss": ["https://accounts.google.com"]},
    "no issuer": {"iss": None},
    "expired": {"exp": TIME - 60},
    "no end": {"exp": None},
    "an end in words": {"exp": str(TIME + 3600)},
    "an end that is a truth": {"exp": True},
    "issued later": {"iat": TIME + 61},
    "never issued": {"iat": None},
}


def bearer(value: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {value}"}


def part(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@pytest.mark.parametrize("case", ACCEPTED)
async def test_a_token_for_the_hook_opens_the_door(doors: HookDoors, case: str) -> None:
    assert await doors.post(await doors.hook(HookKind.GOOGLE), BODY, bearer(token(**ACCEPTED[case]))) == 202


@pytest.mark.parametrize("case", REFUSED)
async def test_a_token_for_anything_else_does_not(doors: HookDoors, case: str) -> None:
    assert await doors.post(await doors.hook(HookKind.GOOGLE), BODY, bearer(token(**REFUSED[case]))) == 401
    assert await doors.stored() == []


FORGED = {
    "signed by nobody": part({"alg": "none", "kid": "one"}) + "." + part(CLAIMS) + ".",
    "signed with the public key as a secret": jwt.encode(CLAIMS, "x" * 64, algorithm="HS256", headers={"kid": "one"}),
    "signed with another key of that id": jwt.encode(
        CLAIMS, private_key("forger"), algorithm="RS256", headers={"kid": "one"}
    ),
    "signed by another hash": jwt.encode(CLAIMS, private_key("one"), algorithm="RS512", headers={"kid": "one"}),
    "without the id of its key": jwt.encode(CLAIMS, private_key("one"), algorithm="RS256"),
    "with an id that is a number": part({"alg": "RS256", "kid": 1}) + "." + part(CLAIMS) + ".AAAA",
    "with a part that must be understood": token(head={"crit": ["exp"]}),
    "changed after it was signed": token().rsplit(".", 2)[0]
    + "."
    + part({**CLAIMS, "x": 1})
    + "."
    + token().rsplit(".")[2],
    "with claims that are a list": jwt.PyJWS().encode(b"[]", private_key("one"), "RS256", headers={"kid": "one"}),
    "with claims that are no JSON": jwt.PyJWS().encode(b"{", private_key("one"), "RS256", headers={"kid": "one"}),
    "with a deep head": part(b"[" * 3000) + "." + part(CLAIMS) + ".AAAA",
    "with a head that is a list": part([]) + "." + part(CLAIMS) + ".AAAA",
    "cut off": token()[:-10],
    "of two parts": "a.b",
}


@pytest.mark.parametrize("case", FORGED)
async def test_a_forged_token_is_refused(doors: HookDoors, case: str) -> None:
    path = await doors.hook(HookKind.GOOGLE)
    assert await doors.post(path, BODY, bearer(FORGED[case])) == 401


@pytest.mark.parametrize("missing", ["audience", "email"])
async def test_a_hook_that_does_not_know_whom_to_expect_opens_to_nobody(doors: HookDoors, missing: str) -> None:
    path = await doors.hook(HookKind.GOOGLE, **{missing: ""})
    claim = {"audience": "aud", "email": "email"}[missing]
    assert await doors.post(path, BODY, bearer(token(**{claim: ""}))) == 401


async def test_the_scheme_may_be_written_in_small_letters(doors: HookDoors) -> None:
    path = await doors.hook(HookKind.GOOGLE)
    assert await doors.post(path, BODY, {"Authorization": f"bearer {token()}"}) == 202
    assert await doors.post(path, BODY, {"Authorization": token()}) == 401


async def test_whoever_does_not_know_the_address_makes_nobody_ask_google(doors: HookDoors) -> None:
    path = await doors.hook(HookKind.GOOGLE)
    assert await doors.post(f"{path}x", BODY, bearer(token("unknown"))) == 404
    assert doors.google.asked == 0


async def test_google_is_asked_once_for_many_pushes(doors: HookDoors) -> None:
    path = await doors.hook(HookKind.GOOGLE)
    assert [await doors.post(path, BODY, bearer(token())) for _ in range(5)] == [202] * 5
    assert doors.google.asked == 1


async def test_while_google_does_not_answer_the_push_is_to_be_sent_again(doors: HookDoors) -> None:
    doors.google.status = 503
    path = await doors.hook(HookKind.GOOGLE)
    assert await doors.post(path, BODY, bearer(token())) == 503
    assert await doors.stored() == []
    doors.google.status = 200
    doors.clock.forward(10)
    assert await doors.post(path, BODY, bearer(token())) == 202

"""Doors of every kind over a real store, and how their registries prove themselves."""

import base64
import hashlib
import hmac
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from pydantic import SecretStr

from bot.registries import guarded_sessions
from bot.registries.notifications import SENDERS, HookKind, Proof
from bot.store import Delivery, Hook, Keyring, Store, new_key
from bot.web.google_keys import GoogleKeys
from bot.web.hook_limits import HookLimits
from bot.web.intake import Intake
from bot.web.server import Doors, public_application
from tests.web.conftest import NOW, SECRET, Serve
from tests.web.hooks.google import AUDIENCE, EMAIL, Google

SIGNING = "the-signing-secret"
ADDRESS_SECRET = "address-secret"

_NUMBERS = itertools.count(1)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


def signed(kind: HookKind, body: bytes, secret: str = SIGNING) -> dict[str, str]:
    """The headers that the registry of a kind would send with a body; those of Google are `Google.headers`."""
    key = secret.encode()
    match SENDERS[kind].proof:
        case Proof.HEADER:
            return {"Authorization": f"Bearer {secret}"}
        case Proof.NEXUS:
            return {"X-Nexus-Webhook-Signature": hmac.new(key, body, hashlib.sha1).hexdigest()}
        case Proof.JFROG:
            return {"X-Jfrog-Event-Auth": hmac.new(key, body, hashlib.sha256).hexdigest()}
        case Proof.GENERIC:
            return {"X-Signature": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"}
    return {}


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@dataclass
class HookDoors:
    """The public doors, with what stands behind them."""

    url: str
    store: Store
    http: ClientSession
    clock: Clock
    google: Google

    async def hook(self, kind: HookKind, *, signing: str | None = SIGNING, **options: Any) -> str:
        """Make a hook of a kind as `niro hooks add` would; gives the path of its address."""
        identifier = options.pop("id", f"hook-{next(_NUMBERS)}")
        of_google = {"audience": AUDIENCE, "email": EMAIL} if kind is HookKind.GOOGLE else {}
        hook = Hook(identifier, kind, 1, options.pop("host", "registry.example"), "", **{**of_google, **options})
        sealed = SecretStr(signing) if signing is not None and SENDERS[kind].proof.signs else None
        await self.store.hooks.create(hook, hashlib.sha256(ADDRESS_SECRET.encode()).digest(), sealed)
        return f"/hooks/{kind}/{identifier}/{ADDRESS_SECRET}"

    def proof(self, kind: HookKind, body: bytes) -> dict[str, str]:
        return self.google.headers() if kind is HookKind.GOOGLE else signed(kind, body)

    async def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> int:
        async with self.http.post(self.url + path, data=body, headers=headers or {}) as answer:
            return answer.status

    async def stored(self) -> list[Delivery]:
        claimed = await self.store.deliveries.claim(100, now=NOW, until=NOW + timedelta(minutes=1))
        return [one.delivery for one in claimed]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    keys = Keyring.parse(new_key("k1"))
    async with await Store.open(f"sqlite:///{tmp_path / 'niro.db'}", clock=lambda: NOW, keys=keys) as store:
        yield store


@pytest.fixture
async def google(serve: Serve) -> Google:
    google = Google()
    application = web.Application()
    application.router.add_get("/{path:.*}", google.answer)
    google.address = f"{await serve(application)}/oauth2/v3/certs"
    return google


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(google: Google, clock: Clock) -> AsyncIterator[GoogleKeys]:
    keys = GoogleKeys(lambda: guarded_sessions(("127.0.0.0/8",)), clock=clock, address=google.address)
    yield keys
    await keys.close()


@pytest.fixture
async def doors(
    *, serve: Serve, store: Store, http: ClientSession, clock: Clock, google: Google, keys: GoogleKeys
) -> HookDoors:
    intake = Intake(store.deliveries, lambda: NOW, lambda: None)
    application = public_application(Doors(intake, SECRET, store.hooks, {}, limits=HookLimits(clock), google=keys))
    return HookDoors(await serve(application), store, http, clock, google)

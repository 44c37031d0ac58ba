"""Doors of every kind over a real store, and how their registries prove themselves."""

import base64
import hashlib
import hmac
import itertools
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from pydantic import SecretStr
from sqlalchemy import create_engine

from bot.registries import guarded_sessions
from bot.registries.notifications import SENDERS, HookKind, Proof
from bot.store import Delivery, Hook, Keyring, Store, new_key
from bot.store.migrating import migrate
from bot.web.google_keys import GoogleKeys
from bot.web.hook_limits import HookLimits
from bot.web.intake import Intake
from bot.web.listening import listening
from bot.web.server import Doors, public_application
from tests.web.conftest import NOW, SECRET, Serve
from tests.web.hooks.google import AUDIENCE, EMAIL, Google

SIGNING = "the-signing-secret"
ADDRESS_SECRET = "address-secret"

LONGER_THAN_KEYS_HOLD = 200_000.0

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
    limits: HookLimits = field(default_factory=HookLimits)

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


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows: copying one is faster than making one."""
    file = tmp_path_factory.mktemp("hooks") / "niro.db"
    engine = create_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


def opened(empty_file: Path, folder: Path) -> Awaitable[Store]:
    """Open a store without rows in a folder."""
    copyfile(empty_file, folder / "niro.db")
    keys = Keyring.parse(new_key("k1"))
    return Store.open(f"sqlite:///{folder / 'niro.db'}", clock=lambda: NOW, keys=keys)


@pytest.fixture
async def store(empty_file: Path, tmp_path: Path) -> AsyncIterator[Store]:
    async with await opened(empty_file, tmp_path) as store:
        yield store


@pytest.fixture
async def google(serve: Serve) -> Google:
    google = Google()
    google.address = f"{await serve(google.application())}/oauth2/v3/certs"
    return google


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(google: Google, clock: Clock) -> AsyncIterator[GoogleKeys]:
    keys = GoogleKeys(lambda: guarded_sessions(("127.0.0.0/8",)), clock=clock, address=google.address)
    yield keys
    await keys.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_doors(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HookDoors]:
    """One server over one store for all tests of a module, and a Google that it asks."""
    async with AsyncExitStack() as stack:

        async def serve(application: web.Application) -> str:
            return f"http://{await stack.enter_async_context(listening(application, '127.0.0.1', 0, door='test'))}"

        clock, google = Clock(), Google()
        google.address = f"{await serve(google.application())}/oauth2/v3/certs"
        store = await stack.enter_async_context(await opened(empty_file, tmp_path_factory.mktemp("doors")))
        keys = GoogleKeys(lambda: guarded_sessions(("127.0.0.0/8",)), clock=clock, address=google.address)
        stack.push_async_callback(keys.close)
        intake = Intake(store.deliveries, lambda: NOW, lambda: None)
        limits = HookLimits(clock)
        doors = Doors(intake, SECRET, store.hooks, {}, limits=limits, google=keys)
        http = await stack.enter_async_context(ClientSession(trust_env=False))
        yield HookDoors(await serve(public_application(doors)), store, http, clock, google, limits)


@pytest_asyncio.fixture(loop_scope="module")
async def doors(open_doors: HookDoors) -> AsyncIterator[HookDoors]:
    """The doors of the module, as if nobody had knocked before. A test of them runs in the loop of its module."""
    open_doors.clock.forward(LONGER_THAN_KEYS_HOLD)
    open_doors.google.begin_anew()
    yield open_doors
    while await open_doors.stored():
        pass

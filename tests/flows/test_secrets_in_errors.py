"""No error that a credential can bring about holds its secret, nor does any error behind it."""

import base64
import dataclasses
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.flows import credentials
from bot.flows.credentials import InvalidCredential, Means, NewCredential, NewSecret
from bot.registries import Grants, Registries, RegistryRefused, RegistryUnavailable, UntrustedRealm, guarded_sessions
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import ACCOUNT, PASSWORD, Access
from bot.store import CannotOpen, CredentialExists, InvalidKeys, Keyring, NoKey, Store, new_key
from tests.flows.what_was_said import forms

SECRET = 'drossel&kaktus+81/"lampe"'
KEY = new_key("first")


@dataclasses.dataclass
class Bench:
    """A private registry that refuses clumsily, and a store; what a credential meets on its way."""

    registry: SandboxRegistry
    store: Store
    means: Means

    def wanted(self, secret: str = SECRET, **changes: Any) -> NewCredential:
        options = {
            "token_hosts": (self.registry.tokens.host,),
            "certificate": self.registry.certificate_authority,
            **changes,
        }
        return NewCredential(1, "company", self.registry.host, ACCOUNT, SecretStr(secret), **options)

    async def add(self, secret: str = SECRET, **changes: Any) -> None:
        await credentials.add(self.means, self.wanted(secret, **changes), "acme/api")


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    registry = await SandboxRegistry.start(tmp_path, access=Access.TOKEN, anonymous_pull=False, tls=True)
    answer = registry.tokens.answer

    def clumsy(authorization: str | None, query: str) -> tuple[int, dict[str, Any]]:
        status, body = answer(authorization, query)
        given = base64.b64decode((authorization or "").removeprefix("Basic ")).decode()
        return status, body | {"message": f"no: {given}", "header": authorization} if status == 401 else body

    registry.tokens.answer = clumsy  # type: ignore[method-assign]
    await registry.push("acme/api", "1.0")
    keys = Keyring.parse(KEY)
    async with guarded_sessions() as sessions, await Store.open(f"sqlite:///{tmp_path}/niro.db", keys=keys) as store:
        grants = Grants.parse(["*:*=127.0.0.0/8"], [])
        yield Bench(registry, store, Means(store, Registries(sessions), grants, datetime.now(UTC)))
    await registry.stop()


async def refused(bench: Bench) -> None:
    await bench.add()


async def refused_when_rotated(bench: Bench) -> None:
    await bench.add(PASSWORD)
    await credentials.rotate(bench.means, 1, "company", NewSecret(SecretStr(SECRET)), "acme/api")


async def refused_as_the_name_is_taken(bench: Bench) -> None:
    await bench.add(PASSWORD)
    await bench.add()


async def of_an_untrusted_token_server(bench: Bench) -> None:
    await bench.add(token_hosts=())


async def of_a_registry_that_is_gone(bench: Bench) -> None:
    wanted = bench.wanted()
    await bench.registry.stop()
    await credentials.add(bench.means, wanted, "acme/api")


async def with_a_line_end(bench: Bench) -> None:
    await bench.add(f"{SECRET}\n{SECRET}")


async def too_long(bench: Bench) -> None:
    await bench.add(SECRET * 10_000)


async def pasted_as_the_certificate(bench: Bench) -> None:
    await bench.add(certificate=f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----")


async def in_a_service_accounts_file(bench: Bench) -> None:
    broken = f'{{"type": "service_account", "private_key": {SECRET!r}'
    wanted = dataclasses.replace(bench.wanted(broken), host="europe-docker.pkg.dev", username="_json_key")
    wanted = dataclasses.replace(wanted, certificate="", token_hosts=())
    await credentials.add(bench.means, wanted, "acme/api/web")


async def without_a_key(bench: Bench) -> None:
    bench.store.keys = Keyring.parse("")
    await bench.add()


async def sealed_with_another_key(bench: Bench) -> None:
    bench.registry.tokens.set_password(ACCOUNT, SECRET)
    await bench.add()
    bench.store.credentials._keys = Keyring.parse(new_key("second"))
    (stored,) = await bench.store.credentials.all()
    await bench.store.credentials.open(stored.id)


async def in_a_ring_of_keys(bench: Bench) -> None:
    Keyring.parse(f"first:{SECRET}")


FAILURES: list[tuple[Callable[[Bench], Awaitable[None]], type[Exception]]] = [
    (refused, RegistryRefused),
    (refused_when_rotated, RegistryRefused),
    (refused_as_the_name_is_taken, CredentialExists),
    (of_an_untrusted_token_server, UntrustedRealm),
    (of_a_registry_that_is_gone, RegistryUnavailable),
    (with_a_line_end, InvalidCredential),
    (too_long, InvalidCredential),
    (pasted_as_the_certificate, InvalidCredential),
    (in_a_service_accounts_file, InvalidCredential),
    (without_a_key, NoKey),
    (sealed_with_another_key, CannotOpen),
    (in_a_ring_of_keys, InvalidKeys),
]


@pytest.mark.parametrize(("failing", "kind"), FAILURES, ids=[failing.__name__ for failing, _ in FAILURES])
async def test_no_error_holds_the_secret(
    bench: Bench, failing: Callable[[Bench], Awaitable[None]], kind: type[Exception]
) -> None:
    with pytest.raises(kind) as failed:
        await failing(bench)
    said = "\n".join(text for error in all_behind(failed.value) for text in (str(error), repr(error), repr(error.args)))
    said += "".join(traceback.format_exception(failed.value))
    assert [form for form in forms(SECRET) if form.decode() in said] == []


async def test_what_a_flow_reads_with_shows_no_secret(bench: Bench) -> None:
    bench.registry.tokens.set_password(ACCOUNT, SECRET)
    await bench.add()
    (stored,) = await bench.store.credentials.all()
    found = await bench.store.credentials.open(stored.id)
    said = repr((found, bench.wanted(), NewSecret(SecretStr(SECRET)), bench.store.keys, vars(bench.store.keys)))
    assert [form for form in (*forms(SECRET), KEY.partition(":")[2].encode()) if form.decode() in said] == []


def all_behind(error: BaseException) -> Iterator[BaseException]:
    """Give an error and all it came from, also what a traceback would not show."""
    seen: list[BaseException | None] = [None]
    waiting: list[BaseException | None] = [error]
    while waiting:
        found = waiting.pop()
        if found in seen or found is None:
            continue
        seen.append(found)
        waiting += [found.__cause__, found.__context__]
        yield found

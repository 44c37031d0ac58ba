"""Hooks: the doors that registries knock at, each with the hash of its secret and, where it signs, its sealed key."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlalchemy import delete, select

from bot.store.bindings import of_hook
from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.errors import UnstorableValue
from bot.store.sealing import Keyring
from bot.store.tables import hooks


@dataclass(frozen=True, slots=True)
class Hook:
    """A door for one kind of registry, which may speak only of images below `host` and `repository_prefix`.

    `installation` is whose door it is; None: the operator's. `audience` and `email` are those that a signed token must
    name, "" where none is sent. `created_at` is told by the store, never taken.
    """

    id: str
    kind: str
    installation: int | None
    host: str
    repository_prefix: str
    audience: str = ""
    email: str = ""
    created_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class OpenedHook:
    """A hook with what its caller must prove: the secret's SHA-256, and its signing key if it signs."""

    hook: Hook
    secret_sha256: bytes
    signing: SecretStr | None


class Hooks:
    """The table of hooks."""

    def __init__(self, database: Database, keys: Keyring, clock: Callable[[], datetime]) -> None:
        """Take the database, the keys that seal signing keys, and a clock for the time at which a hook is made."""
        self._database = database
        self._keys = keys
        self._clock = clock

    async def create(self, hook: Hook, secret_sha256: bytes, signing: SecretStr | None = None) -> None:
        """Store a hook, or replace the one with the same id, which makes its old secret and signing key worthless.

        `secret_sha256` is the 32 bytes of the secret's SHA-256; the secret itself is never stored. `signing`, the key
        that the caller signs with, is needed to compare signatures: it is sealed. Raises NoKey without a key.
        """
        if len(secret_sha256) != 32:  # noqa: PLR2004 - the size of a SHA-256
            raise UnstorableValue("a hook's secret is stored as the 32 bytes of its SHA-256; pass the digest")
        sealed = None if signing is None else self._keys.seal(signing, *_binding(hook))
        values = {
            **asdict(hook),
            "secret_sha256": secret_sha256,
            "signing": sealed,
            "created_at": self._clock(),
        }
        await self._database.write(lambda c: upsert(c, hooks, values))

    async def get(self, id: str) -> tuple[Hook, bytes] | None:  # noqa: A002 - the name that its URL has
        """Return a hook and the SHA-256 of its secret; None: there is no such hook."""
        row = await self._row(id)
        return None if row is None else (_hook(row), row.secret_sha256)

    async def open(self, id: str) -> OpenedHook | None:  # noqa: A002 - the name that its URL has
        """Return a hook with all that its caller must prove; None: there is no such hook.

        Raises NoKey or CannotOpen when there is a signing key that cannot be had.
        """
        row = await self._row(id)
        if row is None:
            return None
        hook = _hook(row)
        signing = None if row.signing is None else self._keys.open(row.signing, *_binding(hook))
        return OpenedHook(hook, row.secret_sha256, signing)

    async def all(self) -> list[Hook]:
        """Return every hook by id."""
        statement = select(hooks).order_by(hooks.c.id)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [_hook(row) for row in rows]

    async def remove(self, id: str) -> bool:  # noqa: A002 - the name that its URL has
        """Close a door; False: there was none."""
        statement = delete(hooks).where(hooks.c.id == id)
        removed = await self._database.write(lambda c: c.execute(statement).rowcount == 1)
        await self._database.overwrite_deleted()
        return removed

    async def _row(self, id: str) -> Any:  # noqa: A002 - the name that its URL has
        statement = select(hooks).where(hooks.c.id == id)
        return await self._database.read(lambda c: c.execute(statement).one_or_none())


def _binding(hook: Hook) -> tuple[str, ...]:
    return of_hook(hook.id, hook.installation, hook.host)


def _hook(row: Any) -> Hook:
    return Hook(
        row.id, row.kind, row.installation, row.host, row.repository_prefix, row.audience, row.email, row.created_at
    )

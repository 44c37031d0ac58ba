"""Moving stored secrets to the newest key, row by row, while the bot runs."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, func, select, update

from bot.store.bindings import Binding, of_credential, of_hook
from bot.store.database import Database
from bot.store.errors import CannotOpen, NoKey
from bot.store.sealing import Keyring, key_id_of
from bot.store.stored_credential import credential_of
from bot.store.tables import credentials, hooks

# Only somebody who replaces one secret again and again could make it need more.
_ATTEMPTS = 5
# Enough of a sealed text to tell its key.
_HEAD = 40


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many secrets were sealed anew."""

    credentials: int
    hooks: int


@dataclass(frozen=True, slots=True)
class _Secrets:
    """A column of sealed texts, and what the text of a row is sealed for."""

    table: Table
    sealed: Column[str]
    binding: Callable[[Any], Binding]


_CREDENTIALS = _Secrets(credentials, credentials.c.sealed, lambda row: of_credential(credential_of(row)))
_HOOKS = _Secrets(hooks, hooks.c.signing, lambda row: of_hook(row.id, row.installation, row.host))


async def keys_in_use(database: Database) -> Mapping[str, int]:
    """Return how many secrets each key seals, by its id; "" stands for texts that no key sealed."""
    counted: Counter[str] = Counter()
    for kind in (_CREDENTIALS, _HOOKS):
        statement = select(func.substr(kind.sealed, 1, _HEAD)).where(kind.sealed.is_not(None))
        heads = await database.read(lambda c, statement=statement: list(c.execute(statement).scalars()))  # type: ignore[misc]
        counted.update(map(key_id_of, heads))
    return dict(counted)


async def reseal(database: Database, keys: Keyring) -> Resealed:
    """Seal with the first key whatever another key sealed. A secret that is replaced meanwhile stays replaced.

    Raises NoKey, or CannotOpen for the first secret that does not open, once all the others are done.
    """
    if not keys.ids:
        raise NoKey("there is no key to seal secrets with; set NIRO_KEYS")
    failures: list[CannotOpen] = []
    done = [await _reseal_all(database, keys, kind, failures) for kind in (_CREDENTIALS, _HOOKS)]
    await database.overwrite_deleted()
    if failures:
        raise failures[0]
    return Resealed(*done)


async def _reseal_all(database: Database, keys: Keyring, kind: _Secrets, failures: list[CannotOpen]) -> int:
    statement = select(kind.table.c.id, kind.sealed).where(kind.sealed.is_not(None)).order_by(kind.table.c.id)
    rows = await database.read(lambda c: c.execute(statement).all())
    count = 0
    for id_, sealed in rows:
        if key_id_of(sealed) != keys.ids[0]:
            try:
                count += await _reseal_one(database, keys, kind, id_)
            except CannotOpen as error:
                failures.append(error)
    return count


async def _reseal_one(database: Database, keys: Keyring, kind: _Secrets, id_: str) -> bool:
    """Seal one row's secret anew, if it still needs it; the old text must still stand there when it is replaced."""
    this = kind.table.c.id == id_
    for _ in range(_ATTEMPTS):
        row = await database.read(lambda c: c.execute(select(kind.table).where(this)).one_or_none())
        sealed = None if row is None else getattr(row, kind.sealed.name)
        if sealed is None or key_id_of(sealed) == keys.ids[0]:
            return False
        binding = kind.binding(row)
        anew = keys.seal(keys.open(sealed, *binding), *binding)
        change = update(kind.table).where(this, kind.sealed == sealed).values({kind.sealed: anew})
        if await database.write(lambda c, change=change: c.execute(change).rowcount == 1):  # type: ignore[misc]
            return True
    return False

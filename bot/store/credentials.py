"""Credentials: what private registries are read with; the secret is sealed for its place and for where it may go."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Connection, delete, select, update

from bot.store.bindings import of_credential
from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.errors import CredentialExists
from bot.store.forgetting import forget_readers
from bot.store.resealing import Resealed, keys_in_use, reseal
from bot.store.sealing import Keyring, key_id_of
from bot.store.stored_credential import StoredCredential, columns_of, credential_of
from bot.store.tables import credentials


class Credentials:
    """The table of credentials."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    async def add(self, credential: StoredCredential, secret: SecretStr) -> None:
        """Store a credential with its secret, which is sealed.

        Raises CredentialExists when the installation has one of that name (or the id is taken), NoKey without a key.
        """
        sealed = self._keys.seal(secret, *of_credential(credential))
        values = {**columns_of(credential), "sealed": sealed}

        def work(connection: Connection) -> bool:
            statement = insert(connection, credentials).on_conflict_do_nothing().returning(credentials.c.id)
            return connection.execute(statement, values).scalar() is not None

        if not await self._database.write(work):
            raise CredentialExists(
                f"installation {credential.installation} has a credential of that name; rotate it, or remove it first"
            )

    async def replace_secret(
        self,
        id: str,  # noqa: A002 - as the field is called
        secret: SecretStr,
        *,
        version: str,
        username: str,
        at: datetime,
        expected_version: str,
    ) -> bool:
        """Put another secret and user name in the place of those of `expected_version`, verified at `at`.

        All at once; the id stays, and so does what was read with it. False: it was replaced or removed meanwhile.
        """
        where = (credentials.c.id == id, credentials.c.version == expected_version)
        statement = select(credentials).where(*where)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        if row is None:
            return False
        sealed = self._keys.seal(secret, *of_credential(credential_of(row)))
        change = (
            update(credentials).where(*where).values(sealed=sealed, version=version, username=username, verified_at=at)
        )
        replaced = await self._database.write(lambda c: c.execute(change).rowcount == 1)
        await self._database.overwrite_deleted()
        return replaced

    async def note_verified(self, id: str, at: datetime) -> bool:  # noqa: A002 - as the field is called
        """Note that a registry took a credential; False: it was removed."""
        change = update(credentials).where(credentials.c.id == id).values(verified_at=at)
        return await self._database.write(lambda c: c.execute(change).rowcount == 1)

    async def get(self, installation: int, name: str) -> StoredCredential | None:
        """Return an installation's credential by name; None: there is none."""
        found = await self._select(_named(installation, name))
        return found[0] if found else None

    async def of_installation(self, installation: int) -> list[StoredCredential]:
        """Return an installation's credentials by name."""
        return await self._select(credentials.c.installation == installation)

    async def all(self) -> list[StoredCredential]:
        """Return every credential by installation and name."""
        return await self._select()

    async def open(self, id: str) -> tuple[StoredCredential, SecretStr] | None:  # noqa: A002 - as the field is called
        """Return a credential with its secret; None: it was removed.

        Raises NoKey or CannotOpen when the secret cannot be had.
        """
        statement = select(credentials).where(credentials.c.id == id)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        if row is None:
            return None
        credential = credential_of(row)
        return credential, self._keys.open(row.sealed, *of_credential(credential))

    async def remove(self, installation: int, name: str) -> StoredCredential | None:
        """Remove a credential and all that was read with it; None: there was none.

        What was read goes first: a removal that was cut short can be asked for again.
        """
        found = await self.get(installation, name)
        if found is None:
            return None
        await forget_readers(self._database, [found.id])
        statement = delete(credentials).where(credentials.c.id == found.id)
        removed = await self._database.write(lambda c: c.execute(statement).rowcount == 1)
        # A scan that was under way may have written once more.
        await forget_readers(self._database, [found.id])
        await self._database.overwrite_deleted()
        return found if removed else None

    async def reseal(self) -> Resealed:
        """Seal with the ring's first key whatever another key sealed, hooks' signing keys too; may run at any time.

        Raises NoKey, or CannotOpen for a secret that cannot be opened, once all the others are done.
        """
        return await reseal(self._database, self._keys)

    async def key_ids(self) -> Mapping[str, int]:
        """Return how many stored secrets each key seals, by its id; hooks' signing keys count too."""
        return await keys_in_use(self._database)

    async def keys_of(self, installation: int | None = None) -> Mapping[str, str]:
        """Return the id of the key that seals each credential, by the credential's id; None: of every installation.

        "" stands for a text that no key sealed.
        """
        ours = () if installation is None else (credentials.c.installation == installation,)
        statement = select(credentials.c.id, credentials.c.sealed).where(*ours)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return {row.id: key_id_of(row.sealed) for row in rows}

    async def _select(self, *where: ColumnElement[bool]) -> list[StoredCredential]:
        statement = select(credentials).where(*where).order_by(credentials.c.installation, credentials.c.name)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [credential_of(row) for row in rows]


def _named(installation: int, name: str) -> ColumnElement[bool]:
    return (credentials.c.installation == installation) & (credentials.c.name == name)

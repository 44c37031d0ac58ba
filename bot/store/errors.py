"""What can go wrong in the store, each as a type with a sentence that says what to do."""

from sqlalchemy.exc import DBAPIError, DontWrapMixin, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StoreError(Exception):
    """Every error of the store; its text is one sentence for an operator and holds no stored value."""


class InvalidStoreUrl(StoreError, ValueError):
    """The database URL names no database that the store can use."""


class StoreIsLocked(StoreError):
    """Another process holds the SQLite file."""


class SchemaTooNew(StoreError):
    """The database was migrated by a newer version of the bot."""


class StoreClosed(StoreError):
    """The store was used after `close`."""


class StoreUnavailable(StoreError):
    """The database refused or did not answer; the same call may succeed later."""


class UnknownOwner(StoreError):
    """A row was written for an installation or repository that is not stored; most often it was just removed."""


class UnstorableValue(StoreError, ValueError, DontWrapMixin):
    """A value from outside that one of the databases cannot hold: NUL, lone surrogates, too long, out of range."""


class InvalidKeys(StoreError, ValueError):
    """The keys that seal secrets are not written as they have to be; the text never holds a key."""


class NoKey(StoreError):
    """A secret was to be sealed or opened, and no key is set."""


class CannotOpen(StoreError):
    """A sealed secret does not open. `key_id` is the key that sealed it, "" when that cannot be told."""

    def __init__(self, key_id: str, *, missing: bool = False) -> None:
        """Say that the key is not in the ring (`missing`), or that the text was changed or put in another place."""
        super().__init__(
            f"a stored secret was sealed by the key {key_id}, which is not set; add it to NIRO_KEYS"
            if missing
            else "a stored secret was changed, or belongs to another row; enter it again"
        )
        self.key_id = key_id
        self.missing = missing


class MissingKeys(StoreError):
    """Stored secrets were sealed by keys that are not set; `key_ids` names them."""

    def __init__(self, key_ids: tuple[str, ...]) -> None:
        """Take the ids of the keys that are not set."""
        super().__init__(
            f"stored secrets were sealed by keys that are not set: {', '.join(key_ids)}; add them to NIRO_KEYS"
        )
        self.key_ids = key_ids


class CredentialExists(StoreError):
    """An installation has a credential of that name already."""


def typed(error: DBAPIError | PoolTimeout) -> StoreError:
    """Turn a database error into one of this module; the text names the database's own error and no values."""
    if isinstance(error, PoolTimeout):
        return StoreUnavailable("every connection to the database stayed in use for half a minute; try again later")
    if _breaks_foreign_key(error):
        return UnknownOwner("the installation or repository of this row is not stored any more; nothing was written")
    name = type(error.orig).__name__
    detail = (str(error.orig).strip().splitlines() or [""])[0]
    return StoreUnavailable(f"the database answered {name} ({detail}); look at the database, then try again")


def _breaks_foreign_key(error: DBAPIError) -> bool:
    if not isinstance(error, IntegrityError):
        return False
    return getattr(error.orig, "sqlstate", None) == "23503" or "FOREIGN KEY" in str(error.orig)

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

"""Database URLs: what an operator writes, turned into what SQLAlchemy and the drivers want."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.store.errors import InvalidStoreUrl

_ADVICE = "write sqlite:///path/to/niro.db or postgresql://user:password@host/database"


def read_url(text: str) -> Path | URL:
    """Return the file of a SQLite URL, or PostgreSQL's URL with its driver.

    Raises InvalidStoreUrl, whose sentence never holds the URL: it may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise InvalidStoreUrl(f"the database URL cannot be read; {_ADVICE}") from None
    match url.drivername.partition("+")[0]:
        case "sqlite":
            return _file_of(url)
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
    raise InvalidStoreUrl(f"the database URL starts with neither sqlite: nor postgresql:; {_ADVICE}")


def _file_of(url: URL) -> Path:
    if not url.database or url.database == ":memory:" or url.query:
        raise InvalidStoreUrl(f"SQLite needs the path of a file and nothing more; {_ADVICE}")
    return Path(url.database).absolute()

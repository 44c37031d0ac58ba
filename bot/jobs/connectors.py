"""Which queue serves which database."""

from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url

from bot.jobs.postgresql_connector import PostgresqlConnector
from bot.jobs.sqlite_connector import SqliteConnector

Connector = SqliteConnector | PostgresqlConnector


def connector_for(database_url: str) -> Connector:
    """Make the connector of the queue that goes with this database; it is not open yet.

    SQLite: a second file beside the store's, "<name>-queue.db", so that the queue's many small commits do
    not wait for the store's. PostgreSQL: the same database. Raises ValueError for any other URL.
    """
    url = make_url(database_url)
    backend = url.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return PostgresqlConnector(_conninfo(url))
    if backend == "sqlite" and url.database and url.database != ":memory:":
        store = Path(url.database)
        return SqliteConnector(store.with_name(f"{store.stem}-queue.db"))
    raise ValueError(
        f"no queue for {url.render_as_string(hide_password=True)!r}: use sqlite:///FILE or postgresql://HOST/NAME"
    )


def _conninfo(url: URL) -> str:
    """Write the URL as libpq reads it, which does not take SQLAlchemy's "+" for a space in a URL."""
    parts = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "dbname": url.database}
    options = {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    return make_conninfo(**{name: str(value) for name, value in (parts | options).items() if value is not None})

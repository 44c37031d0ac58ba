"""Which queue serves which database."""

from pathlib import Path

from sqlalchemy.engine import make_url

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
    if backend == "postgresql":
        return PostgresqlConnector(url.set(drivername="postgresql").render_as_string(hide_password=False))
    if backend == "sqlite" and url.database and url.database != ":memory:":
        store = Path(url.database)
        return SqliteConnector(store.with_name(f"{store.stem}-queue.db"))
    raise ValueError(
        f"no queue for {url.render_as_string(hide_password=True)!r}: use sqlite:///FILE or postgresql://HOST/NAME"
    )

"""The SQLite connector copies the meaning of exactly these statements of Procrastinate's."""

import hashlib
from importlib import resources

import pytest
from psycopg.conninfo import conninfo_to_dict

from bot.jobs.connectors import connector_for
from bot.jobs.postgresql_connector import PostgresqlConnector
from bot.jobs.sqlite_connector import SqliteConnector

HASHES = {
    "queries.sql": "e6b932bcefe689ed2941f5c885b5ebc7f07913203f8363e9f03762cd59314ed3",
    "schema.sql": "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009",
}


@pytest.mark.parametrize("name", HASHES)
def test_procrastinates_statements_are_those_that_were_copied(name):
    content = (resources.files("procrastinate.sql") / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == HASHES[name], "read what changed, adapt bot/jobs/sqlite_*.py"


@pytest.mark.parametrize("url", ["sqlite:///{}/niro.db", "sqlite+aiosqlite:///{}/niro.db"])
async def test_sqlite_has_its_queue_in_a_file_beside_the_stores(url, tmp_path):
    connector = connector_for(url.format(tmp_path))
    assert isinstance(connector, SqliteConnector)
    await connector.open_async()
    await connector.close_async()
    assert [path.name for path in tmp_path.iterdir()] == ["niro-queue.db"]


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_postgresql_has_its_queue_in_the_same_database(scheme):
    connector = connector_for(f"{scheme}://u:p%20w@host/niro?options=-c%20lock_timeout%3D1s")
    assert isinstance(connector, PostgresqlConnector)
    assert conninfo_to_dict(connector._pool_args["conninfo"]) == {
        "host": "host",
        "user": "u",
        "password": "p w",
        "dbname": "niro",
        "options": "-c lock_timeout=1s",
    }


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:hidden@host/niro"])
def test_no_queue_for_other_databases_and_no_password_in_the_error(url):
    with pytest.raises(ValueError, match="no queue") as raised:
        connector_for(url)
    assert "hidden" not in str(raised.value)

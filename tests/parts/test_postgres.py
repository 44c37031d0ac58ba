"""The private PostgreSQL server starts, answers on its address and leaves nothing behind."""

from pathlib import Path

import psycopg
import pytest

from tests.parts.postgres import start_postgres


def test_each_database_is_separate_and_the_server_ends_with_stop(tmp_path: Path) -> None:
    server = start_postgres(tmp_path)
    try:
        server.create_database("one")
        server.create_database("two")
        with psycopg.connect(server.dsn("one")) as connection:
            connection.execute("create table only_here (id int)")
        with psycopg.connect(server.dsn("two")) as connection:
            assert connection.execute("select to_regclass('only_here')").fetchone() == (None,)
    finally:
        server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.dsn("one"))

"""The schema: the migrations make exactly the tables that the code uses, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from bot.store import SchemaTooNew, Store
from bot.store import migrations as migrations_package
from bot.store.migrating import migrate
from bot.store.sqlite import SqliteDatabase
from bot.store.tables import metadata

POSTGRES_SCHEMA = """
    SELECT tablename || ' ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT relname || ' ' || obj_description(oid) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def new_engine(request, tmp_path):
    """Return a function that makes an empty database and an engine on it, as the store's own is."""
    engines = []

    def make(name):
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            engine = create_engine(server.create_database(f"{name}_{tmp_path.name[-40:]}".lower()))
        else:
            engine = SqliteDatabase(tmp_path / f"{name}.db").writing_engine
        engines.append(engine)
        return engine

    yield make
    for engine in engines:
        engine.dispose()


def described(engine):
    """Return everything that describes the schema, in an order that does not depend on how it was made."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            found = list(connection.execute(text(POSTGRES_SCHEMA)).scalars())
        else:
            statements = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars()
            found = [in_any_order(statement) for statement in statements]
    return sorted(line for line in found if line and "alembic_version" not in line)


def in_any_order(statement):
    """Return a CREATE TABLE with its columns and constraints in alphabetical order, whichever way they were added."""
    head, opening, body = statement.partition("(")
    if not opening or not head.startswith("CREATE TABLE"):
        return statement
    parts, depth = [""], 0
    for character in body.rpartition(")")[0]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return "\n".join([head.strip(), *sorted(part.strip() for part in parts)])


def test_the_migrations_make_the_tables_of_the_code(new_engine):
    migrated, declared = new_engine("migrated"), new_engine("declared")
    migrate(migrated)
    metadata.create_all(declared)
    assert described(migrated) == described(declared)


def test_alembic_sees_no_difference_either(new_engine):
    engine = new_engine("compared")
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_there_is_one_newest_migration():
    assert len(ScriptDirectory(migrations_package.__path__[0]).get_heads()) == 1


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_each_table_says_whether_it_may_be_lost(table):
    assert table.comment.startswith(("Cache: ", "Durable: "))


def test_migrating_twice_changes_nothing(new_engine):
    engine = new_engine("twice")
    migrate(engine)
    before = described(engine)
    migrate(engine)
    assert described(engine) == before


def test_a_migration_that_fails_leaves_nothing_behind(new_engine, monkeypatch):
    engine = new_engine("failing")
    monkeypatch.setattr("alembic.op.create_index", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrate(engine)
    monkeypatch.undo()
    assert inspect(engine).get_table_names() == []


async def test_a_database_of_a_newer_version_is_refused_with_advice(database_url):
    await (await Store.open(database_url)).close()
    stamp(database_url, "9999")
    with pytest.raises(SchemaTooNew, match=r"9999.*install the version"):
        await Store.open(database_url)
    stamp(database_url, ScriptDirectory(migrations_package.__path__[0]).get_current_head())


def stamp(url, revision):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()

"""Brings a database's schema to the newest version, by the migrations that are part of this package."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.store.dialects import Turn, take_turn
from bot.store.errors import SchemaTooNew, typed

_FOLDER = Path(__file__).parent / "migrations"

# Alembic keeps the migration under way in module globals.
_one_at_a_time = Lock()


def migrate(engine: Engine) -> None:
    """Apply the missing migrations in one transaction; processes that start together wait for the first. Blocks.

    Raises SchemaTooNew when a newer version of the bot migrated the database, StoreUnavailable when it does not answer.
    """
    try:
        with _one_at_a_time, engine.begin() as connection:
            take_turn(connection, Turn.MIGRATING)
            _upgrade(connection)
    except DBAPIError as error:
        raise typed(error) from error


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    stored = MigrationContext.configure(connection).get_current_heads()
    if stored == tuple(ScriptDirectory.from_config(config).get_heads()):
        return
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaTooNew(
            f"the database has schema {', '.join(stored)}, which this version does not know; "
            "install the version of the bot that last used it, or a newer one"
        ) from error

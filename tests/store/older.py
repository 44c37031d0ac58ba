"""An empty database as an older version of the bot left it."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from bot.store import migrations


def make_older(url, revision, *statements):
    """Bring the empty database of a URL to `revision`, and run statements on it; nothing may stand in it yet."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()

"""The turn of a repository: transactions that read its rows to decide what they write run one after another."""

from sqlalchemy import Connection, select

from bot.store.tables import repositories


def take_turn_of(connection: Connection, repository: int) -> None:
    """Wait until no other transaction with the turn of this repository is open; one that is not stored has no turn.

    Nobody else who writes rows of the repository waits. SQLite's writing transactions always run one by one.
    """
    statement = select(repositories.c.id).where(repositories.c.id == repository)
    connection.execute(statement.with_for_update(key_share=True))

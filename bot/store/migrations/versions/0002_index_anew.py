"""Forget the index, which is a cache, so that every manifest is read again: more is understood in them now."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Empty the tables of the index."""
    op.execute("DELETE FROM index_states")
    op.execute("DELETE FROM index_images")
    op.execute("DELETE FROM index_files")

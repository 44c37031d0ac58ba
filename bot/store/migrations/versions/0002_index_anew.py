"""Have every manifest read again, for more is understood in them now; the files of each image stay known until then.

An index without its files would say that no file uses an image any more.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forget what was found in the files, which this version does not read, and that the index was complete."""
    op.execute("DELETE FROM index_states")
    op.execute("UPDATE index_files SET blob = '', occurrences = '[]'")

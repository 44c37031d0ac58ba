"""Keep what was said on pull requests of other people, and what each file tells of its surroundings.

Files are read again, for the index tells now what stands beside the images. Where these stand stays known until then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the new tables and the new column, and have every file read again."""
    _reviews()
    _findings()
    op.add_column("index_files", sa.Column("surroundings", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.execute("DELETE FROM index_states")
    op.execute("UPDATE index_files SET blob = ''")


def _reviews() -> None:
    """Make the table of the latest review of each pull request."""
    op.create_table(
        "reviews",
        sa.Column("repository", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("merge_base", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("cross_repository", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("again_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_reviews_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", "number", name="pk_reviews"),
        comment="Cache: what each pull request was last reviewed at; the next look at it tells again.",
    )
    op.create_index("ix_reviews_at", "reviews", ["at"])
    op.create_index("ix_reviews_repository_head", "reviews", ["repository", "head"])


def _findings() -> None:
    """Make the table of findings that were said."""
    op.create_table(
        "findings",
        sa.Column("repository", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_findings_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", "number", "fingerprint", name="pk_findings"),
        comment="Durable: which findings were said on which pull request, so that nothing is said twice.",
    )
    op.create_index("ix_findings_at", "findings", ["at"])

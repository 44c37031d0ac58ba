"""Keep what is said of pull requests: restrictions, notes, merge orders, obeyed comments, openings and dashboards.

Each bump says too which head of its branch was last seen, and each installation when it may next write content.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the new tables and columns."""
    op.add_column("bumps", sa.Column("seen_head", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("bumps", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.add_column("pacing", sa.Column("content_at", sa.BigInteger(), nullable=True))
    _openings()
    _restrictions()
    _notes()
    _orders()
    _comments()
    _dashboards()


def _of_repository(table: str, *more: sa.Column[Any], key: tuple[str, ...], comment: str) -> None:
    """Make a table whose rows go with their repository; `key` are the further columns of its key."""
    op.create_table(
        table,
        sa.Column("repository", sa.BigInteger(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name=f"fk_{table}_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", *key, name=f"pk_{table}"),
        comment=comment,
    )


def _openings() -> None:
    """Make the table of when pull requests were opened."""
    _of_repository(
        "openings",
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        key=("group_name", "at"),
        comment="Cache: when pull requests were opened within the last hour, for the limit of an hour.",
    )
    op.create_index("ix_openings_at", "openings", ["at"])


def _restrictions() -> None:
    """Make the table of what people laid upon images."""
    _of_repository(
        "restrictions",
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("range", sa.Text(), nullable=False),
        sa.Column("beyond", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        key=("policy", "kind", "tag", "digest", "range", "beyond"),
        comment="Durable: what people laid upon images by commands, by closing a pull request or by reverting it.",
    )


def _notes() -> None:
    """Make the table of why pull requests wait."""
    _of_repository(
        "notes",
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        key=("group_name",),
        comment="Cache: why a group's pull request waits, stopped or was refused; the next look at it tells again.",
    )


def _orders() -> None:
    """Make the table of merges that people ordered."""
    _of_repository(
        "orders",
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("stated", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("comment", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        key=("group_name",),
        comment="Durable: pull requests that a person ordered merged, each with the head that the order is about.",
    )


def _comments() -> None:
    """Make the table of comments that were obeyed."""
    _of_repository(
        "comments",
        sa.Column("comment", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        key=("comment",),
        comment="Durable: comments whose commands were obeyed in the last 30 days: none is obeyed twice.",
    )
    op.create_index("ix_comments_at", "comments", ["at"])


def _dashboards() -> None:
    """Make the table of dashboard issues."""
    _of_repository(
        "dashboards",
        sa.Column("issue", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        key=(),
        comment="Durable: each repository's dashboard issue, and a hash of the text that stands in it.",
    )

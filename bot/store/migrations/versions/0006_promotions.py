"""Keep which images promotions judged and what came of them, what they follow, and what CI reported of images.

Every repository is looked at once more, for the promotions that its policy file names already. No file is read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the new tables, and have every repository looked at."""
    _runs()
    _events()
    _following()
    _claims()
    _reports()
    op.execute("DELETE FROM index_states")


def _counted() -> sa.types.TypeEngine[int]:
    """Return the type of a key that the database counts up."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _runs() -> None:
    """Make the table of images that promotions judged."""
    op.create_table(
        "promotions",
        sa.Column("id", _counted(), autoincrement=True, nullable=False),
        sa.Column("repository", sa.BigInteger(), nullable=False),
        sa.Column("promotion", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("source_host", sa.Text(), nullable=False),
        sa.Column("source_image", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("target_host", sa.Text(), nullable=False),
        sa.Column("target_image", sa.Text(), nullable=False),
        sa.Column("target_tag", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("again_at", sa.BigInteger(), nullable=True),
        sa.Column("streamed_bytes", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("told_in", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        _of_repository("promotions"),
        sa.PrimaryKeyConstraint("id", name="pk_promotions"),
        sa.UniqueConstraint(
            "repository",
            "promotion",
            "revision",
            "source_host",
            "source_image",
            "tag",
            "digest",
            name="uq_promotions_image",
        ),
        comment="Durable: each image that a promotion judged, with the verdict and what came of it.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promotions_repository_id", "promotions", ["repository", "id"])
    op.create_index("ix_promotions_state", "promotions", ["state"])
    op.create_index("ix_promotions_commit", "promotions", ["commit"])
    op.create_index("ix_promotions_source", "promotions", ["source_host", "source_image", "digest"])
    op.create_index("ix_promotions_digest", "promotions", ["digest"])
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index("ix_promotions_ended", "promotions", ["ended_at"], sqlite_where=ended, postgresql_where=ended)


def _of_repository(table: str) -> sa.ForeignKeyConstraint:
    """Return the constraint of a table whose rows go with their repository."""
    return sa.ForeignKeyConstraint(
        ["repository"], ["repositories.id"], name=f"fk_{table}_repositories", ondelete="CASCADE"
    )


def _of_run(table: str) -> sa.ForeignKeyConstraint:
    """Return the constraint of a table whose rows go with the image that they are about."""
    return sa.ForeignKeyConstraint(["run"], ["promotions.id"], name=f"fk_{table}_promotions", ondelete="CASCADE")


def _events() -> None:
    """Make the table of what was done."""
    op.create_table(
        "promotion_events",
        sa.Column("row", _counted(), autoincrement=True, nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("streamed_bytes", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        _of_run("promotion_events"),
        sa.PrimaryKeyConstraint("row", name="pk_promotion_events"),
        comment="Durable: each evaluation and copy of a promoted image.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_promotion_events_run_row", "promotion_events", ["run", "row"])


def _following() -> None:
    """Make the tables of what promotions follow and saw there."""
    op.create_table(
        "promotion_beginnings",
        sa.Column("repository", sa.BigInteger(), nullable=False),
        sa.Column("promotion", sa.Text(), nullable=False),
        sa.Column("source_host", sa.Text(), nullable=False),
        sa.Column("source_image", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("existing_done", sa.Boolean(), nullable=False),
        _of_repository("promotion_beginnings"),
        sa.PrimaryKeyConstraint("repository", "promotion", name="pk_promotion_beginnings"),
        comment="Durable: since when each promotion follows its source, so that only later images are promoted.",
    )
    op.create_table(
        "promotion_watches",
        sa.Column("repository", sa.BigInteger(), nullable=False),
        sa.Column("promotion", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        _of_repository("promotion_watches"),
        sa.PrimaryKeyConstraint("repository", "promotion", "tag", name="pk_promotion_watches"),
        comment="Durable: at which digest a promotion last saw each tag, so that a moved one is judged again.",
    )


def _claims() -> None:
    """Make the table of who may write which tag."""
    op.create_table(
        "promotion_claims",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        _of_run("promotion_claims"),
        sa.PrimaryKeyConstraint("host", "image", "tag", name="pk_promotion_claims"),
        comment="Durable: which promoted image may write a tag now, so that two never write the same.",
    )
    op.create_index("ix_promotion_claims_run", "promotion_claims", ["run"])


def _reports() -> None:
    """Make the table of reports that CI posted."""
    op.create_table(
        "scan_reports",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("room", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["hook"], ["hooks.id"], name="fk_scan_reports_hooks", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("host", "image", "digest", "hook", "media_type", name="pk_scan_reports"),
        comment="Durable: reports on images that CI posted. They go with the hook that they came through.",
    )
    op.create_index("ix_scan_reports_at", "scan_reports", ["at"])
    op.create_index("ix_scan_reports_hook", "scan_reports", ["hook"])
    op.create_index("ix_scan_reports_installation_at_room", "scan_reports", ["installation", "at", "room"])

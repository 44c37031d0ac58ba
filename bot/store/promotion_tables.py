"""The tables of promotions: each image that a promotion judged, what came of it, and what was reported of images."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)

from bot.store.columns import Document, Moment, Name, Number, Prose, row_number
from bot.store.schema import belongs_to_repository, metadata

_HAS_ENDED = text("ended_at IS NOT NULL")

promotions = Table(
    "promotions",
    metadata,
    Column("id", row_number(), primary_key=True),
    Column("repository", Number, nullable=False),
    Column("promotion", Name("a promotion's name"), nullable=False),
    Column("revision", Name("a promotion's revision"), nullable=False),
    Column("source_host", Name("a registry's host"), nullable=False),
    Column("source_image", Name("an image's name", 512), nullable=False),
    Column("tag", Name("a tag"), nullable=False),
    Column("digest", Name("a digest"), nullable=False),
    Column("target_host", Name("a registry's host"), nullable=False),
    Column("target_image", Name("an image's name", 512), nullable=False),
    Column("target_tag", Name("a tag"), nullable=False),
    Column("mode", Name("a promotion's mode", 32), nullable=False),
    Column("state", Name("a promotion's state", 16), nullable=False),
    Column("reason", Prose, nullable=False),
    Column("verdict", Document, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("decided_at", Moment),
    Column("ended_at", Moment),
    Column("again_at", Moment),
    Column("streamed_bytes", Number, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("commit", Name("an object's id"), nullable=False),
    Column("told_in", Number),
    Column("told", Name("a digest"), nullable=False),
    UniqueConstraint(
        "repository",
        "promotion",
        "revision",
        "source_host",
        "source_image",
        "tag",
        "digest",
        name="uq_promotions_image",
    ),
    Index(None, "repository", "id"),
    Index(None, "state"),
    Index(None, "commit"),
    Index("ix_promotions_source", "source_host", "source_image", "digest"),
    Index(None, "digest"),
    Index("ix_promotions_ended", "ended_at", sqlite_where=_HAS_ENDED, postgresql_where=_HAS_ENDED),
    belongs_to_repository(),
    comment="Durable: each image that a promotion judged, with the verdict and what came of it.",
    sqlite_autoincrement=True,
)

promotion_events = Table(
    "promotion_events",
    metadata,
    Column("row", row_number(), primary_key=True),
    Column("run", Number, nullable=False),
    Column("kind", Name("a kind of event", 16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("outcome", Name("an outcome", 64), nullable=False),
    Column("document", Document, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("streamed_bytes", Number, nullable=False),
    Column("times", Integer, nullable=False),
    Index(None, "run", "row"),
    ForeignKeyConstraint(["run"], ["promotions.id"], ondelete="CASCADE"),
    comment="Durable: each evaluation and copy of a promoted image.",
    sqlite_autoincrement=True,
)

promotion_beginnings = Table(
    "promotion_beginnings",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("promotion", Name("a promotion's name"), primary_key=True),
    Column("source_host", Name("a registry's host"), nullable=False),
    Column("source_image", Name("an image's name", 512), nullable=False),
    Column("reader", Name("a reader's id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("existing_done", Boolean, nullable=False),
    belongs_to_repository(),
    comment="Durable: since when each promotion follows its source, so that only later images are promoted.",
)

promotion_watches = Table(
    "promotion_watches",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("promotion", Name("a promotion's name"), primary_key=True),
    Column("tag", Name("a tag"), primary_key=True),
    Column("digest", Name("a digest"), nullable=False),
    belongs_to_repository(),
    comment="Durable: at which digest a promotion last saw each tag, so that a moved one is judged again.",
)

promotion_claims = Table(
    "promotion_claims",
    metadata,
    Column("host", Name("a registry's host"), primary_key=True),
    Column("image", Name("an image's name", 512), primary_key=True),
    Column("tag", Name("a tag"), primary_key=True),
    Column("run", Number, nullable=False, index=True),
    Column("until", Moment, nullable=False),
    ForeignKeyConstraint(["run"], ["promotions.id"], ondelete="CASCADE"),
    comment="Durable: which promoted image may write a tag now, so that two never write the same.",
)

scan_reports = Table(
    "scan_reports",
    metadata,
    Column("host", Name("a registry's host"), primary_key=True),
    Column("image", Name("an image's name", 512), primary_key=True),
    Column("digest", Name("a digest"), primary_key=True),
    Column("hook", Name("a hook's id"), primary_key=True),
    Column("media_type", Name("a media type"), primary_key=True),
    Column("installation", Number),
    Column("content", LargeBinary, nullable=False),
    Column("room", Integer, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Index(None, "hook"),
    Index(None, "installation", "at", "room"),
    ForeignKeyConstraint(["hook"], ["hooks.id"], ondelete="CASCADE"),
    comment="Durable: reports on images that CI posted. They go with the hook that they came through.",
)

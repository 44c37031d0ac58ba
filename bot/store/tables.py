"""The schema: every table, and whether it may be lost.

Each table's comment (PostgreSQL keeps it in the database) starts with one of two words. *Cache*: GitHub or a registry
can tell it again, losing it costs requests. *Durable*: nobody else knows it, `niro backup` saves it.
"""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, Table, text

from bot.store.bump_tables import bumps, comments, dashboards, notes, openings, orders, restrictions
from bot.store.columns import LONGEST_NAME, Document, Moment, Name, Number, Prose, row_number
from bot.store.promotion_tables import (
    promotion_beginnings,
    promotion_claims,
    promotion_events,
    promotion_watches,
    promotions,
    scan_reports,
)
from bot.store.registry_tables import credentials, hooks, images, push_times, tag_digests, tags
from bot.store.review_tables import findings, reviews
from bot.store.schema import belongs_to_repository, metadata

__all__ = [
    "bumps",
    "comments",
    "credentials",
    "dashboards",
    "decision_history",
    "decisions",
    "deliveries",
    "due",
    "findings",
    "follows",
    "hooks",
    "images",
    "index_files",
    "index_images",
    "index_states",
    "installations",
    "metadata",
    "notes",
    "openings",
    "orders",
    "pacing",
    "policy_files",
    "promotion_beginnings",
    "promotion_claims",
    "promotion_events",
    "promotion_watches",
    "promotions",
    "push_times",
    "repositories",
    "restrictions",
    "reviews",
    "scan_reports",
    "tag_digests",
    "tags",
]

# Decisions made from what a reader was told are few, and only they are ever forgotten with it.
_OF_A_READER = text("reader <> ''")


deliveries = Table(
    "deliveries",
    metadata,
    Column("row", row_number(), primary_key=True),
    Column("id", Name("a delivery's id"), nullable=False, unique=True),
    Column("source", Name("a delivery's source"), nullable=False),
    Column("event", Name("an event's name"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False, index=True),
    Column("state", Name("a delivery's state", 16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", Moment),
    Column("reason", Prose, nullable=False),
    Index("ix_deliveries_new", "row", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    comment="Durable: what was answered 2xx. Bodies until handled, ids for 7 days: a repeated one is known.",
    sqlite_autoincrement=True,
)

due = Table(
    "due",
    metadata,
    Column("kind", Name("a kind of work", 64), primary_key=True),
    Column("key", Name("a key of work", LONGEST_NAME), primary_key=True),
    Column("owner", Name("an owner of work"), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("generation", Number, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("dead_at", Moment),
    Column("reason", Prose, nullable=False),
    Column("delivery", Name("a delivery's id"), nullable=False),
    comment="Durable: work asked for and not yet done. A dead row is work that was given up, with the reason.",
)
Index(
    "ix_due_waiting",
    due.c.priority.desc(),
    due.c.due_at,
    sqlite_where=text("dead_at IS NULL"),
    postgresql_where=text("dead_at IS NULL"),
)
Index(
    "ix_due_leased",
    due.c.leased_until,
    due.c.owner,
    sqlite_where=text("leased_until IS NOT NULL"),
    postgresql_where=text("leased_until IS NOT NULL"),
)

installations = Table(
    "installations",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("account", Name("an account's name"), nullable=False),
    Column("account_type", Name("a type of account"), nullable=False),
    Column("suspended", Boolean, nullable=False),
    comment="Cache: where the App is installed, as GitHub last said.",
)

repositories = Table(
    "repositories",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("installation", Number, nullable=False, index=True),
    Column("full_name", Name("a repository's name"), nullable=False),
    Column("folded_name", Name("a repository's name"), nullable=False, index=True),
    Column("default_branch", Name("a branch's name", 1024), nullable=False),
    Column("private", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    ForeignKeyConstraint(["installation"], ["installations.id"], ondelete="CASCADE"),
    comment="Cache: the repositories of each installation, as GitHub last said.",
)

policy_files = Table(
    "policy_files",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("blob", Name("an object's id")),
    Column("text", Document),
    Column("problems", Document, nullable=False),
    Column("commit", Name("an object's id"), nullable=False),
    Column("reported_commit", Name("an object's id")),
    Column("reported_digest", Name("a digest")),
    belongs_to_repository(),
    comment="Cache: each repository's policy file; the text is the one last seen without problems.",
)

follows = Table(
    "follows",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("policy", Name("a policy's name"), primary_key=True),
    Column("host", Name("a registry's host"), primary_key=True),
    Column("image", Name("an image's name", 512), primary_key=True),
    Column("reader", Name("a reader's id"), nullable=False, server_default=text("''")),
    Column("poll_seconds", Integer, nullable=False, server_default=text("300")),
    Index(None, "host", "image", "reader"),
    belongs_to_repository(),
    comment="Cache: which policy follows which image, read from the policy file.",
)

index_states = Table(
    "index_states",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("commit", Name("an object's id"), nullable=False),
    Column("tree", Name("an object's id"), nullable=False),
    belongs_to_repository(),
    comment="Cache: the commit whose files the index holds completely.",
)

index_files = Table(
    "index_files",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("path", Name("a path", LONGEST_NAME), primary_key=True),
    Column("blob", Name("an object's id"), nullable=False),
    Column("occurrences", Document, nullable=False),
    Column("surroundings", Document, nullable=False, server_default=text("''")),
    belongs_to_repository(),
    comment="Cache: the files that were read, by blob, with what was found in each.",
)

index_images = Table(
    "index_images",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("path", Name("a path", LONGEST_NAME), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("host", Name("a registry's host"), nullable=False),
    Column("image", Name("an image's name", 512), nullable=False),
    Column("tag", Name("a tag")),
    Column("digest", Name("a digest")),
    Index(None, "host", "image", "repository"),
    ForeignKeyConstraint(["repository", "path"], ["index_files.repository", "index_files.path"], ondelete="CASCADE"),
    comment="Cache: which images stand in which file.",
)

decisions = Table(
    "decisions",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("policy", Name("a policy's name"), primary_key=True),
    Column("current", Name("a tag"), primary_key=True),
    Column("selected", Name("a tag")),
    Column("reason", Name("a reason", 64), nullable=False),
    Column("sentence", Prose, nullable=False),
    Column("rejected", Document, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reader", Name("a reader's id"), nullable=False, server_default=text("''")),
    Index("ix_decisions_reader", "reader", sqlite_where=_OF_A_READER, postgresql_where=_OF_A_READER),
    belongs_to_repository(),
    comment="Cache: the latest decision for each tag that stands in a repository, for `explain`.",
)

decision_history = Table(
    "decision_history",
    metadata,
    Column("row", row_number(), primary_key=True),
    Column("repository", Number, nullable=False),
    Column("policy", Name("a policy's name"), nullable=False),
    Column("current", Name("a tag"), nullable=False),
    Column("selected", Name("a tag")),
    Column("reason", Name("a reason", 64), nullable=False),
    Column("sentence", Prose, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reader", Name("a reader's id"), nullable=False, server_default=text("''")),
    Index(None, "repository", "policy", "row"),
    Index("ix_decision_history_reader", "reader", sqlite_where=_OF_A_READER, postgresql_where=_OF_A_READER),
    belongs_to_repository(),
    comment="Durable: each change of a decision.",
    sqlite_autoincrement=True,
)

pacing = Table(
    "pacing",
    metadata,
    Column("installation", Number, primary_key=True, autoincrement=False),
    Column("next_at", Moment),
    Column("held_until", Moment),
    Column("content_at", Moment),
    comment="Cache: when each installation's next write to GitHub may be made.",
)

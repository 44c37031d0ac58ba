"""The tables of pull requests: those the bot opened, and what people and the bot said of them since.

In a key, the empty text stands for what was not given: no tag, digest or range is empty.
"""

from sqlalchemy import Boolean, Column, Index, Table, text

from bot.store.columns import Document, Moment, Name, Number, Prose
from bot.store.schema import belongs_to_repository, metadata

bumps = Table(
    "bumps",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("group_name", Name("a group's name"), primary_key=True),
    Column("branch", Name("a branch's name", 1024), nullable=False),
    Column("base", Name("a branch's name", 1024), nullable=False),
    Column("head", Name("an object's id"), nullable=False),
    Column("pull_request", Number),
    Column("state", Name("a bump's state", 16), nullable=False),
    Column("fingerprint", Name("a fingerprint"), nullable=False),
    Column("proposals", Document, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("seen_head", Name("an object's id"), nullable=False, server_default=text("''")),
    Column("seen_at", Moment),
    Index(None, "repository", "head"),
    Index(None, "repository", "pull_request"),
    belongs_to_repository(),
    comment="Durable: the bot's pull requests, each with the head that the bot itself wrote.",
)

openings = Table(
    "openings",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("group_name", Name("a group's name"), primary_key=True),
    Column("at", Moment, primary_key=True, autoincrement=False),
    Index(None, "at"),
    belongs_to_repository(),
    comment="Cache: when pull requests were opened within the last hour, for the limit of an hour.",
)

restrictions = Table(
    "restrictions",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("policy", Name("a policy's name"), primary_key=True),
    Column("kind", Name("a kind of restriction", 16), primary_key=True),
    Column("tag", Name("a tag"), primary_key=True),
    Column("digest", Name("a digest"), primary_key=True),
    Column("range", Name("a range of versions", 512), primary_key=True),
    Column("beyond", Name("a tag"), primary_key=True),
    Column("until", Moment),
    Column("reason", Prose, nullable=False),
    Column("source", Name("the source of a restriction"), nullable=False),
    Column("by", Name("a login"), nullable=False),
    Column("at", Moment, nullable=False),
    belongs_to_repository(),
    comment="Durable: what people laid upon images by commands, by closing a pull request or by reverting it.",
)

notes = Table(
    "notes",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("group_name", Name("a group's name"), primary_key=True),
    Column("kind", Name("a kind of note", 16), nullable=False),
    Column("sentence", Prose, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told", Boolean, nullable=False),
    belongs_to_repository(),
    comment="Cache: why a group's pull request waits, stopped or was refused; the next look at it tells again.",
)

orders = Table(
    "orders",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("group_name", Name("a group's name"), primary_key=True),
    Column("head", Name("an object's id"), nullable=False),
    Column("stated", Boolean, nullable=False),
    Column("by", Name("a login"), nullable=False),
    Column("comment", Number, nullable=False),
    Column("at", Moment, nullable=False),
    belongs_to_repository(),
    comment="Durable: pull requests that a person ordered merged, each with the head that the order is about.",
)

comments = Table(
    "comments",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("comment", Number, primary_key=True, autoincrement=False),
    Column("state", Name("a comment's state", 16), nullable=False),
    Column("words", Document, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    belongs_to_repository(),
    comment="Durable: comments whose commands were obeyed in the last 30 days: none is obeyed twice.",
)

dashboards = Table(
    "dashboards",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("issue", Number, nullable=False),
    Column("digest", Name("a digest"), nullable=False),
    Column("open", Boolean, nullable=False),
    belongs_to_repository(),
    comment="Durable: each repository's dashboard issue, and a hash of the text that stands in it.",
)

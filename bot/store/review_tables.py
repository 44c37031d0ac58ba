"""The tables of reviews: what was last told about pull requests of other people, and which findings were said there."""

from sqlalchemy import Boolean, Column, Index, Table

from bot.store.columns import Moment, Name, Number
from bot.store.schema import belongs_to_repository, metadata

reviews = Table(
    "reviews",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("head", Name("an object's id"), nullable=False),
    Column("merge_base", Name("an object's id"), nullable=False),
    Column("policy", Name("an object's id"), nullable=False),
    Column("digest", Name("a digest"), nullable=False),
    Column("conclusion", Name("a check's conclusion", 32), nullable=False),
    Column("cross_repository", Boolean, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("again_at", Moment),
    Index(None, "repository", "head"),
    belongs_to_repository(),
    comment="Cache: what each pull request was last reviewed at; the next look at it tells again.",
)

findings = Table(
    "findings",
    metadata,
    Column("repository", Number, primary_key=True, autoincrement=False),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("fingerprint", Name("a fingerprint"), primary_key=True),
    Column("rule", Name("a rule's name"), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("over", Boolean, nullable=False),
    belongs_to_repository(),
    comment="Durable: which findings were said on which pull request, so that nothing is said twice.",
)

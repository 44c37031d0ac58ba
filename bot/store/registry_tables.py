"""The tables of registries: what they said of their images, what they are read with, and the doors they knock at.

The column `credential` names the reader: whoever read the image, "" for nobody in particular. What one reader was told
is never shown to another.
"""

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, UniqueConstraint, text

from bot.store.columns import Document, Moment, Name, Number, Prose
from bot.store.schema import metadata

# Private rows are few, and only they are ever forgotten by their reader.
_OF_A_READER = text("credential <> ''")

images = Table(
    "images",
    metadata,
    Column("host", Name("a registry's host"), primary_key=True),
    Column("image", Name("an image's name", 512), primary_key=True),
    Column("credential", Name("a reader's id"), primary_key=True),
    Column("scanned_at", Moment, nullable=False),
    Column("error", Prose),
    Column("list_digest", Name("a digest"), nullable=False),
    Column("failing_since", Moment),
    Column("watched", Document, nullable=False, server_default=text("'[]'")),
    Index("ix_images_credential", "credential", sqlite_where=_OF_A_READER, postgresql_where=_OF_A_READER),
    comment="Cache: when each image's tags were last asked for, with what end.",
)

tags = Table(
    "tags",
    metadata,
    Column("host", Name("a registry's host"), primary_key=True),
    Column("image", Name("an image's name", 512), primary_key=True),
    Column("credential", Name("a reader's id"), primary_key=True),
    Column("name", Name("a tag"), primary_key=True),
    Column("digest", Name("a digest")),
    Column("pushed_at", Moment),
    Column("first_seen", Moment, nullable=False),
    Column("platforms", Document),
    Column("gone_at", Moment),
    Column("created_at", Moment),
    Column("pushed_digest", Name("a digest")),
    Column("digest_before", Name("a digest")),
    Column("pushed_again_at", Moment),
    Index("ix_tags_credential", "credential", sqlite_where=_OF_A_READER, postgresql_where=_OF_A_READER),
    Index(
        "ix_tags_pushed_again",
        "host",
        "image",
        "credential",
        sqlite_where=text("pushed_again_at IS NOT NULL"),
        postgresql_where=text("pushed_again_at IS NOT NULL"),
    ),
    comment="Durable: the ledger of tags. No registry can tell again when a tag was first seen.",
)

tag_digests = Table(
    "tag_digests",
    metadata,
    Column("host", Name("a registry's host"), primary_key=True),
    Column("image", Name("an image's name", 512), primary_key=True),
    Column("credential", Name("a reader's id"), primary_key=True),
    Column("name", Name("a tag"), primary_key=True),
    Column("digest", Name("a digest"), primary_key=True),
    Column("first_seen", Moment, nullable=False),
    Index("ix_tag_digests_credential", "credential", sqlite_where=_OF_A_READER, postgresql_where=_OF_A_READER),
    comment="Durable: since when each digest is known to stand behind a tag, also of tags that moved on.",
)

push_times = Table(
    "push_times",
    metadata,
    Column("host", Name("a registry's host"), primary_key=True),
    Column("image", Name("an image's name", 512), primary_key=True),
    Column("tag", Name("a tag"), primary_key=True),
    Column("digest", Name("a digest"), primary_key=True),
    Column("pushed_at", Moment, nullable=False),
    comment="Durable: when digests were pushed under tags, as signed events said once.",
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", Name("a credential's id"), primary_key=True),
    Column("installation", Number, nullable=False),
    Column("name", Name("a credential's name"), nullable=False),
    Column("host", Name("a registry's host"), nullable=False),
    Column("kind", Name("a kind of registry", 64), nullable=False),
    Column("username", Name("a user name", 1024), nullable=False),
    Column("token_hosts", Document, nullable=False),
    Column("certificate", Document, nullable=False),
    Column("insecure", Boolean, nullable=False),
    Column("prefixes", Document, nullable=False),
    Column("pull", Document, nullable=False),
    Column("push", Document, nullable=False),
    Column("version", Name("a credential's version"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("verified_at", Moment),
    Column("sealed", Document, nullable=False),
    UniqueConstraint("installation", "name"),
    comment="Durable: what private registries are read with, each secret sealed for its installation, id and host.",
)

hooks = Table(
    "hooks",
    metadata,
    Column("id", Name("a hook's id"), primary_key=True),
    Column("kind", Name("a kind of hook", 64), nullable=False),
    Column("installation", Number, index=True),
    Column("host", Name("a registry's host"), nullable=False),
    Column("repository_prefix", Name("an image's name", 512), nullable=False),
    Column("secret_sha256", LargeBinary, nullable=False),
    Column("audience", Name("an audience", 1024), nullable=False, server_default=text("''")),
    Column("email", Name("an email address", 320), nullable=False, server_default=text("''")),
    Column("signing", Document),
    Column("created_at", Moment),
    comment="Durable: the doors registries knock at, with each secret's hash. No installation: the operator's.",
)

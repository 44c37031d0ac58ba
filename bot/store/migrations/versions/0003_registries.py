"""Keep credentials and sealed signing keys, say who reads each image and how often, and note what digests tags had.

Decisions say too who read the tags they were made from.

Every repository's policies are followed anew, for only the policy file tells by whom its images are read; and its files
are read anew, for the index tells now which markers stand in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_OF_A_READER = sa.text("credential <> ''")
_DECIDED_FOR_A_READER = sa.text("reader <> ''")


def upgrade() -> None:
    """Make the new tables and columns, and start the ledger of digests with those that are known."""
    _credentials()
    _hooks()
    _followed()
    _ledger()
    _decisions()
    op.execute(
        "INSERT INTO tag_digests (host, image, credential, name, digest, first_seen)"
        " SELECT host, image, credential, name, digest, first_seen FROM tags WHERE digest IS NOT NULL"
    )
    op.execute("DELETE FROM index_states")
    op.execute("UPDATE index_files SET blob = '', occurrences = '[]'")


def _credentials() -> None:
    """Make the table of what private registries are read with."""
    op.create_table(
        "credentials",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("token_hosts", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("insecure", sa.Boolean(), nullable=False),
        sa.Column("prefixes", sa.Text(), nullable=False),
        sa.Column("pull", sa.Text(), nullable=False),
        sa.Column("push", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("installation", "name", name="uq_credentials_installation_name"),
        comment="Durable: what private registries are read with, each secret sealed for its installation, id and host.",
    )


def _hooks() -> None:
    """Let a door know its signer and keep a sealed signing key."""
    op.add_column("hooks", sa.Column("audience", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("hooks", sa.Column("email", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("hooks", sa.Column("signing", sa.Text(), nullable=True))
    op.add_column("hooks", sa.Column("created_at", sa.BigInteger(), nullable=True))


def _followed() -> None:
    """Say who reads what is followed and how often, and what was last told of a policy file."""
    op.add_column("follows", sa.Column("reader", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("follows", sa.Column("poll_seconds", sa.Integer(), nullable=False, server_default=sa.text("300")))
    op.drop_index("ix_follows_host_image", "follows")
    op.create_index("ix_follows_host_image_reader", "follows", ["host", "image", "reader"])
    op.add_column("policy_files", sa.Column("reported_commit", sa.Text(), nullable=True))
    op.add_column("policy_files", sa.Column("reported_digest", sa.Text(), nullable=True))


def _ledger() -> None:
    """Note more of each image and tag, and make the tables of digests and of push times."""
    op.add_column("images", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.add_column("images", sa.Column("watched", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column("tags", sa.Column("created_at", sa.BigInteger(), nullable=True))
    op.add_column("tags", sa.Column("pushed_digest", sa.Text(), nullable=True))
    op.add_column("tags", sa.Column("digest_before", sa.Text(), nullable=True))
    op.add_column("tags", sa.Column("pushed_again_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_tags_pushed_again",
        "tags",
        ["host", "image", "credential"],
        sqlite_where=sa.text("pushed_again_at IS NOT NULL"),
        postgresql_where=sa.text("pushed_again_at IS NOT NULL"),
    )
    op.create_table(
        "tag_digests",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host", "image", "credential", "name", "digest", name="pk_tag_digests"),
        comment="Durable: since when each digest is known to stand behind a tag, also of tags that moved on.",
    )
    op.create_table(
        "push_times",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("pushed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("host", "image", "tag", "digest", name="pk_push_times"),
        comment="Durable: when digests were pushed under tags, as signed events said once.",
    )
    for table in ("images", "tags", "tag_digests"):
        op.create_index(
            f"ix_{table}_credential",
            table,
            ["credential"],
            sqlite_where=_OF_A_READER,
            postgresql_where=_OF_A_READER,
        )


def _decisions() -> None:
    """Say of each decision and each change who read the tags that it was made from."""
    for table in ("decisions", "decision_history"):
        op.add_column(table, sa.Column("reader", sa.Text(), nullable=False, server_default=sa.text("''")))
        op.create_index(
            f"ix_{table}_reader",
            table,
            ["reader"],
            sqlite_where=_DECIDED_FOR_A_READER,
            postgresql_where=_DECIDED_FOR_A_READER,
        )

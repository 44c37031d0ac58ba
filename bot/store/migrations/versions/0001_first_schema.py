"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _work()
    _places()
    _index()
    _registries()
    _results()
    _pacing()


def _work() -> None:
    """Make the tables of work: what came in and what is to be done."""
    op.create_table(
        "deliveries",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_deliveries"),
        sa.UniqueConstraint("id", name="uq_deliveries_id"),
        comment="Durable: what was answered 2xx. Bodies until handled, ids for 7 days: a repeated one is known.",
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_deliveries_new",
        "deliveries",
        ["row"],
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_index("ix_deliveries_received_at", "deliveries", ["received_at"])
    op.create_table(
        "due",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("dead_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_due"),
        comment="Durable: work asked for and not yet done. A dead row is work that was given up, with the reason.",
    )
    op.create_index(
        "ix_due_leased",
        "due",
        ["leased_until", "owner"],
        sqlite_where=sa.text("leased_until IS NOT NULL"),
        postgresql_where=sa.text("leased_until IS NOT NULL"),
    )
    op.create_index(
        "ix_due_waiting",
        "due",
        [sa.text("priority DESC"), "due_at"],
        sqlite_where=sa.text("dead_at IS NULL"),
        postgresql_where=sa.text("dead_at IS NULL"),
    )


def _places() -> None:
    """Make the tables of places: where the bot is installed, and what is wanted there."""
    op.create_table(
        "installations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("account_type", sa.Text(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installations"),
        comment="Cache: where the App is installed, as GitHub last said.",
    )
    op.create_table(
        "repositories",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("default_branch", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation"], ["installations.id"], name="fk_repositories_installations", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_repositories"),
        comment="Cache: the repositories of each installation, as GitHub last said.",
    )
    op.create_index("ix_repositories_folded_name", "repositories", ["folded_name"])
    op.create_index("ix_repositories_installation", "repositories", ["installation"])
    op.create_table(
        "policy_files",
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("blob", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_policy_files_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", name="pk_policy_files"),
        comment="Cache: each repository's policy file; the text is the one last seen without problems.",
    )
    op.create_table(
        "follows",
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_follows_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", "policy", "host", "image", name="pk_follows"),
        comment="Cache: which policy follows which image, read from the policy file.",
    )
    op.create_index("ix_follows_host_image", "follows", ["host", "image"])


def _index() -> None:
    """Make the tables of the index: which image stands in which file."""
    op.create_table(
        "index_states",
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commit", sa.Text(), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_index_states_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", name="pk_index_states"),
        comment="Cache: the commit whose files the index holds completely.",
    )
    op.create_table(
        "index_files",
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("occurrences", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_index_files_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", "path", name="pk_index_files"),
        comment="Cache: the files that were read, by blob, with what was found in each.",
    )
    op.create_table(
        "index_images",
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["repository", "path"],
            ["index_files.repository", "index_files.path"],
            name="fk_index_images_index_files",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("repository", "path", "position", name="pk_index_images"),
        comment="Cache: which images stand in which file.",
    )
    op.create_index("ix_index_images_host_image_repository", "index_images", ["host", "image", "repository"])


def _registries() -> None:
    """Make the tables of registries: what they said, and the doors they knock at."""
    op.create_table(
        "images",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("scanned_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("list_digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host", "image", "credential", name="pk_images"),
        comment="Cache: when each image's tags were last asked for, with what end.",
    )
    op.create_table(
        "tags",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("pushed_at", sa.BigInteger(), nullable=True),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("platforms", sa.Text(), nullable=True),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("host", "image", "credential", "name", name="pk_tags"),
        comment="Durable: the ledger of tags. No registry can tell again when a tag was first seen.",
    )
    op.create_table(
        "hooks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("installation", sa.BigInteger(), nullable=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("repository_prefix", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hooks"),
        comment="Durable: the doors registries knock at, with each secret's hash. No installation: the operator's.",
    )
    op.create_index("ix_hooks_installation", "hooks", ["installation"])


def _results() -> None:
    """Make the tables of results: what the bot decided and did."""
    op.create_table(
        "bumps",
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("pull_request", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["repository"], ["repositories.id"], name="fk_bumps_repositories", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("repository", "group_name", name="pk_bumps"),
        comment="Durable: the bot's pull requests, each with the head that the bot itself wrote.",
    )
    op.create_index("ix_bumps_repository_head", "bumps", ["repository", "head"])
    op.create_index("ix_bumps_repository_pull_request", "bumps", ["repository", "pull_request"])
    op.create_table(
        "decisions",
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("current", sa.Text(), nullable=False),
        sa.Column("selected", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("rejected", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_decisions_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repository", "policy", "current", name="pk_decisions"),
        comment="Cache: the latest decision for each tag that stands in a repository, for `explain`.",
    )
    op.create_table(
        "decision_history",
        sa.Column("row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("repository", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("current", sa.Text(), nullable=False),
        sa.Column("selected", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["repository"], ["repositories.id"], name="fk_decision_history_repositories", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row", name="pk_decision_history"),
        comment="Durable: each change of a decision.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decision_history_repository_policy_row", "decision_history", ["repository", "policy", "row"])


def _pacing() -> None:
    """Make the table of places in the row before GitHub."""
    op.create_table(
        "pacing",
        sa.Column("installation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("installation", name="pk_pacing"),
        comment="Cache: when each installation's next write to GitHub may be made.",
    )

"""Repositories: what they are called, whose they are, and the policy file each of them has."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.store.database import Database
from bot.store.dialects import insert, upsert
from bot.store.tables import follows, policy_files, repositories


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository of an installation; `id` is GitHub's, which stays when it is renamed."""

    id: int
    installation: int
    full_name: str
    default_branch: str
    private: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class PolicyRecord:
    """A policy file as it stood at `commit`: its blob (None: there is none) and the sentences of its problems.

    As read from the store, `text` is that of the last file without problems, which may be an older one.
    """

    blob: str | None
    text: str | None
    problems: tuple[str, ...]
    commit: str


@dataclass(frozen=True, slots=True)
class Follow:
    """A policy that follows an image: `host` and `repository` are those of its normalised reference.

    `reader` is the id of who reads it, "" for nobody in particular; `poll_seconds` is how often it should be looked at.
    """

    policy: str
    host: str
    repository: str
    reader: str = ""
    poll_seconds: int = 300


@dataclass(frozen=True, slots=True)
class Reported:
    """What was last told of a policy file: at which commit, and a hash of the text."""

    commit: str
    digest: str


class Repositories:
    """The tables of repositories, their policy files and what these follow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, repository: Repository) -> None:
        """Insert a repository or replace what is known of it. Raises UnknownOwner without its installation."""
        values = {**asdict(repository), "folded_name": repository.full_name.casefold()}
        await self._database.write(lambda c: upsert(c, repositories, values))

    async def get(self, repository: int) -> Repository | None:
        """Return a repository; None: not known, or removed."""
        statement = select(repositories).where(repositories.c.id == repository)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else _repository(row)

    async def by_name(self, full_name: str) -> Repository | None:
        """Return the repository called `owner/name`, in any case of letters.

        Of two (one was renamed, and GitHub's word on it has not come yet) it is the newer.
        """
        statement = (
            select(repositories)
            .where(repositories.c.folded_name == full_name.casefold())
            .order_by(repositories.c.id.desc())
            .limit(1)
        )
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else _repository(row)

    async def of_installation(self, installation: int) -> list[Repository]:
        """Return an installation's repositories by id."""
        statement = select(repositories).where(repositories.c.installation == installation).order_by(repositories.c.id)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [_repository(row) for row in rows]

    async def remove(self, repository: int) -> None:
        """Forget a repository with its index, policies, bumps and decisions, and with all that was said there.

        An unknown one is no error.
        """
        statement = delete(repositories).where(repositories.c.id == repository)
        await self._database.write(lambda c: c.execute(statement) and None)
        await self._database.overwrite_deleted()

    async def save_policy(self, repository: int, record: PolicyRecord) -> None:
        """Note what the policy file is now; with problems, the text last seen without any is kept.

        Raises UnknownOwner when the repository is not stored.
        """
        values: dict[str, Any] = {
            "repository": repository,
            "blob": record.blob,
            "text": record.text,
            "problems": json.dumps(record.problems),
            "commit": record.commit,
        }
        await self._database.write(lambda c: _save_policy(c, values, keep_text=bool(record.problems)))

    async def policy(self, repository: int) -> PolicyRecord | None:
        """Return what the policy file is, with the last good text; None: never looked at."""
        statement = select(policy_files).where(policy_files.c.repository == repository)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else PolicyRecord(row.blob, row.text, tuple(json.loads(row.problems)), row.commit)

    async def reported(self, repository: int) -> Reported | None:
        """Return what was last told of a repository's policy file; None: nothing was yet."""
        column = policy_files.c
        statement = select(column.reported_commit, column.reported_digest).where(column.repository == repository)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None or row.reported_commit is None else Reported(row[0], row[1])

    async def note_report(self, repository: int, commit: str, digest: str) -> None:
        """Note what was told of a repository's policy file; one that was removed meanwhile is no error."""
        statement = (
            update(policy_files)
            .where(policy_files.c.repository == repository)
            .values(reported_commit=commit, reported_digest=digest)
        )
        await self._database.write(lambda c: c.execute(statement) and None)

    async def follow(self, repository: int, policies: Sequence[Follow]) -> None:
        """Replace what a repository's policies follow. Raises UnknownOwner when the repository is not stored."""
        rows = {(follow.policy, follow.host, follow.repository): follow for follow in policies}
        values = [
            {
                "repository": repository,
                "policy": policy,
                "host": host,
                "image": image,
                "reader": rows[policy, host, image].reader,
                "poll_seconds": rows[policy, host, image].poll_seconds,
            }
            for policy, host, image in sorted(rows)
        ]

        def work(connection: Connection) -> None:
            connection.execute(delete(follows).where(follows.c.repository == repository))
            if values:
                connection.execute(insert(connection, follows).on_conflict_do_nothing(), values)

        await self._database.write(work)


def _repository(row: Any) -> Repository:
    values = row._asdict()
    del values["folded_name"]
    return Repository(**values)


def _save_policy(connection: Connection, values: dict[str, Any], *, keep_text: bool) -> None:
    if keep_text:
        kept = select(policy_files.c.text).where(policy_files.c.repository == values["repository"])
        values = {**values, "text": connection.execute(kept.with_for_update()).scalar()}
    upsert(connection, policy_files, values)

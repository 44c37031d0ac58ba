"""Findings: which of them were said on which pull request, so that none is said twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, select, update

from bot.store.database import Database, pieces
from bot.store.deleting import delete_all
from bot.store.dialects import insert
from bot.store.tables import findings, reviews


@dataclass(frozen=True, slots=True)
class SaidFinding:
    """A finding that was said on a pull request since `at`; `over`: it was said, and is not there any more."""

    repository: int
    number: int
    fingerprint: str
    rule: str
    at: datetime
    over: bool = False


class Findings:
    """The table of findings that were said."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def said(self, repository: int, number: int) -> list[SaidFinding]:
        """Return all that was said on a pull request, by fingerprint, also what is over."""
        statement = select(findings).where(_of(repository, number)).order_by(findings.c.fingerprint)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [SaidFinding(**row._asdict()) for row in rows]

    async def say(self, repository: int, number: int, fingerprints: Mapping[str, str], at: datetime) -> None:
        """Note findings (fingerprint -> rule) as said.

        One that was said already stays as it is, unless it was over: then it is said since `at`. Raises UnknownOwner
        when the repository is not stored.
        """
        pull_request = {"repository": repository, "number": number}
        rows = [
            {**pull_request, "fingerprint": each, "rule": rule, "at": at, "over": False}
            for each, rule in sorted(fingerprints.items())
        ]
        for some in pieces(rows):
            await self._database.write(partial(_say, rows=some))

    async def end(self, repository: int, number: int, fingerprints: Iterable[str]) -> None:
        """Note that findings which were said are over; those that never were are no error."""
        for some in pieces(sorted(set(fingerprints))):
            await self._database.write(partial(_end, repository=repository, number=number, fingerprints=some))

    async def forget(self, repository: int, number: int) -> None:
        """Forget all that was said on a pull request."""
        await self._database.write(lambda c: c.execute(delete(findings).where(_of(repository, number))) and None)

    async def prune(self, before: datetime) -> None:
        """Forget what was said on pull requests of which nothing was said or reviewed since a time."""
        later = findings.alias()
        said_since = exists().where(_same_pull_request(later), later.c.at >= before)
        reviewed_since = exists().where(_same_pull_request(reviews), reviews.c.at >= before)
        old = select(*findings.primary_key).where(findings.c.at < before, ~said_since, ~reviewed_since)
        await delete_all(self._database, findings, old)


def _of(repository: int, number: int) -> ColumnElement[bool]:
    return and_(findings.c.repository == repository, findings.c.number == number)


def _same_pull_request(other: Any) -> ColumnElement[bool]:
    return and_(other.c.repository == findings.c.repository, other.c.number == findings.c.number)


def _say(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    statement = insert(connection, findings)
    changed = {name: statement.excluded[name] for name in ("rule", "at", "over")}
    key = list(findings.primary_key)
    again = statement.on_conflict_do_update(index_elements=key, set_=changed, where=findings.c.over.is_(True))
    connection.execute(again, [dict(row) for row in rows])


def _end(connection: Connection, repository: int, number: int, fingerprints: Sequence[str]) -> None:
    statement = update(findings).where(_of(repository, number), findings.c.fingerprint == bindparam("its_fingerprint"))
    connection.execute(statement.values(over=True), [{"its_fingerprint": each} for each in fingerprints])

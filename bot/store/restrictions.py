"""Restrictions: what people laid upon images, by a command, by closing a pull request or by reverting it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from bot.selection import Constraint, InvalidConstraint, Restriction, RestrictionKind
from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.repository_turn import take_turn_of
from bot.store.tables import restrictions

# A policy has one of these at most: a new one takes the place of the last.
_ALONE = frozenset({RestrictionKind.PIN, RestrictionKind.SNOOZE})
_OPTIONAL = ("tag", "digest", "range", "beyond")


@dataclass(frozen=True, slots=True)
class RestrictionRecord:
    """One restriction of a policy: what it means (as a `Restriction` of the selection), and who laid it when and why.

    `range` is the text of a range of versions. `source` names where it was said: "comment:<id>",
    "dashboard:<number>", "pull-request:<number>" or "revert". `by` is a login, `reason` a sentence of theirs or "".
    """

    repository: int
    policy: str
    kind: RestrictionKind
    tag: str | None
    digest: str | None
    range: str | None
    beyond: str | None
    until: datetime | None
    reason: str
    source: str
    by: str
    at: datetime


class Restrictions:
    """The table of restrictions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lay(self, record: RestrictionRecord) -> None:
        """Lay a restriction instead of one that means the same; a pin or a snooze instead of any of the policy.

        Raises UnknownOwner when the repository is not stored.
        """
        await self._database.write(lambda c: _lay(c, record))

    async def of(self, repository: int, now: datetime) -> list[RestrictionRecord]:
        """Return a repository's restrictions by policy, the earliest first; those that ended by themselves are not."""
        column = restrictions.c
        lasting = or_(column.until.is_(None), column.until > now)
        statement = select(restrictions).where(column.repository == repository, lasting)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return _sorted(map(_record, rows))

    async def lift(
        self,
        repository: int,
        kinds: Collection[RestrictionKind],
        *,
        policies: Collection[str] | None = None,
        tag: str | None = None,
        digest: str | None = None,
        range: str | None = None,  # noqa: A002 - the name of the field that it is compared with
        source: str | None = None,
    ) -> list[RestrictionRecord]:
        """Take restrictions of some kinds away and return them: all of the repository, or as far as it is said.

        `tag` means those of this very tag, and those that wait for something beyond it; with `digest` only those of
        that image. Those that ended by themselves go too, and are returned.
        """
        column = restrictions.c
        where = [column.repository == repository, column.kind.in_(sorted(kind.value for kind in kinds))]
        if policies is not None:
            where.append(column.policy.in_(sorted(policies)))
        if tag is not None:
            where.append(or_(column.tag == tag, column.beyond == tag))
        exactly = {"digest": digest, "range": range, "source": source}
        where += [column[name] == value for name, value in exactly.items() if value is not None]
        return await self._database.write(lambda c: _lift(c, where))

    async def restrictions_for(self, repository: int, now: datetime) -> list[Restriction]:
        """Return a repository's restrictions as the selection wants them, in the order of `of`.

        One whose range cannot be read any more holds the whole image and says so: what a person turned down is never
        proposed because the bot forgot how to read it.
        """
        return [_restriction(record) for record in await self.of(repository, now)]

    async def forget_ended(self, before: datetime) -> int:
        """Forget what ended by itself before a time; return how many."""
        statement = delete(restrictions).where(restrictions.c.until < before)
        return await self._database.write(lambda c: c.execute(statement).rowcount)


def _lay(connection: Connection, record: RestrictionRecord) -> None:
    values = {**asdict(record), "kind": record.kind.value}
    values.update((name, values[name] or "") for name in _OPTIONAL)
    take_turn_of(connection, record.repository)
    if record.kind in _ALONE:
        others = [restrictions.c[name] == values[name] for name in ("repository", "policy", "kind")]
        connection.execute(delete(restrictions).where(*others))
    upsert(connection, restrictions, values)


def _lift(connection: Connection, where: list[ColumnElement[bool]]) -> list[RestrictionRecord]:
    rows = connection.execute(delete(restrictions).where(*where).returning(*restrictions.c)).all()
    return _sorted(map(_record, rows))


def _record(row: Any) -> RestrictionRecord:
    values = row._asdict()
    values.update((name, values[name] or None) for name in _OPTIONAL)
    return RestrictionRecord(**{**values, "kind": RestrictionKind(values["kind"])})


def _sorted(records: Any) -> list[RestrictionRecord]:
    """Sort by policy and time, then by what they mean, so that the order never changes by itself."""
    return sorted(records, key=lambda each: (each.policy, each.at, each.kind.value, *_meaning(each)))


def _meaning(record: RestrictionRecord) -> tuple[str, ...]:
    return tuple(getattr(record, name) or "" for name in _OPTIONAL)


def _restriction(record: RestrictionRecord) -> Restriction:
    try:
        parsed = None if record.range is None else Constraint.parse(record.range)
    except InvalidConstraint as error:
        reason = f"{error}, so the image is held until somebody lifts this"
        return Restriction(RestrictionKind.HOLD, reason=reason, until=record.until, policy=record.policy)
    return Restriction(
        record.kind,
        reason=record.reason,
        tag=record.tag,
        digest=record.digest,
        range=parsed,
        until=record.until,
        policy=record.policy,
        beyond=record.beyond,
    )

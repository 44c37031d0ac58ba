"""What a promotion has seen of its source: since when it follows it, and which tag stood at which digest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, func, select, update

from bot.store.database import Database, pieces
from bot.store.dialects import upsert
from bot.store.promotion_runs import RunState
from bot.store.tables import promotion_beginnings, promotion_watches, promotions


@dataclass(frozen=True, slots=True)
class NewestRun:
    """The run of a tag that was begun, or opened again, last: the fields are those of PromotionRun."""

    id: int
    tag: str
    digest: str
    state: RunState
    reason: str
    seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Beginning:
    """Since when (`at`) a promotion of a repository follows its source, as one reader sees it.

    `reader` is the id of who reads it, "" for nobody in particular. `existing_done`: the tags that stood there at the
    beginning were walked, as `existing: true` asks for.
    """

    repository: int
    promotion: str
    source_host: str
    source_image: str
    reader: str
    at: datetime
    existing_done: bool = False


def beginning_of(connection: Connection, repository: int, promotion: str) -> Beginning | None:
    """Read since when a promotion follows its source; None: it never did."""
    statement = select(promotion_beginnings).where(_of(promotion_beginnings, repository, promotion))
    row = connection.execute(statement).one_or_none()
    return None if row is None else Beginning(**row._asdict())


def write_beginning(connection: Connection, beginning: Beginning) -> None:
    """Write since when a promotion follows its source; what was watched of another, or by another, is forgotten."""
    repository, promotion = beginning.repository, beginning.promotion
    before = beginning_of(connection, repository, promotion)
    if before is not None and _seen(before) != _seen(beginning):
        connection.execute(delete(promotion_watches).where(_of(promotion_watches, repository, promotion)))
    upsert(connection, promotion_beginnings, asdict(beginning))


def note_existing_done(connection: Connection, repository: int, promotion: str) -> None:
    """Write that the tags that stood there at the beginning were walked."""
    statement = update(promotion_beginnings).where(_of(promotion_beginnings, repository, promotion))
    connection.execute(statement.values(existing_done=True))


def _seen(beginning: Beginning) -> tuple[str, str, str]:
    return beginning.source_host, beginning.source_image, beginning.reader


def newest_of(connection: Connection, repository: int, promotion: str, host: str, image: str) -> dict[str, NewestRun]:
    """Read the run of each tag that was begun, or opened again, last, whatever its revision and end."""
    run = promotions.c
    its = (run.repository == repository, run.promotion == promotion, run.source_host == host, run.source_image == image)
    columns = [run[field.name] for field in fields(NewestRun)]
    # Of those seen at one time, as of several texts of the promotion, the one that carries the image now comes last.
    goes_on, until = run.state != RunState.SUPERSEDED.value, func.coalesce(run.ended_at, run.seen_at)
    rows = connection.execute(select(*columns).where(*its).order_by(run.seen_at, goes_on, until, run.id))
    return {row.tag: NewestRun(**{**row._asdict(), "state": RunState(row.state)}) for row in rows}


def watched_of(connection: Connection, repository: int, promotion: str) -> dict[str, str]:
    """Read at which digest each tag was last seen."""
    columns = (promotion_watches.c.tag, promotion_watches.c.digest)
    rows = connection.execute(select(*columns).where(_of(promotion_watches, repository, promotion)))
    return {row.tag: row.digest for row in rows}


async def watch(database: Database, repository: int, promotion: str, tags: Mapping[str, str]) -> None:
    """Write at which digest tags were seen (tag -> digest); others stay as they are."""
    key = {"repository": repository, "promotion": promotion}
    rows = [{**key, "tag": tag, "digest": digest} for tag, digest in sorted(tags.items())]
    for some in pieces(rows):
        await database.write(partial(_upsert, rows=some))


async def unwatch(database: Database, repository: int, promotion: str, tags: Iterable[str]) -> None:
    """Forget tags; those that were not watched are no error."""
    for some in pieces(sorted(set(tags))):
        await database.write(partial(_unwatch, repository=repository, promotion=promotion, tags=some))


def forget_promotions(connection: Connection, repository: int, kept: Collection[str]) -> None:
    """Forget what was seen for promotions of a repository that are not among those kept."""
    names = sorted(set(kept))
    for table in (promotion_beginnings, promotion_watches):
        gone = and_(table.c.repository == repository, table.c.promotion.not_in(names))
        connection.execute(delete(table).where(gone))


def _of(table: Table, repository: int, promotion: str) -> ColumnElement[bool]:
    return and_(table.c.repository == repository, table.c.promotion == promotion)


def _upsert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    upsert(connection, promotion_watches, *rows)


def _unwatch(connection: Connection, repository: int, promotion: str, tags: Sequence[str]) -> None:
    this = and_(_of(promotion_watches, repository, promotion), promotion_watches.c.tag == bindparam("its_tag"))
    connection.execute(delete(promotion_watches).where(this), [{"its_tag": tag} for tag in tags])

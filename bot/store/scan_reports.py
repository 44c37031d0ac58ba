"""Scan reports: what CI posted about images, packed, the newest of each kind through each hook."""

import asyncio
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, LargeBinary, literal, or_, select

from bot.store.database import Database
from bot.store.deleting import delete_all
from bot.store.dialects import insert
from bot.store.scan_report_room import LARGEST_KEPT, MOST_REPORTS, keep_the_newest, make_room, room_of
from bot.store.tables import scan_reports

LARGEST_TOGETHER: Final = 100 * 1024 * 1024
"""Bytes of reports, unpacked, that are told at once."""

# Reports of some 30 MB are packed while a caller waits; the best packing takes ten times as long.
_QUICK = 1

_READ_AT_ONCE: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ScanReportRecord:
    """A report on one image that came through a hook at `at`.

    `installation` is the hook's, None: the operator's. `content` is the report as it was posted, `media_type` what it
    is. `digest` is what the report is about.
    """

    host: str
    image: str
    digest: str
    hook: str
    installation: int | None
    media_type: str
    content: bytes
    at: datetime


class ScanReports:
    """The table of scan reports."""

    def __init__(
        self, database: Database, *, largest_kept: int = LARGEST_KEPT, largest_together: int = LARGEST_TOGETHER
    ) -> None:
        """Take how many bytes are kept of an installation, packed, and how many are told at once, unpacked."""
        self._database = database
        self._largest_kept = largest_kept
        self._largest_together = largest_together

    async def put(self, report: ScanReportRecord) -> None:
        """Store a report in place of the earlier one of its digest, hook and media type; an older one is passed over.

        For each installation, and for the operator, the 20 newest of one digest are kept, whoever posted them, and
        500 MiB in all, packed: the oldest go. Raises UnknownOwner when the hook is not there any more.
        """
        packed = await asyncio.to_thread(zlib.compress, report.content, _QUICK)
        await self._database.write(lambda c: _put(c, report, packed, self._largest_kept))

    async def of(self, installation: int, host: str, image: str, digests: Iterable[str]) -> list[ScanReportRecord]:
        """Return the reports on some digests of a repository that count for an installation, the newest first.

        Those are the ones of its own hooks and of the operator's; at most 20 of each digest. Beyond 100 MiB, unpacked,
        their content is empty.
        """
        wanted = sorted(set(digests))
        rows = await self._database.read(lambda c: _newest(c, installation, host, image, wanted))
        found: list[ScanReportRecord] = []
        room = self._largest_together
        for some in _read_at_once(rows):
            filled = await self._database.read(partial(_with_content, rows=some, has_room=room > 0))
            records, room = await asyncio.to_thread(_unpacked, filled, room)
            found += records
        return found

    async def prune(self, before: datetime) -> None:
        """Forget the reports that came before a time."""
        old = select(*scan_reports.primary_key).where(scan_reports.c.at < before)
        await delete_all(self._database, scan_reports, old)


def _put(connection: Connection, report: ScanReportRecord, packed: bytes, largest: int) -> None:
    key = {name: getattr(report, name) for name in ("host", "image", "digest", "hook", "media_type")}
    more = {"installation": report.installation, "content": packed, "room": room_of(packed), "at": report.at}
    statement = insert(connection, scan_reports)
    changed = {name: statement.excluded[name] for name in more}
    newer = scan_reports.c.at <= statement.excluded.at
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=changed, where=newer)
    connection.execute(statement, {**key, **more})
    keep_the_newest(connection, (report.host, report.image, report.digest), report.installation)
    make_room(connection, report.installation, largest)


def _newest(connection: Connection, installation: int, host: str, image: str, digests: Sequence[str]) -> list[Any]:
    """Find the reports that are told, without their content."""
    reports = scan_reports.c
    where = (
        reports.host == host,
        reports.image == image,
        reports.digest.in_(digests),
        or_(reports.installation == installation, reports.installation.is_(None)),
    )
    order = (reports.at.desc(), reports.digest, reports.hook, reports.media_type)
    told: Counter[str] = Counter()
    found = []
    for row in connection.execute(select(*scan_reports.primary_key, reports.room).where(*where).order_by(*order)):
        told[row.digest] += 1
        if told[row.digest] <= MOST_REPORTS:
            found.append(row)
    return found


def _read_at_once(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Part reports so that no part takes much memory, packed."""
    some: list[Any] = []
    taken = 0
    for row in rows:
        some.append(row)
        taken += row.room
        if taken >= _READ_AT_ONCE:
            yield some
            some, taken = [], 0
    if some:
        yield some


def _with_content(connection: Connection, rows: Sequence[Any], has_room: bool) -> list[Any]:
    """Read reports as they are now, one by one: without their content where there is no room for it."""
    packed = scan_reports.c.content if has_room else literal(b"", LargeBinary).label("content")
    columns = [column for column in scan_reports.c if column.name not in {"content", "room"}]
    found = []
    for row in rows:
        its = (key == getattr(row, key.name) for key in scan_reports.primary_key)
        now = connection.execute(select(*columns, packed).where(*its)).one_or_none()
        if now is not None:
            found.append(now)
    return found


def _unpacked(rows: Sequence[Any], room: int) -> tuple[list[ScanReportRecord], int]:
    """Unpack reports; from the first that has no room on, they come without content. Returns the room that is left."""
    found = []
    for row in rows:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(row.content, room) if room else b""
        if room and unpacking.eof:
            room -= len(content)
        else:
            content, room = b"", 0
        found.append(ScanReportRecord(**{**row._asdict(), "content": content}))
    return found, room

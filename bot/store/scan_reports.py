"""Scan reports: what CI posted about images, packed, the newest of each kind through each hook."""

import asyncio
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, or_, select

from bot.store.database import Database
from bot.store.deleting import delete_all
from bot.store.dialects import insert
from bot.store.tables import scan_reports

MOST_REPORTS: Final = 20
"""So many are kept of one digest, the newest, and so many are told at once."""

LARGEST_TOGETHER: Final = 100 * 1024 * 1024
"""Bytes of reports that are told at once."""

# Reports of some 30 MB are packed while a caller waits; the best packing takes ten times as long.
_QUICK = 1


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

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, report: ScanReportRecord) -> None:
        """Store a report in place of the earlier one of its digest, hook and media type; an older one is passed over.

        Of one digest the 20 newest are kept, whoever posted them, for each installation. Raises UnknownOwner when the
        hook is not there any more.
        """
        packed = await asyncio.to_thread(zlib.compress, report.content, _QUICK)
        await self._database.write(lambda c: _put(c, report, packed))

    async def of(self, installation: int, host: str, image: str, digests: Iterable[str]) -> list[ScanReportRecord]:
        """Return the reports on some digests of a repository that count for an installation, the newest first.

        Those are the ones of its own hooks and of the operator's; at most 20. Beyond 100 MiB their content is empty.
        """
        wanted = sorted(set(digests))
        statement = (
            select(scan_reports)
            .where(
                scan_reports.c.host == host,
                scan_reports.c.image == image,
                scan_reports.c.digest.in_(wanted),
                or_(scan_reports.c.installation == installation, scan_reports.c.installation.is_(None)),
            )
            .order_by(scan_reports.c.at.desc(), scan_reports.c.digest, scan_reports.c.hook, scan_reports.c.media_type)
            .limit(MOST_REPORTS)
        )
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return await asyncio.to_thread(_unpacked, rows)

    async def prune(self, before: datetime) -> None:
        """Forget the reports that came before a time."""
        old = select(*scan_reports.primary_key).where(scan_reports.c.at < before)
        await delete_all(self._database, scan_reports, old)


def _put(connection: Connection, report: ScanReportRecord, packed: bytes) -> None:
    key = {name: getattr(report, name) for name in ("host", "image", "digest", "hook", "media_type")}
    values = {**key, "installation": report.installation, "content": packed, "at": report.at}
    statement = insert(connection, scan_reports)
    changed = {name: statement.excluded[name] for name in ("installation", "content", "at")}
    newer = scan_reports.c.at <= statement.excluded.at
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed, where=newer), values)
    _keep_the_newest(connection, report)


def _keep_the_newest(connection: Connection, report: ScanReportRecord) -> None:
    ours = and_(
        scan_reports.c.host == report.host,
        scan_reports.c.image == report.image,
        scan_reports.c.digest == report.digest,
        scan_reports.c.installation.is_not_distinct_from(report.installation),
    )
    order = (scan_reports.c.at.desc(), scan_reports.c.hook, scan_reports.c.media_type)
    which = (scan_reports.c.hook, scan_reports.c.media_type)
    for row in connection.execute(select(*which).where(ours).order_by(*order).offset(MOST_REPORTS)).all():
        this = and_(ours, scan_reports.c.hook == row.hook, scan_reports.c.media_type == row.media_type)
        connection.execute(delete(scan_reports).where(this))


def _unpacked(rows: Sequence[Any]) -> list[ScanReportRecord]:
    """Unpack the newest reports; what has no room any more comes back without its content, which nobody can read."""
    found, room = [], LARGEST_TOGETHER
    for row in rows:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(row.content, room) if room else b""
        content = content if unpacking.eof else b""
        room = max(0, room - len(content))
        found.append(ScanReportRecord(**{**row._asdict(), "content": content}))
    return found

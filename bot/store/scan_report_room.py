"""How many scan reports are kept: the newest of each digest, and of each installation as many as it has room for."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select

from bot.store.tables import scan_reports

MOST_REPORTS: Final = 20
"""So many are kept of one digest, the newest, and so many of each are told at once."""

LARGEST_KEPT: Final = 500 * 1024 * 1024
"""Bytes of packed reports that are kept of one installation, and of the operator; the oldest go first."""

_SMALLEST: Final = 4096
_AT_ONCE: Final = 1000


def room_of(packed: bytes) -> int:
    """Count what a packed report takes, in bytes: at least 4 KiB, so that a million empty ones have no room either."""
    return max(len(packed), _SMALLEST)


def keep_the_newest(connection: Connection, digest: tuple[str, str, str], installation: int | None) -> None:
    """Delete the oldest reports on a digest (host, image, digest) that came for an installation beyond those kept."""
    host, image, its_digest = digest
    reports = scan_reports.c
    ours = and_(reports.host == host, reports.image == image, reports.digest == its_digest, _of(installation))
    order = (reports.at.desc(), reports.hook, reports.media_type)
    keys = select(*scan_reports.primary_key).where(ours).order_by(*order).offset(MOST_REPORTS)
    for row in connection.execute(keys).all():
        _delete(connection, row)


def make_room(connection: Connection, installation: int | None, largest: int) -> None:
    """Delete the oldest reports of an installation until the others take at most `largest` bytes."""
    taken = connection.execute(select(func.sum(scan_reports.c.room)).where(_of(installation))).scalar() or 0
    oldest = select(*scan_reports.primary_key, scan_reports.c.room).where(_of(installation)).order_by(scan_reports.c.at)
    # What another process is writing just now is passed over, for it is the newest soon.
    rows = oldest.limit(_AT_ONCE).with_for_update(skip_locked=True)
    while taken > largest and (found := connection.execute(rows).all()):
        for row in found:
            if taken > largest:
                _delete(connection, row)
                taken -= row.room


def _of(installation: int | None) -> ColumnElement[bool]:
    """Tell whose reports: those of an installation's hooks, or (None) of the operator's."""
    column = scan_reports.c.installation
    return column.is_(None) if installation is None else column == installation


def _delete(connection: Connection, row: Any) -> None:
    its = (key == getattr(row, key.name) for key in scan_reports.primary_key)
    connection.execute(delete(scan_reports).where(*its))

"""Whether a group may have its pull request now: the repository's limits, and lines that another one changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - a field of a dataclass
from typing import TYPE_CHECKING

from bot.bumps import Holder, admitted, clash
from bot.flows.basis import read_basis
from bot.flows.noting import note
from bot.flows.remembered import LIVING
from bot.github import Conflict
from bot.jobs.performing import ComesAgain
from bot.store import NoteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.application import Application, Decided
    from bot.store import BumpRecord


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a bump has to wait, and until when; None: until another one is done with."""

    sentence: str
    until: datetime | None = None


async def begin(application: Application, decided: Decided, record: BumpRecord) -> bool:
    """Note that a bump is being brought about, if there is room for it; False: it waits, and that was noted.

    What stands already needs no room, but may not go into lines that another pull request changes. Raises ComesAgain
    where it is known when there is room, and Conflict where the bump was merged, closed or moved since it was read.
    """
    parts, before = application.parts, application.stands.record
    stands = application.stands.bump is not None or (before is not None and before.state in LIVING)
    if _told_by(await parts.store.bumps.get(record.repository, record.group)) != _told_by(before):
        raise Conflict("The bump was changed meanwhile; it is looked at again.")
    lines = read_basis(record.proposals).lines
    now = parts.clock()

    def admits(others: Sequence[BumpRecord], openings: Sequence[datetime]) -> Refused | None:
        holders = [Holder(each.group, each.pull_request, read_basis(each.proposals).lines) for each in others]
        taken = clash(lines, holders)
        if taken is not None:
            return Refused(taken)
        limited = None if stands else admitted(decided.policy_file.limits, len(others), openings, now)
        return None if limited is None else Refused(limited.sentence, limited.again_at)

    refused = await parts.store.bumps.begin(record, admits, now)
    if refused is None:
        return True
    repository, group = application.repository, application.group
    await note(parts, repository, group, NoteKind.WAITING, refused.sentence)
    if refused.until is not None:
        raise ComesAgain(refused.until)
    return False


def _told_by(record: BumpRecord | None) -> tuple[object, ...] | None:
    """Give what tells how a bump stands; what is noted of its merge does not count."""
    return None if record is None else (record.state, record.head, record.pull_request, record.fingerprint)

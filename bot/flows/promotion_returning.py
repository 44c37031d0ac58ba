"""What ended because its tag or its promotion went away, and is taken up again when that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotion_runs import PATIENCE, REMOVED, reopened
from bot.flows.promotions import CHANGED
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.store import NewestRun

_SUPERSEDED_ONLY: Final = frozenset({RunState.SUPERSEDED})
"""What the promotion's text decided stays decided."""


def may_return(newest: Mapping[str, NewestRun], now: datetime) -> dict[str, NewestRun]:
    """Return of the newest run of each tag those that nothing was decided about, by tag.

    Their tag was removed, or their promotion was taken away, not longer ago than an image waits.
    """
    return {tag: run for tag, run in newest.items() if _went_away(run) and _is_lately(run, now)}


async def take_up(parts: Parts, found: InForce, gone: Mapping[str, NewestRun], standing: Mapping[str, str]) -> None:
    """Begin anew those of the runs whose tag stands where it stood; at another digest it is one that moved.

    What comes back is as old as it was, so that it takes no newer image's place; it may wait as long as a new one.
    """
    for run in sorted(gone.values(), key=lambda run: (run.seen_at, run.id)):
        if standing.get(run.tag) != run.digest:
            continue
        for begun in await begin_runs(parts, found, [(run.tag, run.digest)], run.seen_at, reopens=_SUPERSEDED_ONLY):
            await reopened(parts, begun, "It came back.")


def _went_away(run: NewestRun) -> bool:
    return run.state is RunState.SUPERSEDED and (run.reason == CHANGED or run.reason.startswith(REMOVED))


def _is_lately(run: NewestRun, now: datetime) -> bool:
    return run.ended_at is not None and now - run.ended_at <= PATIENCE

"""Having an image judged once more because a person says so: where it may be, and from where it goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.store import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store import PromotionRun

_REFUSED = {
    RunState.DONE: "it is done: what was copied stays where it is",
    RunState.PROPOSED: "its pull request waits to be merged or closed",
    RunState.SUPERSEDED: "its tag or its promotion changed, and what stands there now is judged in a run of its own",
}


def why_not(run: PromotionRun) -> str | None:
    """Say why a run is not judged again, without a full stop; None: it can be."""
    return _REFUSED.get(run.state)


def anew(run: PromotionRun, now: datetime) -> PromotionRun:
    """Return a run as it is to be judged again; what is being copied goes on, for it was judged or approved.

    What was given up is looked at as if it were seen now: so it is not given up again at once.
    """
    if run.state in {RunState.COPYING, RunState.APPROVED}:
        return run
    seen_at = now if run.state is RunState.GIVEN_UP else run.seen_at
    return replace(run, state=RunState.NEW, reason="", seen_at=seen_at, ended_at=None, again_at=None)

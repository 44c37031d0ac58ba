"""Having an image judged once more because a person says so: where it may be, and from where it goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.flows.promotion_overtaken import OVERTAKEN
from bot.store import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store import PromotionRun
    from bot.store.promotions import Promotions

_REFUSED = {
    RunState.DONE: "it is done: what was copied stays where it is",
    RunState.PROPOSED: "its pull request waits to be merged or closed",
}
HAS_A_SUCCESSOR = "its tag or its promotion changed, and what stands there now is judged in a run of its own"
ASKED = "Somebody asked for it."
_OVERTAKEN = "it was overtaken: a newer image has its place"


def why_not(run: PromotionRun) -> str | None:
    """Say why a run is not judged again, without a full stop; None: it can be."""
    if run.state is RunState.SUPERSEDED and run.reason.startswith(OVERTAKEN):
        return _OVERTAKEN
    return _REFUSED.get(run.state)


async def is_newest(promotions: Promotions, run: PromotionRun) -> bool:
    """Whether no other run took the place of one that is superseded; True for one that is not.

    Where its tag was removed, or its promotion taken away, there may be none.
    """
    place = (run.source_host, run.source_image)
    newest = await promotions.newest(run.repository, run.promotion, *place)
    return run.state is not RunState.SUPERSEDED or newest[run.tag].id == run.id


def anew(run: PromotionRun, now: datetime) -> PromotionRun:
    """Return a run as it is to be judged again; what is being copied goes on, for it was judged or approved.

    What was given up is looked at as if it were seen now: so it is not given up again at once. What was denied long ago
    is kept from that by a note in its history (`bot.flows.promotion_runs.reopened`), for it gets no newer by that.
    """
    if run.state in {RunState.COPYING, RunState.APPROVED}:
        return run
    seen_at = now if run.state is RunState.GIVEN_UP else run.seen_at
    return replace(run, state=RunState.NEW, reason="", seen_at=seen_at, ended_at=None, again_at=None)

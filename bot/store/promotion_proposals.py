"""What was last noted of the proposal of each image of a promotion, whatever the promotion's text was then."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.store.promotion_events import EventKind
from bot.store.promotion_runs import RunState
from bot.store.tables import promotion_events, promotions

_MOST_EVENTS = 5_000


@dataclass(frozen=True, slots=True)
class LastProposal:
    """The last event PROPOSED of a run: its `outcome` and its `document`, and what the run is now."""

    run: int
    tag: str
    digest: str
    target_tag: str
    state: RunState
    outcome: str
    document: str


def last_proposals(connection: Connection, repository: int, promotion: str) -> list[LastProposal]:
    """Read of each run of a promotion what was last noted of its proposal, newest first; of 5,000 events at most."""
    of_run = (promotions.c.tag, promotions.c.digest, promotions.c.target_tag, promotions.c.state)
    statement = (
        select(promotion_events.c.run, *of_run, promotion_events.c.outcome, promotion_events.c.document)
        .join_from(promotions, promotion_events, promotion_events.c.run == promotions.c.id)
        .where(promotions.c.repository == repository, promotions.c.promotion == promotion)
        .where(promotion_events.c.kind == EventKind.PROPOSED.value)
        .order_by(promotion_events.c.row.desc())
        .limit(_MOST_EVENTS)
    )
    newest: dict[int, LastProposal] = {}
    for row in connection.execute(statement):
        newest.setdefault(row.run, LastProposal(**{**row._asdict(), "state": RunState(row.state)}))
    return list(newest.values())

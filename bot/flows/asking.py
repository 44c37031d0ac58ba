"""How a flow asks for work: by value, never by calling another flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - a field of a dataclass
from typing import TYPE_CHECKING

from bot.jobs import work
from bot.store import DueRequest

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.jobs.work import Work


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish for a piece of work.

    `settle`: the work waits for the operator's settle time, so that the events of one push are one look.
    """

    work: Work
    settle: bool = False


@dataclass(frozen=True, slots=True)
class PushTold:
    """A signed event's word on when a digest was pushed to a repository at a registry host. at: aware."""

    host: str
    repository: str
    tag: str
    digest: str
    at: datetime


def request(ask: Ask, now: datetime, settle: timedelta, delivery: str = "") -> DueRequest:
    """Turn a wish into the row that stands for it; `delivery` is the id of the delivery that caused it.

    Raises InvalidWork for what could not be read from its row again, such as an id that is a text.
    """
    kind, key = work.kind(ask.work), work.key(ask.work)
    work.parse(kind, key)
    return DueRequest(
        kind=kind,
        key=key,
        owner=work.owner(ask.work),
        priority=work.priority(ask.work),
        due_at=now + settle if ask.settle else now,
        delivery=delivery,
    )

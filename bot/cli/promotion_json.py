"""Promoted images for scripts: one object for each run or trial, with what the core said as it is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from bot.promotion import verdict_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.flows.promotion_trial import Trial
    from bot.store import PromotionEvent, PromotionRun

_OF_RUN = (
    "id",
    "installation",
    "promotion",
    "revision",
    "source_host",
    "source_image",
    "tag",
    "digest",
    "target_host",
    "target_image",
    "target_tag",
    "mode",
    "state",
    "reason",
    "depth",
    "seen_at",
    "decided_at",
    "ended_at",
    "again_at",
    "streamed_bytes",
    "seconds",
    "commit",
)
_OF_EVENT = ("kind", "at", "outcome", "times", "seconds", "streamed_bytes")


def runs_as_json(found: Sequence[PromotionRun], names: Mapping[int, str]) -> str:
    """Return a list with one object for each run, without its verdict. `names`: of repositories, by their ids."""
    return _json([_run(run, names.get(run.repository)) for run in found])


def run_as_json(run: PromotionRun, events: Sequence[PromotionEvent], name: str) -> str:
    """Return one object with the latest verdict (null before there is one) and the events of a run."""
    told = [{**_fields(event, _OF_EVENT), "document": _read(event.document)} for event in events]
    return _json({**_run(run, name), "verdict": _read(run.verdict), "events": told})


def trials_as_json(trials: Sequence[Trial]) -> str:
    """Return a list with one object for each tag that was tried."""
    return _json(
        [
            {
                "promotion": trial.promotion,
                "tag": trial.tag,
                "digest": trial.digest,
                "target": trial.target or None,
                "notice": trial.notice or None,
                "verdict": json.loads(verdict_to_json(trial.verdict)),
            }
            for trial in trials
        ]
    )


def _run(run: PromotionRun, name: str | None) -> dict[str, Any]:
    return {**_fields(run, _OF_RUN), "repository": name}


def _fields(each: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(getattr(each, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Enum):
        return value.value
    return None if value == "" else value


def _read(document: str) -> Any:
    """Return what a kept document holds; a text that is no JSON as it is, null for none."""
    try:
        return json.loads(document)
    except ValueError:
        return document or None


def _json(document: object) -> str:
    return f"{json.dumps(document, indent=2)}\n"

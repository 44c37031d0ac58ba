"""What is remembered of one image that a promotion judges: the run, from the first sight of a tag to its end."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any, Final


class RunState(Enum):
    """Where a run stands.

    WAITING: evidence is not known yet. BLOCKED: a person has to act, for there is no credential or the target's tag is
    taken. PROPOSED: its pull request is open, or to be opened. APPROVED: people merged that its digest is promoted.
    SUPERSEDED: the tag or the promotion changed before the image moved on, or a newer image takes its place.
    """

    NEW = "new"
    WAITING = "waiting"
    DENIED = "denied"
    BLOCKED = "blocked"
    COPYING = "copying"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    SUPERSEDED = "superseded"
    GIVEN_UP = "given-up"


UNENDED: Final = frozenset({RunState.NEW, RunState.WAITING, RunState.BLOCKED, RunState.COPYING, RunState.APPROVED})
"""The states in which there is work to do, or something to wait for."""

JUDGED_AGAIN: Final = frozenset({RunState.NEW, RunState.WAITING, RunState.DENIED, RunState.BLOCKED, RunState.PROPOSED})
"""The states in which new evidence can change what becomes of an image."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """An image that a promotion sees for the first time.

    `promotion` is its name, `revision` a hash of its text. The source's `tag` stood at `digest` at `seen_at`. `mode` is
    the policy file's word. `target_tag` is known from the beginning only where people wrote it. `depth` counts the
    promotions up to this one, 1: the image was pushed to its source.
    """

    repository: int
    promotion: str
    revision: str
    source_host: str
    source_image: str
    tag: str
    digest: str
    target_host: str
    target_image: str
    mode: str
    seen_at: datetime
    target_tag: str = ""
    depth: int = 1


@dataclass(frozen=True, slots=True)
class PromotionRun:
    """One image on its way, as it is remembered.

    `installation` is the one that the repository belongs to now. `target_tag` is "" until it is decided, `reason` a
    sentence, `verdict` JSON that the store does not read, "" before the first. `seen_at`: since when it is looked at,
    which is later where somebody had it begin anew. `decided_at`: the first verdict that let it pass; `again_at`: when
    it is to be judged again. `streamed_bytes` and `seconds` are those of the copy. `commit` is where the result was
    told, `told_in` the id of the repository that has it, `told` a hash of the text, "" while nothing was.
    """

    id: int
    installation: int
    repository: int
    promotion: str
    revision: str
    source_host: str
    source_image: str
    tag: str
    digest: str
    target_host: str
    target_image: str
    target_tag: str
    mode: str
    state: RunState
    reason: str
    verdict: str
    depth: int
    seen_at: datetime
    decided_at: datetime | None = None
    ended_at: datetime | None = None
    again_at: datetime | None = None
    streamed_bytes: int = 0
    seconds: float = 0.0
    commit: str = ""
    told_in: int | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class UnendedRun:
    """What tells whether an image on its way needs anything: a run in few words, for many are looked at at once.

    The fields are those of PromotionRun.
    """

    id: int
    installation: int
    repository: int
    promotion: str
    revision: str
    tag: str
    digest: str
    state: RunState
    again_at: datetime | None


IDENTITY: Final = ("repository", "promotion", "revision", "source_host", "source_image", "tag", "digest")
"""What tells one run from every other."""

CHANGING: Final = (
    "target_tag",
    "state",
    "reason",
    "verdict",
    "depth",
    "seen_at",
    "decided_at",
    "ended_at",
    "again_at",
    "streamed_bytes",
    "seconds",
    "commit",
    "told_in",
    "told",
)
"""What of a run may change after its beginning."""


def columns_of_new(run: NewRun) -> dict[str, Any]:
    """Return the columns of a run that begins: NEW, and nothing decided."""
    given = {field.name: getattr(run, field.name) for field in fields(run)}
    empty = dict.fromkeys(("reason", "verdict", "commit", "told"), "")
    return {**given, **empty, "state": RunState.NEW.value, "streamed_bytes": 0, "seconds": 0.0}


def changing_columns(run: PromotionRun) -> dict[str, Any]:
    """Return the columns of a run that may change."""
    return {**{name: getattr(run, name) for name in CHANGING}, "state": run.state.value}


def run_of(row: Any) -> PromotionRun:
    """Make a run of its row, which holds its installation too."""
    return PromotionRun(**{**row._asdict(), "state": RunState(row.state)})


def unended_of(row: Any) -> UnendedRun:
    """Make a run in few words of its columns."""
    return UnendedRun(**{**row._asdict(), "state": RunState(row.state)})

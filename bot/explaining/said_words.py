"""What was said about a policy, in rows for a person at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.explaining.said import SaidOfPolicy
    from bot.store import BumpRecord, RestrictionRecord

_SHOWN_OF_A_COMMIT: Final = 7
_SHOWN_OF_A_DIGEST: Final = 19
_PLACES: Final = {"comment": "in comment", "dashboard": "on the dashboard #", "pull-request": "by closing #"}


def said_rows(said: SaidOfPolicy) -> Iterator[tuple[str, str]]:
    """Yield what stands on the left and on the right: the pull request first, then what people said of the policy."""
    if said.pull_request is not None:
        yield "pull request", _pull_request(said.pull_request)
    if said.note is not None:
        yield said.note.kind.value, f"{said.note.sentence} (since {_moment(said.note.at)})"
    if said.order is not None:
        yield "merge", f"by {said.order.by}, {_moment(said.order.at)}, at {said.order.head[:_SHOWN_OF_A_COMMIT]}"
    for record in said.restrictions:
        yield f"{record.kind.value} {_meant(record)}".strip(), _laid(record)


def _pull_request(bump: BumpRecord) -> str:
    branches = f"from {bump.branch} to {bump.base}"
    if bump.pull_request is None:
        return f"about to be opened {branches}"
    return f"#{bump.pull_request} {branches}, at {bump.head[:_SHOWN_OF_A_COMMIT]}"


def _meant(record: RestrictionRecord) -> str:
    """Name the tag, the digest or the range that is meant; nothing where it is the whole image."""
    digest = "" if record.digest is None else f"{record.digest[:_SHOWN_OF_A_DIGEST]}..."
    return " ".join(part for part in (record.tag, record.range, digest) if part)


def _laid(record: RestrictionRecord) -> str:
    """Say who laid a restriction, when and where, how long it lasts, and why."""
    parts = [f"by {record.by}"] if record.by else []
    parts += [_moment(record.at), _source(record.source)]
    if record.beyond is not None:
        parts.append(f"until something better than {record.beyond} is there")
    if record.until is not None:
        parts.append(f"until {_moment(record.until)}")
    return ", ".join(parts) + (f": {record.reason}" if record.reason else "")


def _source(source: str) -> str:
    kind, _, number = source.partition(":")
    if kind in _PLACES and number:
        return f"{_PLACES[kind]}{'' if _PLACES[kind].endswith('#') else ' '}{number}"
    return "by a revert" if source == "revert" else source


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

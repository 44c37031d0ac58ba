"""A store in which something was said about the policy `api` of acme/shop."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.selection import RestrictionKind
from bot.store import (
    BumpRecord,
    BumpState,
    GroupNote,
    Installation,
    MergeOrderRecord,
    NoteKind,
    Repository,
    RestrictionRecord,
    Store,
)

THEN = datetime(2026, 1, 4, 15, 0, tzinfo=UTC)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
HEAD = "9c1e4b7a" * 5

Record = RestrictionRecord | GroupNote | BumpRecord | MergeOrderRecord


def restriction(kind: RestrictionKind = RestrictionKind.IGNORE, **changes: object) -> RestrictionRecord:
    values = {"repository": 10, "policy": "api", "tag": None, "digest": None, "range": None, "beyond": None}
    more = {"until": None, "reason": "", "source": "comment:77", "by": "octocat", "at": THEN}
    return RestrictionRecord(**{"kind": kind, **values, **more, **changes})


def note(kind: NoteKind = NoteKind.WAITING, **changes: object) -> GroupNote:
    return GroupNote(**{"repository": 10, "group": "api", "kind": kind, "sentence": "It waits.", "at": THEN, **changes})


def bump(**changes: object) -> BumpRecord:
    values = {"repository": 10, "group": "api", "branch": "niro/api", "base": "main", "head": HEAD, "pull_request": 12}
    more = {"state": BumpState.OPEN, "fingerprint": "", "proposals": "[]", "updated_at": THEN}
    return BumpRecord(**{**values, **more, **changes})


def order(**changes: object) -> MergeOrderRecord:
    values = {"repository": 10, "group": "api", "head": HEAD, "stated": False, "by": "hubot", "comment": 78, "at": THEN}
    return MergeOrderRecord(**{**values, **changes})


def say_there(path: Path, *records: Record) -> str:
    """Store acme/shop with some records; returns the URL of the store."""
    url = f"sqlite:///{path}"
    asyncio.run(_store(url, records))
    return url


async def _store(url: str, records: tuple[Record, ...]) -> None:
    async with await Store.open(url) as store:
        await store.installations.save(Installation(1, "acme", "Organization", suspended=False))
        await store.repositories.save(Repository(10, 1, "acme/shop", "main", private=False, archived=False))
        save = {
            RestrictionRecord: store.restrictions.lay,
            GroupNote: store.notes.put,
            BumpRecord: store.bumps.save,
            MergeOrderRecord: store.orders.put,
        }
        for record in records:
            await save[type(record)](record)

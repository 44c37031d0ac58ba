"""How many deliveries a second are stored durably and answered, beside Probot, which answers and stores nothing.

Every server gets the same load in turn: 64 connections, signed registry_package events of 12 KB, an id of its own
for each. "Door alone" is the public door with nobody working behind it in the same process (`niro worker` does that
elsewhere); "niro serve" also handles what came in at the same time, which is not counted.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.databases import folder, postgres, postgres_url, sqlite_url
from benchmarks.load import Load
from benchmarks.servers import bot, probot
from benchmarks.table import LeftOut, Row
from tests.parts.install import find_postgres

if TYPE_CHECKING:
    from benchmarks.progress import Progress
    from tests.parts.postgres import PostgresServer

ROUNDS = 3
SECONDS = 3
CONNECTIONS = 64
PEER = "Probot 14, stores nothing"


@dataclass(frozen=True, slots=True)
class Case:
    """One way to run the bot, and what to build for as a ratio to Probot (empty: not said)."""

    name: str
    processes: int
    server: bool
    door_only: bool
    target: str = ""


CASES = (
    Case("SQLite, door alone", 1, server=False, door_only=True, target="0.8 of Probot, p99 < 50 ms"),
    Case("SQLite, niro serve", 1, server=False, door_only=False),
    Case("PostgreSQL, door alone", 1, server=True, door_only=True, target="0.8 of Probot, p99 < 50 ms"),
    Case("PostgreSQL, two doors on one port", 2, server=True, door_only=True, target="1.0 of Probot, p99 < 50 ms"),
    Case("PostgreSQL, two niro serve on one port", 2, server=True, door_only=False),
)


def measure(progress: Progress) -> list[Row]:
    """Put the same load on each in turn, some rounds; the figures are the medians."""
    return asyncio.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    cases = CASES if find_postgres() else tuple(case for case in CASES if not case.server)
    if cases is not CASES:
        progress.say("PostgreSQL is left out: it is not installed")
    loads: defaultdict[str, list[Load]] = defaultdict(list)
    for number in range(1, ROUNDS + 1):
        await _peer(progress, loads, number)
        with postgres() if cases is CASES else nullcontext() as server:
            for case in cases:
                loads[case.name].append(await _bot(case, server))
                progress.say(f"round {number}: {case.name}: {_shown(loads[case.name][-1])}")
    return _rows(cases, loads)


async def _peer(progress: Progress, loads: dict[str, list[Load]], number: int) -> None:
    try:
        with folder() as directory:
            async with probot(directory) as url:
                loads[PEER].append(await _loaded(url))
    except LeftOut as reason:
        progress.say(f"Probot is left out: {reason}")
    else:
        progress.say(f"round {number}: {PEER}: {_shown(loads[PEER][-1])}")


async def _bot(case: Case, server: PostgresServer | None) -> Load:
    with folder() as directory:
        url = postgres_url(server) if case.server and server else sqlite_url(directory)
        async with bot(directory, url, case.processes, door_only=case.door_only) as door:
            return await _loaded(door)


async def _loaded(url: str) -> Load:
    command = [sys.executable, "-m", "benchmarks.load", url, str(SECONDS), str(CONNECTIONS)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return Load(**json.loads(said))


def _rows(cases: tuple[Case, ...], loads: dict[str, list[Load]]) -> list[Row]:
    peer = loads.get(PEER, [])
    rows = [Row(f"intake: {PEER}", _median(peer))] if peer else []
    for case in cases:
        measured = loads[case.name]
        ratios = [ours.rate / theirs.rate for ours, theirs in zip(measured, peer, strict=False)]
        ratio = f"{statistics.median(ratios):.2f} of Probot: " if ratios else ""
        rows.append(Row(f"intake: {case.name}", ratio + _median(measured), case.target))
    return rows


def _median(loads: list[Load]) -> str:
    middle = sorted(loads, key=lambda load: load.rate)[len(loads) // 2]
    return _shown(middle)


def _shown(load: Load) -> str:
    failures = f", {load.failures} FAILED" if load.failures else ""
    return f"{load.rate:,.0f}/s, p50 {load.p50:.0f} ms, p99 {load.p99:.0f} ms{failures}"

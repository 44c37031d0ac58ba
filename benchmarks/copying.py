"""Copying an image of 1 GB in 30 layers within a registry and between two, beside `skopeo copy`: time and memory.

The registries are Debian's on loopback, with their storage in a temporary folder; both copiers have a process of their
own for each copy, which remembers nothing of the one before: skopeo would else take blobs from where it put them then.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvloop

from benchmarks.cpu import in_a_new_process
from benchmarks.databases import folder
from benchmarks.finding import most_memory
from benchmarks.table import LeftOut, Row
from benchmarks.working import LOOPBACK
from bot.registries import ANONYMOUS, Copied, CopyOrder, Registries, Side, guarded_sessions
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_images import build_image
from tests.parts.install import environment_of, find_skopeo

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.progress import Progress

RUNS = 3
LAYERS = 30
LAYER = 1_000_000_000 // LAYERS
SOURCE = "dev/large"
NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Cost:
    """What one copy took: seconds by the clock, most memory of its process in mebibytes, bytes that went through it.

    at_rest: the memory before.
    """

    seconds: float
    memory: float
    at_rest: float = 0
    streamed: int = 0


def measure(progress: Progress) -> list[Row]:
    """Copy a few times each way, the bot and skopeo in turn."""
    if find_skopeo() is None:
        raise LeftOut("skopeo is not installed")
    return uvloop.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    with folder() as directory:
        registries = [await SandboxRegistry.start(directory) for _ in range(2)]
        try:
            image = build_image(SOURCE, ["linux/amd64"], layers=[LAYER] * LAYERS)
            digest = await registries[0].push_image(SOURCE, "1.0", image)
            progress.say("pushed the image")
            return [
                row
                for what, target in (("within a registry", registries[0]), ("between two registries", registries[1]))
                for row in await _compared(progress, what, (registries[0].host, target.host, digest))
            ]
        finally:
            for registry in registries:
                await registry.stop()


async def _compared(progress: Progress, what: str, places: tuple[str, str, str]) -> list[Row]:
    source, target, digest = places
    ours: list[Cost] = []
    theirs: list[Cost] = []
    for run in range(RUNS):
        repository = f"qa/{what.replace(' ', '-')}-{run}"
        ours.append(await asyncio.to_thread(in_a_new_process, copy, source, target, repository, digest))
        theirs.append(await asyncio.to_thread(_skopeo, source, target, f"{repository}-skopeo"))
    progress.say(f"{what}: {_each(ours)}; skopeo {_each(theirs)}")
    ratio = _middle(ours, lambda cost: cost.seconds) / _middle(theirs, lambda cost: cost.seconds)
    return [
        Row(f"copying 1 GB of {LAYERS} layers {what}", f"{_shown(ours)}, {ours[0].streamed:,} bytes streamed"),
        Row("the same by skopeo", f"{_shown(theirs)}; the bot takes {ratio:.2f} of its time"),
    ]


def copy(source: str, target: str, repository: str, digest: str) -> Cost:
    """Copy the image by the bot's own means."""
    at_rest, begin = most_memory(), time.perf_counter()
    copied = uvloop.run(_copied(source, target, repository, digest))
    return Cost(time.perf_counter() - begin, most_memory(), at_rest, copied.streamed_bytes)


async def _copied(source: str, target: str, repository: str, digest: str) -> Copied:
    async with guarded_sessions(LOOPBACK) as sessions:
        registries = Registries(sessions, insecure_hosts=frozenset({source, target}))
        places = Side(source, SOURCE, ANONYMOUS), Side(target, repository, ANONYMOUS)
        return await registries.copy(CopyOrder(*places, digest, "1.0", "1.0"))


def _skopeo(source: str, target: str, repository: str) -> Cost:
    program = find_skopeo()
    assert program is not None
    command = [program, "copy", "--quiet", "--insecure-policy", "--all", "--src-tls-verify=false"]
    command += ["--dest-tls-verify=false", "--src-no-creds", "--dest-no-creds"]
    command += [f"docker://{source}/{SOURCE}:1.0", f"docker://{target}/{repository}:1.0"]
    begin = time.perf_counter()
    # Who may write nowhere keeps what it learns in memory; root would write to the machine's own folders.
    nobody = NOBODY if os.geteuid() == 0 else None
    environment = {**environment_of(program), "HOME": "/nowhere", "XDG_DATA_HOME": "/nowhere"}
    process = subprocess.Popen(command, env=environment, user=nobody)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Cost(time.perf_counter() - begin, usage.ru_maxrss / 1024)


def _shown(costs: list[Cost]) -> str:
    seconds, memory = _middle(costs, lambda cost: cost.seconds), max(cost.memory for cost in costs)
    at_rest = costs[0].at_rest
    above = f" ({memory - at_rest:.0f} MB above what it has at rest)" if at_rest else ""
    return f"{seconds:.2f} s by the clock, {memory:.0f} MB of memory at most{above}"


def _each(costs: list[Cost]) -> str:
    return ", ".join(f"{cost.seconds:.2f} s" for cost in costs)


def _middle(costs: list[Cost], of: Callable[[Cost], float]) -> float:
    return statistics.median(of(cost) for cost in costs)

"""What it costs to read 1,000 ranges of versions, and to ask one of them about 10,000 versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cpu import each, median, spent
from benchmarks.table import Row
from bot.selection import Constraint, Version

if TYPE_CHECKING:
    from benchmarks.progress import Progress

RANGES = 1_000
RUNS = 5
SHAPES = (
    "{a}.x", "~{a}.{b}", "^{a}.{b}.{c}", ">={a}.{b}.{c} <{d}.0.0", ">={a}.{b}, <{d}.{c} || ^{d}.{b}-0", "*",
    "{a}.{b} - {d}.{c}", ">={a}.{b}.{c}-rc.1 <{d}.0.0-0, !={a}.{b}.9", "={a}.{b}.{c}", "v{a}.{b}.*",
)  # fmt: skip
ASKED = ">=1.0.0-0 <40.0.0 || 41.x !=41.1.1"


def texts() -> list[str]:
    """Make ranges as policies hold them: most with one comparison, some with several, few with alternatives."""
    return [
        SHAPES[number % len(SHAPES)].format(a=number // 10, b=number % 13, c=number % 7, d=number // 10 + 1)
        for number in range(RANGES)
    ]


def versions() -> list[Version]:
    """Make 10,000 versions, a fifth of them pre-releases."""
    releases = [f"{n // 190}.{n // 10 % 19}.{n % 10}" for n in range(8_000)]
    return [Version.parse(text) for text in releases + [f"{n // 50}.0.0-rc.{n % 50}" for n in range(2_000)]]


def measure(progress: Progress) -> list[Row]:
    """Read and ask a few times, and give the medians."""
    written, known, asked = texts(), versions(), Constraint.parse(ASKED)
    read = [spent(lambda: [Constraint.parse(text) for text in written])[1] for _ in range(RUNS)]
    answered = [spent(lambda: [asked.allows(version) for version in known])[1] for _ in range(RUNS)]
    progress.say(f"reading: {each(read)}; asking: {each(answered)}")
    return [
        Row(f"reading {RANGES:,} ranges", median(read)),
        Row(f"asking a range about {len(known):,} versions", median(answered)),
    ]

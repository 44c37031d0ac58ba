"""What it costs to choose among 10,000 tags."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.table import Row
from bot.images import Platform, Tag
from bot.policies import load
from bot.selection import choose

if TYPE_CHECKING:
    from benchmarks.progress import Progress
    from bot.selection import Decision, SelectionRule

from datetime import UTC, datetime

RUNS = 5
POLICY = """version: 1
images:
  - image: ghcr.io/acme/api
    range: ">=1.0.0 <40.0.0"
"""
BOTH = frozenset({Platform("linux", "amd64"), Platform("linux", "arm64")})


def tags() -> list[Tag]:
    """Make 10,000 tags as builds leave them: releases, pre-releases, and tags that are no versions."""
    releases = [f"{n // 200}.{n // 10 % 20}.{n % 10}" for n in range(8000)]
    others = [f"{n // 50}.0.0-rc.{n % 50}" for n in range(1000)] + [f"sha-{n:07x}" for n in range(1000)]
    return [Tag(name, platforms=BOTH) for name in releases + others]


def measure(progress: Progress) -> list[Row]:
    """Choose a few times, and give the median."""
    rule, known = load(POLICY).images[0].rule, tags()
    current = next(tag for tag in known if tag.name == "1.4.2")
    times = [_timed(rule, known, current) for _ in range(RUNS)]
    progress.say(", ".join(f"{seconds * 1000:.0f} ms" for seconds in times))
    return [Row(f"choosing among {len(known):,} tags", f"{statistics.median(times) * 1000:.0f} ms of CPU")]


def _timed(rule: SelectionRule, known: list[Tag], current: Tag) -> float:
    begin = time.process_time()
    decision: Decision = choose(rule, known, current=current, now=datetime(2025, 1, 1, tzinfo=UTC))
    seconds = time.process_time() - begin
    assert decision.selected == known[7999], decision.sentence
    return seconds

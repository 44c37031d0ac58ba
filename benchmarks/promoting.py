"""What it costs to find, among 10,000 tags, those that 50 promotions have to look at."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from benchmarks.cpu import each, in_a_new_process, spent
from benchmarks.table import Row
from bot.policies import load
from bot.promotion import candidates

if TYPE_CHECKING:
    from benchmarks.progress import Progress

TAGS: Final = 10_000
PROMOTIONS: Final = 50
RUNS: Final = 5

CRITERIA: Final = (
    "[{tag: {ends-with: -stable}}]",
    "[{tag: {starts-with: v1.}}, {vulnerabilities: {severity: critical, at-most: 0}}]",
    "[{any: [{tag: {matches: '^v[0-9]+\\.[0-9]+\\.0-stable$'}}, {tag: {contains: -rc}}]}]",
    "[{tag: {not-one-of: [latest, edge]}}, {license: {not-one-of: [AGPL-3.0-only]}}]",
    "[{component: {not-one-of: [log4j-core]}}]",
)


def measure(progress: Progress) -> list[Row]:
    """Look through all tags for all promotions, each time in a new process, and give the median."""
    costs = [in_a_new_process(cost, PROMOTIONS) for _ in range(RUNS)]
    progress.say(f"{TAGS:,} tags against {PROMOTIONS} promotions: {each(costs)}")
    return [
        Row(
            f"{TAGS:,} tags against the criteria of {PROMOTIONS} promotions",
            f"{statistics.median(costs):.2f} s of CPU, {statistics.median(costs) / PROMOTIONS * 1000:.0f} ms each",
        )
    ]


def cost(count: int) -> float:
    """Do all of it once, and return the seconds of CPU."""
    written = "\n".join(
        f"  - {{name: p{number}, from: r.example/dev/a{number}, to: r.example/qa/a{number}, "
        f"when: {CRITERIA[number % len(CRITERIA)]}}}"
        for number in range(count)
    )
    promotions = load(f"version: 1\npromotions:\n{written}\n").promotions
    tags = [f"v1.{number // 100}.{number % 100}{suffix}" for number in range(TAGS // 4) for suffix in SUFFIXES]
    found, seconds = spent(lambda: [len(candidates(promotion, tags)) for promotion in promotions])
    assert all(found)
    return seconds


SUFFIXES: Final = ("", "-rc1", "-stable", "-dev")

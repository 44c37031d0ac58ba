"""What it costs to choose among 10,000 and 200,000 tags: the first time, and once more when one tag is new."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.cpu import each, in_a_new_process, median, spent
from benchmarks.table import Row
from bot.images import Platform, Tag
from bot.selection import Constraint, SelectionRule, Strategy, TagFilter, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.progress import Progress

COUNTS = {10_000: 5, 200_000: 3}
"""How many tags, and how often each choice is measured."""

MAJORS, MINORS = 40, 20
NOW = datetime(2026, 1, 4, tzinfo=UTC)
BOTH = frozenset({Platform("linux", "amd64"), Platform("linux", "arm64")})
STAMPED = TagFilter(r"^main-[0-9a-f]+-(?P<ts>[0-9]+)$", "$ts")


def versions(count: int) -> list[Tag]:
    """Make tags as releases leave them: a tenth pre-releases, a tenth no versions, the newest release last."""
    others = count // 10
    releases = count - 2 * others
    patches = -(-releases // (MAJORS * MINORS))
    names = [f"sha-{number:07x}" for number in range(others)]
    names += [f"{number % MAJORS}.0.0-rc.{number // MAJORS}" for number in range(others)]
    names += [f"{n // (MINORS * patches)}.{n // patches % MINORS}.{n % patches}" for n in range(releases)]
    return [Tag(name, platforms=BOTH) for name in names]


def builds(count: int) -> list[Tag]:
    """Make tags as builds of a branch leave them, each with its time of push, the newest last."""
    begin = NOW - timedelta(minutes=count)
    return [
        Tag(f"main-{commit(number)}-{20260104000000 + number}", None, begin + timedelta(minutes=number), BOTH)
        for number in range(count)
    ]


def stamps(count: int) -> list[Tag]:
    """Make tags that are ordered by their text, the greatest last."""
    begin = NOW - timedelta(minutes=count)
    times = [begin + timedelta(minutes=number) for number in range(count)]
    return [Tag(f"RELEASE.{instant:%Y-%m-%dT%H-%M-%SZ}", platforms=BOTH) for instant in times]


def commit(number: int) -> str:
    """Make a name of seven digits that differs for each number and follows no order."""
    return f"{number * 2654435761 % (1 << 28):07x}"


@dataclass(frozen=True, slots=True)
class Case:
    """A rule, and how the tags are made that it is asked about; the last of them is the best."""

    rule: SelectionRule
    tags: Callable[[int], list[Tag]]


CASES = {
    "semver": Case(SelectionRule(constraint=Constraint.parse(f">=1.0.0 <{MAJORS}.0.0")), versions),
    "newest-build": Case(SelectionRule(Strategy.NEWEST_BUILD), builds),
    "alphabetical": Case(SelectionRule(Strategy.ALPHABETICAL), stamps),
    "numerical with a filter": Case(SelectionRule(Strategy.NUMERICAL, filter=STAMPED), builds),
}


def measure(progress: Progress) -> list[Row]:
    """Choose a few times by each strategy, and give the medians."""
    rows = []
    for count, runs in COUNTS.items():
        for strategy in CASES:
            pairs = [in_a_new_process(timed, strategy, count) for _ in range(runs)]
            first, again = ([pair[which] for pair in pairs] for which in (0, 1))
            progress.say(f"{strategy}, {count:,} tags: {each(first)}; with one new tag {each(again)}")
            rows += [
                Row(f"choosing among {count:,} tags, {strategy}", median(first), target_of_first(strategy, count)),
                Row(f"the same with one new tag, {strategy}", median(again), "< 50 ms" if count == 200_000 else ""),
            ]
    return rows


def target_of_first(strategy: str, count: int) -> str:
    """Tell what to build for at a first pass."""
    return "< 100 ms" if (strategy, count) == ("semver", 10_000) else ""


def timed(strategy: str, count: int) -> tuple[float, float]:
    """Choose among `count` tags, then among one more; give the seconds of CPU of each.

    The second list is made anew, as one that comes from the database: it shares no objects with the first.
    """
    tags = CASES[strategy].tags(count + 1)
    current = tags[-count // 4]
    first = seconds_to_choose(strategy, listed(tags[:-1]), current, tags[-2].name)
    again = seconds_to_choose(strategy, listed(tags), current, tags[-1].name)
    return first, again


def listed(tags: list[Tag]) -> list[Tag]:
    """Put tags in the order in which registries list them, as new objects that lie side by side in that order."""
    rows = sorted((tag.name, tag.pushed_at) for tag in tags)
    return [Tag(name, None, pushed_at, BOTH) for name, pushed_at in pickle.loads(pickle.dumps(rows))]


def seconds_to_choose(strategy: str, tags: list[Tag], current: Tag, expected: str) -> float:
    """Choose once and check what was chosen."""
    decision, seconds = spent(lambda: choose(CASES[strategy].rule, tags, current=current, now=NOW))
    assert decision.selected is not None, decision.sentence
    assert decision.selected.name == expected, decision.sentence
    return seconds

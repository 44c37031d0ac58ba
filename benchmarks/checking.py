"""What it costs to ask every rule about 1,000 and 10,000 manifests, and about one that changed among them."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.cpu import each, in_a_new_process, spent
from benchmarks.finding import most_memory, speed
from benchmarks.table import Row
from benchmarks.trees import tree
from bot.findings import Known, Surroundings, check, joined, surroundings_of
from bot.policies.findings import RegistryPrefix, RuleSettings, settings_of
from bot.policies.rules import RULES, Severity

if TYPE_CHECKING:
    from benchmarks.progress import Progress

COUNTS = {1_000: 5, 10_000: 3}
"""How many manifests, and how often each figure is measured."""

CHANGED = "apps/0/deployment.yaml"


class Cost(NamedTuple):
    """Seconds of CPU, mebibytes before and at most, and how many findings there were."""

    cold: float
    changed: float
    before: float
    most: float
    findings: int


def measure(progress: Progress) -> list[Row]:
    """Check a few times, each time in a new process, and give the medians."""
    rows = []
    for count, runs in COUNTS.items():
        costs = [in_a_new_process(cost, count) for _ in range(runs)]
        cold, changed = [one.cold for one in costs], [one.changed for one in costs]
        progress.say(f"{count:,} manifests: all {each(cold)}; one changed {each(changed)}")
        size = sum(map(len, tree(count).values()))
        most = statistics.median(one.most - one.before for one in costs)
        before = statistics.median(one.before for one in costs)
        found = f"{costs[0].findings:,} findings"
        rows += [
            Row(f"all rules over {count:,} manifests", f"{speed(count, size, cold)}, {found}", target(count)),
            Row("the same with one of them changed", f"{statistics.median(changed) * 1000:.1f} ms of CPU"),
            Row(f"memory to check {count:,} manifests", f"{most:.0f} MB above {before:.0f} MB at rest"),
        ]
    return rows


def cost(count: int) -> Cost:
    """Do all of it once, in a process that has nothing in its memory yet."""
    files, rules = tree(count), every_rule()
    before = most_memory()
    found, cold = spent(lambda: check(files, rules))
    most = most_memory()
    assert {finding.path for finding in found} >= {CHANGED}
    around = joined(surroundings_of(path, content) for path, content in files.items() if path != CHANGED)
    content = files[CHANGED].replace(b"1.4.2", b"1.4.3")
    again, changed = spent(lambda: check_one(content, rules, around))
    assert again
    return Cost(cold, changed, before, most, len(found))


def check_one(content: bytes, rules: dict[str, RuleSettings], around: Surroundings) -> int:
    """Check both sides of a change to one file, what all others say being known; give how many findings there are."""
    before, known = tree(1)[CHANGED], Known(surroundings=around)
    return len(check({CHANGED: before}, rules, (), known)) + len(check({CHANGED: content}, rules, (), known))


def every_rule() -> dict[str, RuleSettings]:
    """Switch every rule on, with the options of its default and a list of registries where one is needed."""
    allowed = (("allow", (RegistryPrefix("ghcr.io", "acme"),)),)
    return {
        rule.id: RuleSettings(Severity.HIGH, (), allowed if rule.needs else settings_of(rule).options) for rule in RULES
    }


def target(count: int) -> str:
    """Tell what to build for."""
    return "< 1 s" if count == 1_000 else ""

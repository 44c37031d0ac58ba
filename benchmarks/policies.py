"""What it costs to load a policy file of 1,000 policies, once and again, and to refuse one of 10 MB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.cpu import each, in_a_new_process, median, spent
from benchmarks.table import Row
from bot.policies import PolicyFileError, load

if TYPE_CHECKING:
    from benchmarks.progress import Progress

POLICIES = 1_000
RUNS = 3
TEN_MEGABYTES = 10 << 20
HEAD = """version: 1

defaults:
  poll: 10m
  exclude: ['\\.(sig|att|sbom)$', '^sha-']
  update:
    paths: ["clusters/**", "!clusters/legacy/**"]

groups:
"""
GROUP = """  team-{number}:
    branch: niro/team-{number}
    labels: [dependencies, team-{number}]
    auto-merge: {{updates: [patch], window: {{days: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin}}}}
"""
GROUPS = 20
PLAIN = """  - image: ghcr.io/acme/service-{number}
    range: "^{major}.{minor}"
"""
GROUPED = """  - image: ghcr.io/acme/team-{group}/service-{number}   # shipped together
    name: team-{group}-service-{number}
    range: ">={major}.{minor}.0 <{next}.0.0"
    updates: [patch, minor]
    group: team-{group}
"""
STAMPED = """  - image: registry.example.com/builds/service-{number}
    strategy: numerical
    filter: {{pattern: '^main-[0-9a-f]+-(?P<ts>\\d+)$', extract: '$ts'}}
    pull-request:
      title: "Deploy {{image}} {{to}}"
      labels: [builds]
      auto-merge: true
"""
FOLLOWED = """  - image: docker.io/acme/tool-{number}
    strategy: digest
    track: stable
    pin-digest: always
    platforms: [linux/amd64, linux/arm64]
"""
CAREFUL = """  - image: quay.io/acme/database-{number}
    range: ~{major}.{minor}
    variant: keep
    min-age: 7d
    update: {{paths: ["databases/**"], mode: markers}}
    pull-request: {{branch: "niro/database-{number}", reviewers: [acme/databases], assignees: [octocat]}}
"""
KINDS = (PLAIN, GROUPED, PLAIN, GROUPED, PLAIN, STAMPED, GROUPED, FOLLOWED, PLAIN, CAREFUL)


def policy_file() -> str:
    """Write a file as a platform team keeps one: most policies short, some with many keys, comments here and there."""
    groups = [GROUP.format(number=number) for number in range(GROUPS)]
    policies = [
        KINDS[number % len(KINDS)].format(
            number=number, major=number % 9 + 1, next=number % 9 + 2, minor=number % 7, group=number % GROUPS
        )
        for number in range(POLICIES)
    ]
    return "".join([HEAD, *groups, "\nimages:\n", *policies])


def measure(progress: Progress) -> list[Row]:
    """Load and refuse a few times, and give the medians."""
    text = policy_file()
    runs = [in_a_new_process(timed) for _ in range(RUNS)]
    first, again, refused = ([run[which] for run in runs] for which in range(3))
    progress.say(f"{len(text) >> 10} KiB: {each(first)}; again {each(again)}; ten megabytes refused: {each(refused)}")
    return [
        Row(f"loading {POLICIES:,} policies", median(first)),
        Row("loading the same file again", median(again)),
        Row("refusing a policy file of 10 MB", median(refused), "< 100 ms"),
    ]


def timed() -> tuple[float, float, float]:
    """Load a file, load it again, and refuse one of 10 MB; give the seconds of CPU of each."""
    large = policy_file() * (TEN_MEGABYTES // len(policy_file()) + 1)
    return seconds_to_load(policy_file()), seconds_to_load(policy_file()), seconds_to_refuse(large)


def seconds_to_load(text: str) -> float:
    """Load a file and check that all of it was understood."""
    policies, seconds = spent(lambda: load(text))
    assert len(policies.images) == POLICIES, f"{len(policies.images)} policies were read"
    return seconds


def seconds_to_refuse(text: str) -> float:
    """Load a file that is too large, and check that it was refused."""
    refused, seconds = spent(lambda: is_refused(text))
    assert refused, "a file of 10 MB was read"
    return seconds


def is_refused(text: str) -> bool:
    """Whether a file is none that the bot works with."""
    try:
        load(text)
    except PolicyFileError:
        return True
    return False

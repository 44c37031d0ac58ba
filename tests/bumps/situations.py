"""Builders with defaults: a repository's files, its policies, tags, and what was decided."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.bumps import Base, Bump, decide, plan
from bot.images import Platform, Tag
from bot.manifests import find_images, update
from bot.policies import load
from bot.selection import Restriction

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
AMD64 = Platform("linux", "amd64")
ARM64 = Platform("linux", "arm64")
BOTH = frozenset({AMD64, ARM64})

POLICIES = """
version: 1
images:
  - image: ghcr.io/acme/app
    range: 1.x
"""


def pod(*images: str) -> bytes:
    lines = ["kind: Pod", "metadata: {name: shop}", "spec:", "  containers:"]
    lines += [f"    - {{name: c{number}, image: {image}}}" for number, image in enumerate(images)]
    return ("\n".join(lines) + "\n").encode()


def tag(name: str, platforms: frozenset[Platform] | None = BOTH, **facts: Any) -> Tag:
    return Tag(name, platforms=platforms, **facts)


def digest(number: int) -> str:
    return f"sha256:{number:064x}"


class Situation:
    """A repository at one moment: change one thing, then ask for the plan."""

    def __init__(self) -> None:
        self.policies = POLICIES
        self.files = {"app.yaml": pod("ghcr.io/acme/app:1.0.0")}
        self.tags = {"ghcr.io/acme/app": [tag("1.0.0"), tag("1.1.0")]}
        self.bumps: list[Bump] = []
        self.restrictions: tuple[Restriction, ...] = ()
        self.by_digest: dict[str, dict[str, Tag]] = {}
        self.base = Base("main", "c0ffee")

    @property
    def policy_file(self):
        return load(self.policies)

    @property
    def occurrences(self):
        return [found for path, content in self.files.items() for found in find_images(path, content)]

    @property
    def decisions(self):
        return decide(self.policy_file, self.occurrences, self.tags, self.restrictions, NOW, self.by_digest)

    def plan(self, anew=None):
        asked = (self.policy_file, self.occurrences, self.decisions, self.bumps, self.restrictions, self.base, NOW)
        return plan(*asked, anew)

    def edited(self) -> dict[str, bytes]:
        """Apply every wish of the plan to the files, each as its own pull request would."""
        files = dict(self.files)
        for item in self.plan():
            files |= update(self.files, item.targets).files
        return files

    def open(self, **changes: object) -> Bump:
        """Remember the bump that the plan opens now as an open pull request, and hand it back."""
        (item,) = self.plan()
        remembered = {
            "group": item.group,
            "branch": item.branch,
            "base": item.base.branch,
            "head": "head",
            "pull_request": 7,
            "fingerprint": item.fingerprint,
            "proposals": item.proposals,
        }
        bump = Bump(**remembered | changes)
        self.bumps = [bump]
        return bump

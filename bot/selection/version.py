"""A version as registries write it: read loosely, ordered strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final

import semver

from bot.images import quoted

LONGEST_VERSION: Final = 256
LARGEST_NUMBER: Final = 2**64 - 1
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_LOOSE = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-({_IDENTIFIERS}))?(?:\+({_IDENTIFIERS}))?")
_NUMBER_BEGUN_BY_ZERO = re.compile(r"(?:^|\.)0[0-9]+(?=\.|$)")


class InvalidVersion(ValueError):
    """A text that is no version. `.text` is the text as it came, `.reason` says what is wrong with it."""

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{quoted(text)} is not a version: {reason}")


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A semantic version. It compares by precedence (semver.org, rule 11): `v` and build metadata do not count.

    `release` holds major, minor and patch; `parts` tells how many of them were written. `prerelease` and `build` are
    "" where there is none. `original` is the text as it came.
    """

    original: str
    release: tuple[int, int, int]
    prerelease: str
    build: str
    parts: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version as github.com/Masterminds/semver's NewVersion coerces it; raise InvalidVersion.

        A `v` before it, a missing minor or patch number and leading zeros are fine; a number beyond 64 bits is not.
        """
        match = _LOOSE.fullmatch(text) if len(text) <= LONGEST_VERSION else None
        if match is None:
            raise InvalidVersion(text, "write it as major.minor.patch, for example 1.2.3 or v1.2.3-rc.1")
        major, minor, patch, prerelease, build = match.groups()
        release = (int(major), int(minor or 0), int(patch or 0))
        if max(release) > LARGEST_NUMBER:
            raise InvalidVersion(text, f"its numbers go up to {LARGEST_NUMBER}")
        if prerelease and _NUMBER_BEGUN_BY_ZERO.search(prerelease):
            raise InvalidVersion(text, "a number in its pre-release begins with 0")
        parts = 3 - (major, minor, patch).count(None)
        return cls(text, release, prerelease or "", build or "", parts)

    def __str__(self) -> str:
        return self.original

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.release == other.release and self.prerelease == other.prerelease

    def __hash__(self) -> int:
        return hash((self.release, self.prerelease))

    def __lt__(self, other: Version) -> bool:
        if self.release != other.release:
            return self.release < other.release
        if not self.prerelease or not other.prerelease:
            return bool(self.prerelease) and not other.prerelease
        return self._precedence() < other._precedence()

    @property
    def major(self) -> int:
        """The first number."""
        return self.release[0]

    @property
    def minor(self) -> int:
        """The second number, 0 where none was written."""
        return self.release[1]

    @property
    def patch(self) -> int:
        """The third number, 0 where none was written."""
        return self.release[2]

    def _precedence(self) -> semver.Version:
        return semver.Version(*self.release, prerelease=self.prerelease or None)

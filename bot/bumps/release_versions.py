"""The version that the name of a release or a tag tells: which component's, and what comes before what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 200

# "v1.2.3", "1.25-alpine", "app-v1.2.3", "app/v1.2", "chart@1.2.3": what is of a component stands before its version.
_NAME = re.compile(r"(?:(.+?)[-/@_])??v?([0-9]{1,20}(?:\.[0-9]{1,20}){0,3})(?:[-_.+](.*))?", re.ASCII)
_PRE_RELEASE = re.compile(
    r"(?:alpha|beta|rc|pre|preview|dev|snapshot|canary|nightly|m)[.0-9]*", re.ASCII | re.IGNORECASE
)
_PARTS = re.compile(r"[0-9]+|[a-z]+")
_NUMBERS: Final = 4

Key = tuple[tuple[int, ...], bool, tuple[tuple[int, str], ...]]


@dataclass(frozen=True, slots=True)
class ReleaseVersion:
    """A version by its numbers, and by how finished it is; a suffix that tells a variant (-alpine) does not count.

    `component` is what stands before it, "" where nothing does. `key` orders versions; `dots` counts the dots written.
    """

    component: str
    key: Key
    dots: int

    @property
    def is_finished(self) -> bool:
        """Whether it is no pre-release."""
        return self.key[1]

    def narrows(self, other: ReleaseVersion) -> bool:
        """Whether it is written with more numbers than another (1.25.3 than 1.25), and begins as that one."""
        written = other.dots + 1
        return self.dots > other.dots and self.key[0][:written] == other.key[0][:written]


def version_in(name: str) -> ReleaseVersion | None:
    """Read the version out of a name, None where it tells none."""
    match = _NAME.fullmatch(name) if len(name) <= LONGEST_NAME else None
    if match is None:
        return None
    component, written, rest = match.groups(default="")
    numbers = [int(number) for number in written.split(".")]
    key = tuple(numbers + [0] * (_NUMBERS - len(numbers)))
    unfinished = _PRE_RELEASE.match(rest.partition("-")[0])
    parts = tuple(map(_ordered, _PARTS.findall(unfinished[0].lower()))) if unfinished else ()
    return ReleaseVersion(component, (key, unfinished is None, parts), len(numbers) - 1)


def _ordered(part: str) -> tuple[int, str]:
    """Numbers order by their value and before words, as rule 11 of semver.org says."""
    return (int(part), "") if part.isdigit() else (10**21, part)

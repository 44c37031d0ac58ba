"""What follows the numbers of a version: how finished it is, a counter, and the suffix that tells its variant."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.selection.prerelease import RELEASED, PrereleaseKey, prerelease_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_PRE_RELEASE_PART: Final = re.compile(
    r"(?:alpha|beta|rc|pre|preview|dev|snapshot|canary|nightly|m)[.0-9]*", re.ASCII | re.IGNORECASE
)
_NUMBERS_PART: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_BUILD_PART: Final = re.compile(r"(?:build)?\.?(?:[0-9]+(?:\.[0-9]+)*)?", re.ASCII | re.IGNORECASE)
_ANY_PART: Final = re.compile(r"[0-9A-Za-z._]+")
_METADATA: Final = re.compile(r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")
_NUMBER: Final = re.compile(r"[0-9]+")
_REVISION: Final = re.compile(r"(?:r|rev|revision|b|build|p)\.?#", re.IGNORECASE)


class EndingStyle(NamedTuple):
    """How to read what follows the numbers.

    `counts`: a number that follows them directly (2024.1.5-2) is a counter, else a pre-release. `builds`: a number that
    follows `_`, with or without "build" before it, is a counter, a word of the suffix. `suffixes`: words between dashes
    that tell no pre-release are of the suffix, else they too are a pre-release.
    """

    counts: bool = False
    builds: bool = False
    suffixes: bool = True

    def signs(self) -> tuple[str, ...]:
        """With what a text may begin that follows the numbers."""
        return ("-", "_") if self.builds else ("-",)


class Ending(NamedTuple):
    """What follows the numbers. `suffix` has a "#" for each of its numbers, which are in `suffix_numbers`."""

    prerelease: str
    prerelease_key: PrereleaseKey
    counter: tuple[int, ...]
    suffix: str
    suffix_numbers: tuple[int, ...]


NO_ENDING: Final = Ending("", RELEASED, (), "", ())


def lasting_numbers(suffix: str, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Leave the revisions of builds out of a suffix's numbers: of "debian-#-r#" and (12, 5) the 12 lasts.

    A revision counts the builds of one version, so it is lower again for the next one.
    """
    lasting = []
    left = iter(numbers)
    for part in suffix.split("-"):
        of_part = list(islice(left, part.count("#")))
        if _REVISION.fullmatch(part) is None:
            lasting += of_part
    return tuple(lasting)


class _Kind(Enum):
    PRE_RELEASE = "pre-release"
    COUNTER = "counter"
    SUFFIX = "suffix"


@lru_cache(maxsize=16384)
def ending_of(rest: str, style: EndingStyle) -> Ending | None:
    """Read what follows the numbers of a version, from `-`, `_` or `+` on; None where it cannot be read.

    It is read by its parts between dashes: "rc.1", "beta2", "SNAPSHOT" tell a pre-release; digits alone belong to what
    stands before them (1.2.3-20240101 is a pre-release, the 12 of 1.2.3-debian-12-r5 is of the suffix); all else is of
    the suffix. The suffix "-alpine3.19" is "alpine#.#" with the numbers 3 and 19. Build metadata behind `+` counts for
    nothing.
    """
    body, plus, metadata = rest.partition("+")
    if (plus and _METADATA.fullmatch(metadata) is None) or (body and not body.startswith(style.signs())):
        return None
    found: dict[_Kind, list[tuple[str, str]]] = {kind: [] for kind in _Kind}
    for kind, sign, part in _classified(body, style):
        if kind is not _Kind.PRE_RELEASE and _ANY_PART.fullmatch(part) is None:
            return None
        found[kind].append((sign, part))
    prerelease = "-".join(part for _, part in found[_Kind.PRE_RELEASE])
    key = prerelease_key(prerelease)
    if key is None or (found[_Kind.PRE_RELEASE] and not prerelease):
        return None
    suffix = "".join(sign + part for sign, part in found[_Kind.SUFFIX]).removeprefix("-")
    counter = tuple(number for _, part in found[_Kind.COUNTER] for number in _numbers(part))
    return Ending(prerelease, key, counter, _NUMBER.sub("#", suffix), _numbers(suffix))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, _NUMBER.findall(text)))


def _classified(body: str, style: EndingStyle) -> Iterator[tuple[_Kind, str, str]]:
    """Tell of each part what it is; a number is what the part before it is."""
    kind = _Kind.COUNTER if style.counts else _Kind.PRE_RELEASE
    for sign, part in _parts(body, style):
        if sign == "_":
            kind = _Kind.SUFFIX if _BUILD_PART.fullmatch(part) is None else _Kind.COUNTER
        elif _NUMBERS_PART.fullmatch(part) is None:
            is_suffix = style.suffixes and _PRE_RELEASE_PART.fullmatch(part) is None
            kind = _Kind.SUFFIX if is_suffix else _Kind.PRE_RELEASE
        yield kind, sign, part


def _parts(body: str, style: EndingStyle) -> Iterator[tuple[str, str]]:
    """Split at dashes, and where builds are read also at the first underscore; with the sign before each part."""
    before, underscore, after = body.partition("_") if style.builds else (body, "", "")
    for part in before.split("-")[1:]:
        yield "-", part
    if underscore:
        build, *others = after.split("-")
        yield "_", build
        for part in others:
            yield "-", part

"""A tag read as a version: the family it belongs to, and where it is in the order of its family."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.selection.calendar_version import calendar
from bot.selection.dotted_version import dotted, dotted_of_four
from bot.selection.prerelease import RELEASED
from bot.selection.rule import UpdateKind, Variant, Versioning
from bot.selection.variants import NO_ENDING, EndingStyle, ending_of
from bot.selection.version import LARGEST_NUMBER, LONGEST_VERSION, Version

if TYPE_CHECKING:
    from bot.selection.variants import Ending
    from bot.selection.written import Written


class Family(NamedTuple):
    """What tags have in common that may replace each other.

    `v`: a `v` stands before the numbers. `parts`: how many numbers were written. `suffix`: its words with "#" for each
    number, "" where there is none. `form`: how the numbers are written where the versioning knows several ways (CALVER:
    "YYYY.", "YY.", "YYYY-MM-DD", "YYYYMMDD", the last two of three parts), else "".
    """

    v: bool
    parts: int
    suffix: str
    form: str = ""


class Reading(NamedTuple):
    """A tag that was read.

    `key` sorts as the tags do: (major, minor, patch, fourth number, pre-release, counter, numbers of the suffix), 0 or
    () where there is none. `text` is the version that a range sees, for Version.parse: without fourth number, counter
    and suffix.
    """

    family: Family
    key: tuple[Any, ...]
    text: str


ANY_FAMILY: Final = Family(False, 3, "")
_PLAIN_FAMILY: Final = ANY_FAMILY
_PLAIN_FAMILY_WITH_V: Final = Family(True, 3, "")
_THREE_NUMBERS: Final = re.compile(r"((v?)([0-9]{1,19})\.([0-9]{1,19})\.([0-9]{1,19}))(-.*)?", re.DOTALL).fullmatch
_DOTTED_NUMBER: Final = re.compile(r"v?[0-9]+\.[0-9]+")
_CALVER: Final = Versioning.CALVER
_FOUR_PART: Final = Versioning.FOUR_PART
_BUILD: Final = Versioning.BUILD
_ANY: Final = Variant.ANY
_WITH_SUFFIX: Final = EndingStyle()
_ALL_PRE_RELEASE: Final = EndingStyle(suffixes=False)
_THREE: Final = 3


def read(text: str, versioning: Versioning, variant: Variant) -> Reading | None:
    """Read a tag, or what was extracted from one, as a version; None where it is none in this versioning.

    - SEMVER: `v?N[.N[.N]]`, as Masterminds' NewVersion coerces it.
    - FOUR_PART: the same with up to four numbers; the fourth orders after the three.
    - BUILD: as SEMVER, and a number behind `_` orders after the version: 1.2.3_4, 1.2.3_build.4. A word there
      (1.2.3_amd64) tells a variant.
    - CALVER: a date, the year first (see `calendar`); a number behind `-` is a counter that orders after the date.

    Variant KEEP reads any count of numbers, and what follows them as `ending_of` tells. Variant ANY reads as Flux: it
    must split at dots into three, and all that follows `-` is a pre-release; dates may have two numbers or four.
    At most 256 characters; the three numbers go up to 2**64 - 1.
    """
    if len(text) > LONGEST_VERSION:
        return None
    match = _THREE_NUMBERS(text) if versioning is not _CALVER else None
    if match is not None:
        return _of_three_numbers(match, versioning, variant)
    written = _taken_apart(text, versioning)
    if written is None or (variant is _ANY and not _has_three_parts(text, versioning, written)):
        return None
    ending = ending_of(written.rest, _style(versioning, variant)) if written.rest else NO_ENDING
    return None if ending is None else _assembled(written, ending, variant)


def _of_three_numbers(match: re.Match[str], versioning: Versioning, variant: Variant) -> Reading | None:
    """Read three numbers and what follows a dash: nearly all tags are such, and there may be 200,000 of them."""
    version, v, major, minor, patch, rest = match.groups()
    if rest is None:
        key: tuple[Any, ...] = (int(major), int(minor), int(patch), 0, RELEASED, (), ())
        return Reading(_PLAIN_FAMILY_WITH_V if v and variant is not _ANY else _PLAIN_FAMILY, key, version)
    ending = ending_of(rest, _style(versioning, variant))
    if ending is None:
        return None
    prerelease, prerelease_key, counter, suffix, numbers = ending
    key = (int(major), int(minor), int(patch), 0, prerelease_key, counter, numbers)
    family = ANY_FAMILY if variant is _ANY else Family(v == "v", _THREE, suffix)
    return Reading(family, key, f"{version}-{prerelease}" if prerelease else version)


def _style(versioning: Versioning, variant: Variant) -> EndingStyle:
    if versioning is _CALVER or versioning is _BUILD:
        return EndingStyle(versioning is _CALVER, versioning is _BUILD, variant is not _ANY)
    return _ALL_PRE_RELEASE if variant is _ANY else _WITH_SUFFIX


def _taken_apart(text: str, versioning: Versioning) -> Written | None:
    if versioning is _CALVER:
        return calendar(text)
    return dotted_of_four(text) if versioning is _FOUR_PART else dotted(text)


def _has_three_parts(text: str, versioning: Versioning, written: Written) -> bool:
    if versioning is Versioning.SEMVER:
        return len(text.split(".", 2)) == _THREE  # 1-a.b.c splits into three too
    return versioning is Versioning.CALVER or len(written.numbers) == _THREE


def _assembled(written: Written, ending: Ending, variant: Variant) -> Reading | None:
    major, minor, patch, *_ = (*map(int, written.numbers), 0, 0)
    fourth = int(written.fourth or 0)
    if max(major, minor, patch, fourth) > LARGEST_NUMBER:
        return None
    key = (major, minor, patch, fourth, ending.prerelease_key, ending.counter, ending.suffix_numbers)
    text = ("v" if written.v else "") + ".".join(written.numbers)
    if ending.prerelease:
        text += "-" + ending.prerelease
    if len(text) > LONGEST_VERSION:
        return None  # the dots of 2024.01.05 made it longer than it came
    if variant is _ANY:
        return Reading(ANY_FAMILY, key, text)
    parts = len(written.numbers) + (written.fourth is not None)
    return Reading(Family(written.v, parts, ending.suffix, written.form), key, text)


def version_of(reading: Reading) -> Version:
    """Tell the version that a range sees: up to three numbers and the pre-release."""
    text = reading.text
    if "-" in text:
        return Version.parse(text)
    return Version(text, reading.key[:3], "", "", text.count(".") + 1)


def update_kind(before: Reading, after: Reading) -> UpdateKind:
    """Tell how far a change goes: by the first of the three numbers that differs, up or down.

    Where only the pre-release differs it is a PATCH, where only what orders after the version differs a BUILD.
    """
    old, new = before.key, after.key
    if old[0] != new[0]:
        return UpdateKind.MAJOR
    if old[1] != new[1]:
        return UpdateKind.MINOR
    if old[2] != new[2] or old[4] != new[4]:
        return UpdateKind.PATCH
    return UpdateKind.BUILD


def is_dotted_number(text: str) -> bool:
    """Whether a tag begins as a version, `v?N.N`, so that it stands for one whether or not it can be read."""
    return _DOTTED_NUMBER.match(text) is not None

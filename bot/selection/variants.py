"""Which family a tag belongs to: 1.2.3 and 1.3.0 are of one, 1.2.3-alpine and 1.2 of others."""

from __future__ import annotations

import re
from typing import Final

_NUMBERED: Final = re.compile(r"v?\d")
_THREE_NUMBERS: Final = re.compile(r"v?\d+\.\d+\.\d+(?P<rest>[-+].*)?")
_PRE_RELEASE_PART: Final = re.compile(
    r"(?:alpha|beta|rc|pre|preview|dev|snapshot|canary|nightly|m)?[.0-9]*", re.IGNORECASE
)


def suffix_of(name: str) -> str:
    """Read the suffix that tells a variant: "alpine3.19" of "1.2.3-rc.1-alpine3.19"; "" where there is none.

    Of what follows three numbers, parts between dashes that say how finished a version is (rc.1, beta2, or digits
    alone) belong to the version, and build metadata tells nothing; the rest is the suffix.
    """
    match = _THREE_NUMBERS.fullmatch(name)
    if match is None or match["rest"] is None:
        return ""
    parts = match["rest"].partition("+")[0].removeprefix("-").split("-")
    return "-".join(part for part in parts if not _PRE_RELEASE_PART.fullmatch(part))


def is_kept(name: str) -> bool:
    """Whether a choice can stay in the family of the tag that stands in a file.

    It can for three numbers without a suffix, and for words such as "latest", which belong to none.
    """
    if _NUMBERED.match(name) is None:
        return True
    return _THREE_NUMBERS.fullmatch(name) is not None and not suffix_of(name)

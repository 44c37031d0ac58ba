"""Whether a text may hold words that its bytes do not show, so that a look at the bytes tells nothing of it."""

from __future__ import annotations

import re
from typing import Final

# Escapes in double quotes that stand for a letter, a slash or a colon, and a line that goes on within a word (YAML
# 1.2.2, 5.7; the line ends are those of libyaml). Scripts break their lines with white space before the backslash.
# Both expressions begin with one byte, so that most of a text is passed over at once.
_ESCAPE: Final = re.compile(
    rb"\\(?:(?:x|u00|U000000)(?:[46][1-9a-fA-F]|[57][0-9aA]|2[fF]|3[aA])"
    rb"|(?<=[:/]\\)/"
    rb"|(?<=[A-Za-z:/]\\)(?:\r|\n|\xc2\x85|\xe2\x80[\xa8\xa9]))"
)
# The tag `!!binary`, whose values are base64: as it is mostly written, and what may be another way to write it.
_TAG: Final = re.compile(rb"![^\s!]{0,40}?(?:binary|%)")
_TAG_DIRECTIVE: Final = b"%TAG"


def may_hide_words(yaml: bytes) -> bool:
    r"""Whether a key or another word may be written so that nobody sees it: `"im\u0061ge"`, `!!binary aW1hZ2U=`."""
    if b"\\" in yaml and _ESCAPE.search(yaml) is not None:
        return True
    return b"!" in yaml and (_TAG_DIRECTIVE in yaml or _TAG.search(yaml) is not None)

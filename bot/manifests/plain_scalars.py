"""Whether a text can stand in YAML without quotes and still be read as a text, by every reader in use."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = frozenset(
    word
    for name in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
    for word in (name, name.capitalize(), name.upper())
) | {"", "~", "=", "<<"}

# Underscores are left out before: readers differ about where one may stand in a number.
_INTEGER: Final = r"0b[-+]?[01]*|0B[01]*|0o[-+]?[0-7]*|0O[0-7]*|0[xX][0-9a-fA-F]*"
_FLOAT: Final = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|\.|\.(?:inf|Inf|INF|nan|NaN|NAN)"
_SEXAGESIMAL: Final = r"[1-9][0-9]*(?::[0-5]?[0-9])+|[0-9]+(?::[0-5]?[0-9])+\.[0-9]*"
_NUMBER: Final = re.compile(rf"[-+]?(?:{_INTEGER}|{_FLOAT}|{_SEXAGESIMAL})")
_FIRST_OF_NUMBERS: Final = "-+.0123456789"
_TIME: Final = r"(?:[Tt]| +)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?"
_ZONE: Final = r" *(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?)"
_TIMESTAMP: Final = re.compile(rf"[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}(?:{_TIME}(?:{_ZONE})?)?")

_INDICATORS: Final = "-?:,[]{}#&*!|>'\"%@`"
_SAFE_INDICATORS: Final = "-?:"
_FLOW_SIGNS: Final = re.compile(r"[,\[\]{}?]")
_NEVER_PLAIN: Final = re.compile(r"^[ ]|: | #|[: ]$|^(?:---|\.\.\.)(?: |$)")
_ONE_LINE: Final = re.compile(r"[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")


def is_read_as_text(text: str, *, in_flow: bool) -> bool:
    """Whether a plain scalar of this text, on one line, is read as this text and as nothing else.

    `in_flow` says that it stands between the brackets of a flow collection. A type is another one if any of these
    readers takes it so: YAML 1.1 (yaml.org/type: bool, int, float, merge, null, timestamp, value; PyYAML), the core
    schema of YAML 1.2 (specification 1.2.2, section 10.3.2; ruamel.yaml), gopkg.in/yaml.v2 and v3 (resolve.go), by
    which kubectl, Helm and kustomize read. What can be plain at all: section 7.3.3, without what libyaml refuses or
    reads in another way (tabs, line breaks, a `?` between brackets).
    """
    return _is_plain(text, in_flow=in_flow) and text not in _WORDS and not _is_number_or_time(text)


def _is_number_or_time(text: str) -> bool:
    if text[0] not in _FIRST_OF_NUMBERS:
        return False
    return _NUMBER.fullmatch(text.replace("_", "")) is not None or _TIMESTAMP.fullmatch(text) is not None


def _is_plain(text: str, *, in_flow: bool) -> bool:
    if not _ONE_LINE.fullmatch(text) or _NEVER_PLAIN.search(text):
        return False
    if in_flow and (_FLOW_SIGNS.search(text) or text.startswith(":")):
        return False
    if text[:1] in _INDICATORS:
        return text[:1] in _SAFE_INDICATORS and len(text) > 1 and text[1] != " "
    return True

"""Which scalars are truth values and numbers to the reader of Kubernetes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.manifests.tree import Scalar

TRUE: Final = frozenset(
    {"y", "Y", "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"},
)
"""What sigs.k8s.io/yaml, by which Kubernetes reads manifests, takes for true (YAML 1.1, bool)."""
FALSE: Final = frozenset(
    {"n", "N", "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"},
)
"""What it takes for false."""

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_PREFIX: Final = "tag:yaml.org,2002:"
_BOOL: Final = f"{_PREFIX}bool"
_NULL: Final = f"{_PREFIX}null"
_NUMBERS: Final = frozenset({f"{_PREFIX}int", f"{_PREFIX}float"})
_LONGEST: Final = 40
_BASES: Final = (
    (re.compile(r"0x[0-9a-f]+"), 16),
    (re.compile(r"0b[01]+"), 2),
    (re.compile(r"0o?[0-7]+"), 8),
)
_DECIMAL: Final = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]{1,2})?")


def truth_of(scalar: Scalar) -> bool | None:
    """Tell which truth value a scalar is: one without quotes, or with the tag `!!bool`; None: it is none."""
    text = _untagged(scalar, frozenset({_BOOL}))
    return True if text in TRUE else False if text in FALSE else None


def number_of(scalar: Scalar) -> int | None:
    """Tell which whole number a scalar is: one without quotes, or with the tag `!!int` or `!!float`; None: it is none.

    `0x10`, `0b10`, `0o17`, `017`, `1_000`, `1.0` and `1e3` are whole numbers to Kubernetes.
    """
    return whole_number(_untagged(scalar, _NUMBERS))


def is_tagged_null(scalar: Scalar) -> bool:
    """Tell whether a scalar is null by its tag, `!!null`."""
    return scalar.tag == _NULL and scalar.value in _NULLS


def whole_number(text: str) -> int | None:
    """Read a text as the reader of Kubernetes reads a plain scalar; None where that is no whole number."""
    if not text or len(text) > _LONGEST or text[0] == "_":
        return None
    bare = text.replace("_", "").lower()
    sign = -1 if bare.startswith("-") else 1
    digits = bare[1:] if bare[:1] in {"-", "+"} else bare
    for form, base in _BASES:
        if form.fullmatch(digits):
            return sign * int(digits.replace("o", ""), base)
    if not digits.isascii() or not _DECIMAL.fullmatch(digits):
        return None
    number = float(digits)
    return sign * int(number) if number.is_integer() else None


def _untagged(scalar: Scalar, tags: frozenset[str]) -> str:
    """Give the text of a plain scalar, and of any with one of some tags; "" for others."""
    is_meant = not scalar.style if scalar.tag is None else scalar.tag in tags
    return str(scalar.value) if is_meant else ""

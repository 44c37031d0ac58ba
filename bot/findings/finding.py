"""One finding: what a rule found, where, how much it matters, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from bot.policies.rules import Severity

FINGERPRINT: Final = 32
"""Hexadecimal digits of a fingerprint."""

KIND: Final = 24
"""So many of them are the same for several findings of one rule about the same field of objects of one name."""


class Edit(NamedTuple):
    """A half-open range of byte offsets in the file, its byte order mark included, and the bytes to put there."""

    start: int
    end: int
    replacement: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found at one place.

    `line` and `end_line` are those of the value, from 1. `message` says in a sentence what is wrong, `mend` what to do
    about it ("" where the rule's page says it all); both may hold text of the repository, between backticks. `kind`,
    `namespace`, `name` tell the object, `container` the container's name, `field` the way of the value in its document;
    what there is not is "". `environment` is the name of the first environment that the file belongs to, None: of none.
    `fingerprint` stays the same when lines move. `about` are the things that are wrong there, as the image's name, the
    path of the node, what is missing: with another one more it is another finding for people, under the same
    fingerprint. `fix` mends it, None: nobody can tell how for certain.
    """

    rule: str
    severity: Severity
    path: str
    line: int
    end_line: int
    message: str
    fingerprint: str
    fix: Edit | None = None
    mend: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""
    container: str = ""
    field: str = ""
    environment: str | None = None
    about: tuple[str, ...] = ()

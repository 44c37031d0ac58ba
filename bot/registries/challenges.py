"""Reads WWW-Authenticate: one or several challenges, each a scheme with parameters (RFC 9110, section 11)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# Either `name=value` or `name="value"`, or a scheme: a word that no equals sign follows. Bare values are read
# more freely than the RFC allows: registries forget the quotes around addresses. Spaces are never given back (`*+`):
# thousands of them would be tried in every division.
PIECE = re.compile(
    rf"\s*+,?\s*+(?:(?P<name>{WORD})\s*=\s*(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<plain>[^\s,\"]+))"
    rf"|(?P<scheme>{WORD})(?!\s*=))(?=[\s,]|$)"
)
MOST_HEADERS = 16


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to authenticate that a registry offers. The scheme and the parameter names are in lower case."""

    scheme: str
    parameters: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return a parameter, or an empty text."""
        return self.parameters.get(name, "")


def parse_challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Return the challenges of all WWW-Authenticate headers, in order; from what cannot be read on, none.

    A parameter named twice keeps its first value, so that nothing appended later can replace it. Headers after the
    first sixteen are not read.
    """
    read = islice(headers, MOST_HEADERS)
    return tuple(challenge for header in read for challenge in _of_one_header(header))


def _of_one_header(header: str) -> Iterable[Challenge]:
    challenges: list[tuple[str, dict[str, str]]] = []
    position = 0
    while match := PIECE.match(header, position):
        position = match.end()
        if match["scheme"]:
            challenges.append((match["scheme"].lower(), {}))
        elif challenges:
            quoted = match["quoted"]
            value = match["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            challenges[-1][1].setdefault(match["name"].lower(), value)
    return (Challenge(scheme, parameters) for scheme, parameters in challenges)

"""Which words of scanners mean critical, major and minor."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from bot.images import quoted
from bot.policies.promotions import VulnerabilitySeverity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_SEVERITIES: Final = "critical=critical;major=high;minor=medium,low,negligible,unknown"
LONGEST_SEVERITIES: Final = 2_000
LEAST_CRITICAL_SCORE: Final = 9.0
"""The bounds of CVSS 3.1, section 5: critical from 9.0, high from 7.0."""
LEAST_MAJOR_SCORE: Final = 7.0

_COUNTED: Final = (VulnerabilitySeverity.MINOR, VulnerabilitySeverity.MAJOR, VulnerabilitySeverity.CRITICAL)
NO_WORD: Final = "unknown"
# Amazon's scanners say so of what nobody has rated yet.
_UNRATED: Final = frozenset({"", "undefined", "untriaged"})
_SLIGHT: Final = frozenset({"none", "info", "informational"})
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class InvalidSeverities(ValueError):
    """A text that is no map of severities. It says what is wrong and how one is written."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}; a map of severities is written like {DEFAULT_SEVERITIES}")


@dataclass(frozen=True, slots=True)
class Severities:
    """The words of scanners, in lower case, and the severity that each is counted as: CRITICAL, MAJOR or MINOR."""

    words: Mapping[str, VulnerabilitySeverity] = field(hash=False)
    DEFAULT: ClassVar[Severities]

    @classmethod
    def parse(cls, text: str) -> Severities:
        """Read "critical=critical;major=high;minor=medium,low,negligible,unknown"; raise InvalidSeverities.

        Every severity is there once, and no word counts as two. Letters may be large or small; spaces do not matter.
        """
        if len(text) > LONGEST_SEVERITIES:
            raise InvalidSeverities(f"it has more than {LONGEST_SEVERITIES} characters")
        words: dict[str, VulnerabilitySeverity] = {}
        found: set[VulnerabilitySeverity] = set()
        for severity, listed in _parts(text):
            if severity in found:
                raise InvalidSeverities(f"{severity.value} is there twice")
            found.add(severity)
            _add(words, severity, listed)
        missing = [severity.value for severity in reversed(_COUNTED) if severity not in found]
        if missing:
            raise InvalidSeverities(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
        return cls(words)

    def __str__(self) -> str:
        """Write the map as `parse` reads it."""
        severities = reversed(_COUNTED)
        return ";".join(f"{severity.value}={','.join(self._of(severity))}" for severity in severities)

    def _of(self, counted: VulnerabilitySeverity) -> list[str]:
        return [word for word, severity in self.words.items() if severity is counted]

    def of(self, word: str, score: float | None = None) -> VulnerabilitySeverity:
        """Tell what a vulnerability counts as, by its scanner's word and its CVSS score.

        A word of the map decides. Where there is no word, or the word is "unknown", the worse of the score and what the
        map says of "unknown" counts. A word that the map does not have counts as the score says, else as minor.
        """
        told = self._told(word)
        mapped = self.words.get(told)
        if mapped is not None and told != NO_WORD:
            return mapped
        return worst(mapped or VulnerabilitySeverity.MINOR, by_score(score))

    def is_clear(self, word: str, score: float | None = None) -> bool:
        """Tell whether `of` knows, rather than that it has neither a word of the map nor a score to go by.

        The words "none", "info" and "informational" need not be in the map: they are minor in every language of these.
        """
        told = self._told(word)
        return told in self.words or told in _SLIGHT or not (score is None or math.isnan(score))

    def _told(self, word: str) -> str:
        """Give the word as the map has it; "unknown" where there is none, or one that says that nobody knows."""
        told = word.strip().lower()
        return NO_WORD if told in _UNRATED and told not in self.words else told


def by_score(score: float | None) -> VulnerabilitySeverity:
    """Tell what a CVSS score counts as: critical from 9.0, major from 7.0, else minor, as where there is none."""
    if score is None or math.isnan(score) or score < LEAST_MAJOR_SCORE:
        return VulnerabilitySeverity.MINOR
    return VulnerabilitySeverity.CRITICAL if score >= LEAST_CRITICAL_SCORE else VulnerabilitySeverity.MAJOR


def worst(*severities: VulnerabilitySeverity) -> VulnerabilitySeverity:
    """Give the worst of some severities, none of which is ALL."""
    return max(severities, key=_COUNTED.index)


def _parts(text: str) -> Iterator[tuple[VulnerabilitySeverity, str]]:
    for part in text.split(";"):
        name, equals, listed = part.partition("=")
        severity = next((each for each in _COUNTED if each.value == name.strip().lower()), None)
        if not equals or severity is None:
            raise InvalidSeverities(f"{quoted(part.strip())} does not begin with critical=, major= or minor=")
        yield severity, listed


def _add(words: dict[str, VulnerabilitySeverity], severity: VulnerabilitySeverity, listed: str) -> None:
    for word in (each.strip().lower() for each in listed.split(",")):
        if not _WORD.fullmatch(word):
            raise InvalidSeverities(f"{quoted(word)} is no word for a severity")
        if word in words:
            raise InvalidSeverities(f"{word} is there twice")
        words[word] = severity


Severities.DEFAULT = Severities.parse(DEFAULT_SEVERITIES)

"""What was chosen and why: the value that a choice hands out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.images import Tag


class Fact(Enum):
    """Something about a tag that a rule may need and that only the registry can tell."""

    PLATFORMS = "platforms"
    DIGEST = "digest"
    PUSHED_AT = "pushed-at"


class Reason(Enum):
    """Why a decision came out as it did, and why a tag was not selected."""

    # of a decision
    NEWER = "newer"
    BEST = "best"  # nothing stood in the file to compare with
    CURRENT_IS_BEST = "current-is-best"
    CURRENT_UNFIT = "current-unfit"  # the rule does not accept what stood in the file
    NO_TAGS = "no-tags"
    NO_MATCH = "no-match"
    FACT_MISSING = "fact-missing"  # also of a tag
    NOT_YET_UNDERSTOOD = "not-yet-understood"
    # of a tag that was not selected
    NOT_A_VERSION = "not-a-version"
    EXCLUDED = "excluded"
    OUT_OF_RANGE = "out-of-range"
    PRE_RELEASE = "pre-release"
    OTHER_VARIANT = "other-variant"
    PLATFORM_MISSING = "platform-missing"
    OLDER_THAN_SELECTED = "older-than-selected"
    OLDER_THAN_CURRENT = "older-than-current"
    SAME_VERSION = "same-version"
    NOT_REACHED = "not-reached"  # a better tag waits for a fact


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason, and the same as a sentence that begins with the tag's name or stands alone."""

    reason: Reason
    sentence: str


class Explanation(Protocol):
    """Answers, when asked, why a tag was not selected."""

    def rejected(self) -> Iterable[tuple[Tag, Explained]]:
        """Every tag that was not selected, newest version first, with why."""

    def of(self, name: str) -> Explained | None:
        """Why the tag `name` was or was not selected; None when there is no such tag."""


@dataclass(frozen=True, slots=True)
class _Shortened:
    """Some reasons, already worked out."""

    known: tuple[tuple[Tag, Explained], ...]

    def rejected(self) -> Iterable[tuple[Tag, Explained]]:
        return self.known

    def of(self, name: str) -> Explained | None:
        return next((why for tag, why in self.known if tag.name == name), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """The tag that should stand in the file, or None, and why.

    `wanted` names facts that the rule needs and does not have, best candidate first: whoever asked fetches them and
    asks again. `rejected` and `explain` do their work when they are used, not before.
    """

    selected: Tag | None
    reason: Reason
    sentence: str
    wanted: tuple[tuple[Tag, Fact], ...] = ()
    explanation: Explanation | None = field(default=None, repr=False, compare=False)

    @property
    def rejected(self) -> Iterable[tuple[Tag, Explained]]:
        """Every tag that was not selected, newest version first, with why. Computed while it is iterated."""
        return self.explanation.rejected() if self.explanation else ()

    def shortened(self, most: int) -> Decision:
        """Keep the reasons of the `most` newest tags that were not selected, worked out now, and forget the others."""
        return replace(self, explanation=_Shortened(tuple(islice(self.rejected, most))))

    def explain(self, tag_name: str) -> Explained | None:
        """Tell why a tag was or was not selected; None when the repository has no such tag."""
        return self.explanation.of(tag_name) if self.explanation else None

"""What was chosen and why: the value that a choice hands out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.images import Tag
    from bot.selection.rule import UpdateKind


class Fact(Enum):
    """Something about a tag that a rule may need and that only the registry can tell."""

    PLATFORMS = "platforms"
    DIGEST = "digest"
    PUSHED_AT = "pushed-at"
    CREATED_AT = "created-at"


class Reason(Enum):
    """Why a decision came out as it did, and why a tag was not selected."""

    # of a decision
    NEWER = "newer"
    BEST = "best"  # nothing stood in the file to compare with
    CURRENT_IS_BEST = "current-is-best"
    CURRENT_UNFIT = "current-unfit"  # the rule does not accept what stood in the file
    DIGEST_ADDED = "digest-added"  # the tag stays, its digest is written beside it
    DIGEST_MOVED = "digest-moved"  # the tag stays, it is another image now
    PINNED = "pinned"
    HELD = "held"  # also of a tag, as the two below
    SNOOZED = "snoozed"
    IGNORED = "ignored"
    TURNED_DOWN = "turned-down"  # people closed or reverted it, and nothing better is there
    NO_TAGS = "no-tags"
    INCOMPLETE = "incomplete"  # not all tags could be listed
    NO_MATCH = "no-match"
    NO_CLOCK = "no-clock"  # nothing tells which build is newer; also of a tag
    FACT_MISSING = "fact-missing"  # also of a tag
    # of a tag that was not selected
    NOT_A_TAG = "not-a-tag"  # by its letters: it could not be written into a reference
    FILTERED_OUT = "filtered-out"
    EXCLUDED = "excluded"
    NOT_A_VERSION = "not-a-version"
    NOT_A_NUMBER = "not-a-number"
    OUT_OF_RANGE = "out-of-range"
    PRE_RELEASE = "pre-release"
    OTHER_VARIANT = "other-variant"
    UPDATE_NOT_WANTED = "update-not-wanted"  # too far from what stands in the file
    TOO_YOUNG = "too-young"
    AGE_UNKNOWN = "age-unknown"
    QUARANTINED = "quarantined"
    NOT_PINNED = "not-pinned"  # another tag is pinned
    NOT_TRACKED = "not-tracked"  # another tag is followed by its digest
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

    `digest` is what is to be written beside the tag, None: nothing is. `update` tells how far the change goes, None
    where nothing changes, nothing stood there, or what stood there (a word) is no version to count from.
    `reconsider_at` is the next moment at which the same facts may lead to another decision, because a tag will be old
    enough or a restriction ends; None: there is none.
    """

    selected: Tag | None
    reason: Reason
    sentence: str
    wanted: tuple[tuple[Tag, Fact], ...] = ()
    explanation: Explanation | None = field(default=None, repr=False, compare=False)
    digest: str | None = None
    update: UpdateKind | None = None
    reconsider_at: datetime | None = None

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

"""What makes a tag acceptable: the rule that a policy hands to the choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.selection import patterns
from bot.selection.constraint import Constraint
from bot.selection.filters import TagFilter  # noqa: TC001 - a field of a dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from bot.images import Platform

ANY_VERSION: Final = Constraint.parse("*")
SIGNATURES_AND_ATTESTATIONS: Final = (r"\.(sig|att|sbom)$",)


class Strategy(Enum):
    """How tags are ordered."""

    SEMVER = "semver"
    NEWEST_BUILD = "newest-build"
    DIGEST = "digest"
    ALPHABETICAL = "alphabetical"
    NUMERICAL = "numerical"


class Variant(Enum):
    """Whether a candidate must be of the family of the tag in the file: its `v`, its precision, its suffix."""

    KEEP = "keep"
    ANY = "any"


class Versioning(Enum):
    """How a tag is read as a version."""

    SEMVER = "semver"
    CALVER = "calver"
    FOUR_PART = "four-part"
    BUILD = "build"


class Clock(Enum):
    """What tells the newest build: when it was pushed (else first seen), first seen, or created."""

    PUSH = "push"
    FIRST_SEEN = "first-seen"
    CREATED = "created"


class Order(Enum):
    """Which end of an order is the best: the last one, or the first one."""

    ASCENDING = "asc"
    DESCENDING = "desc"


class UpdateKind(Enum):
    """How far a change goes. BUILD: the version's three numbers stay, or the tags are no versions."""

    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"
    BUILD = "build"
    DIGEST = "digest"


class PinDigest(Enum):
    """Whether the digest is written beside the tag. NEVER adds none; one that stands is moved with its tag."""

    NEVER = "never"
    IF_NOT_PRESENT = "if-not-present"
    ALWAYS = "always"


ALL_UPDATES: Final = frozenset(UpdateKind)


@dataclass(frozen=True, slots=True)
class SelectionRule:
    """Which tags may be chosen, and what orders them.

    `exclude` holds RE2 patterns that are searched anywhere in a tag. `platforms` are those an image must offer; None
    means those of the image in use. `track` is the tag that DIGEST follows, None the one in the file. `pin` is a tag or
    a digest ("sha256:..."): nothing else is chosen. Raises InvalidPattern when made with a pattern that RE2 refuses.
    """

    strategy: Strategy = Strategy.SEMVER
    constraint: Constraint = ANY_VERSION
    exclude: tuple[str, ...] = SIGNATURES_AND_ATTESTATIONS
    platforms: frozenset[Platform] | None = None
    variant: Variant = Variant.KEEP
    versioning: Versioning = Versioning.SEMVER
    updates: frozenset[UpdateKind] = ALL_UPDATES
    filter: TagFilter | None = None
    clock: Clock = Clock.PUSH
    track: str | None = None
    order: Order = Order.ASCENDING
    min_age: timedelta = timedelta(0)
    pin: str | None = None
    pin_digest: PinDigest = PinDigest.NEVER

    def __post_init__(self) -> None:
        for pattern in self.exclude:
            patterns.check(pattern)


class RestrictionKind(Enum):
    """What a person or the bot itself may lay upon an image."""

    HOLD = "hold"
    IGNORE = "ignore"
    PIN = "pin"
    SNOOZE = "snooze"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Something laid upon an image from outside its policy.

    It means the tag `tag`, the image `digest`, every version in `range`; where none of them is given, the image as a
    whole. `beyond` is a tag that was turned down (with `digest` only that image of it): nothing is chosen until
    something better than it is there, and for a pin, the pin counts until then. `until` is when it ends by itself,
    None: never. `reason` is a sentence of whoever laid it. `policy` is the policy that it was laid upon, None: each
    that it is handed to.
    """

    kind: RestrictionKind
    reason: str = ""
    tag: str | None = None
    digest: str | None = None
    range: Constraint | None = None
    until: datetime | None = None
    policy: str | None = None
    beyond: str | None = None

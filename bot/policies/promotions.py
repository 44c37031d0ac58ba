"""Which images move on to which repository, and when: the section `promotions`, checked and complete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.images import ImageReference

ANY_TAG: Final = "%n"
REPORT_AGE: Final = timedelta(hours=24)


class TextOperator(Enum):
    """How a name is compared. MATCHES searches a pattern of RE2 anywhere in it."""

    EQUALS = "equals"
    STARTS_WITH = "starts-with"
    ENDS_WITH = "ends-with"
    CONTAINS = "contains"
    ONE_OF = "one-of"
    NOT_ONE_OF = "not-one-of"
    MATCHES = "matches"


class NumberOperator(Enum):
    """How a count is compared."""

    AT_LEAST = "at-least"
    MORE_THAN = "more-than"
    EQUALS = "equals"
    NOT_EQUALS = "not-equals"
    AT_MOST = "at-most"
    LESS_THAN = "less-than"


class VulnerabilitySeverity(Enum):
    """Which vulnerabilities are counted."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    ALL = "all"


class PromotionMode(Enum):
    """Whether an image is copied at once, or the copy is proposed as a pull request."""

    COPY = "copy"
    PULL_REQUEST = "pull-request"


class Evidence(Enum):
    """Where facts about an image may come from. REPORT: posted by CI."""

    ATTESTATION = "attestation"
    REFERRERS = "referrers"
    REGISTRY = "registry"
    REPORT = "report"


EVIDENCE_BY_DEFAULT: Final = (Evidence.ATTESTATION, Evidence.REFERRERS, Evidence.REGISTRY)


@dataclass(frozen=True, slots=True)
class TagCriterion:
    """That the tag's name compares so. `values` holds one text, but for ONE_OF and NOT_ONE_OF at least one."""

    operator: TextOperator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComponentCriterion:
    """That any component of the image has a name that compares so; NOT_ONE_OF: that no component is among `values`."""

    operator: TextOperator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VulnerabilityCriterion:
    """That the number of vulnerabilities of a severity compares so with `count`, which is 0 or more."""

    severity: VulnerabilitySeverity
    operator: NumberOperator
    count: int


@dataclass(frozen=True, slots=True)
class LicenseCriterion:
    """That the image has one of these licences (ONE_OF), or none of them (NOT_ONE_OF)."""

    operator: TextOperator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """That every one of `criteria` holds; that is so where there are none."""

    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """That at least one of `criteria` holds."""

    criteria: tuple[Criterion, ...]


Criterion = TagCriterion | ComponentCriterion | VulnerabilityCriterion | LicenseCriterion | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class RequiredSignature:
    """Who must have signed the evidence. `identity` may hold `*`; `issuer` is the address of the identity provider."""

    identity: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion: images pushed to `source` for which `when` holds go to `target`.

    Neither has a tag or a digest. `tag_template` makes the new tag, with the keywords of `bot.policies.tag_templates`.
    `overwrite` lets an existing tag of other content be replaced, `existing` means today's tags too, `referrers` takes
    what refers to the image along. `max_report_age` is how old a report may be. `line` is where the promotion begins
    in its file, from 1.
    """

    name: str
    source: ImageReference
    target: ImageReference
    line: int
    when: AllOf = AllOf(())
    tag_template: str = ANY_TAG
    mode: PromotionMode = PromotionMode.COPY
    overwrite: bool = False
    existing: bool = False
    referrers: bool = True
    evidence: tuple[Evidence, ...] = EVIDENCE_BY_DEFAULT
    max_report_age: timedelta = REPORT_AGE
    require_signed: RequiredSignature | None = None

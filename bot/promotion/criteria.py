"""Criteria by their tags alone: which still leave a question, what must be known to answer it, and their words."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.policies.promotions import (
    AllOf,
    AnyOf,
    ComponentCriterion,
    Criterion,
    LicenseCriterion,
    TagCriterion,
    VulnerabilityCriterion,
)
from bot.promotion.comparing_text import comparer
from bot.promotion.verdicts import Outcome, all_hold, any_holds, outcome_of
from bot.promotion.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.policies.promotions import Promotion


class Need(Enum):
    """What must be known of an image."""

    COMPONENTS = "components"
    LICENSES = "licenses"
    VULNERABILITIES = "vulnerabilities"


_NEEDS: Final = {
    ComponentCriterion: Need.COMPONENTS,
    LicenseCriterion: Need.LICENSES,
    VulnerabilityCriterion: Need.VULNERABILITIES,
}


def needs(promotion: Promotion, tag: str) -> frozenset[Need]:
    """Tell what must still be known of the image behind `tag` once the criteria on tags are judged.

    There is nothing where these alone decide, and nothing for a branch that they decide.
    """
    return _needs(promotion.when, tag)


def _needs(criterion: Criterion, tag: str) -> frozenset[Need]:
    if by_tag(criterion)(tag) is not Outcome.UNKNOWN:
        return frozenset()
    if isinstance(criterion, AllOf | AnyOf):
        return frozenset[Need]().union(*(_needs(inner, tag) for inner in criterion.criteria))
    return frozenset({_NEEDS[type(criterion)]})


def leaves(criterion: Criterion) -> Iterator[Criterion]:
    """Give the criteria that are no groups, in the order of the policy file."""
    if isinstance(criterion, AllOf | AnyOf):
        for inner in criterion.criteria:
            yield from leaves(inner)
    else:
        yield criterion


def by_tag(criterion: Criterion) -> Callable[[str], Outcome]:
    """Give a function that judges a tag's name, all that is no criterion on tags being unknown. For many tags."""
    if isinstance(criterion, TagCriterion):
        compare = comparer(criterion.operator, criterion.values)
        return lambda tag: outcome_of(compare(tag))
    if isinstance(criterion, AllOf | AnyOf):
        join = all_hold if isinstance(criterion, AllOf) else any_holds
        inner = tuple(by_tag(each) for each in criterion.criteria)
        return lambda tag: join(judge(tag) for judge in inner)
    return lambda _: Outcome.UNKNOWN


def in_words(criterion: Criterion) -> str:
    """Say what a criterion asks, on one line: "vulnerabilities: critical at most 0"."""
    match criterion:
        case TagCriterion():
            return _compared("tag", criterion)
        case ComponentCriterion():
            return _compared("component", criterion)
        case LicenseCriterion():
            return _compared("license", criterion)
        case VulnerabilityCriterion(severity, operator, count):
            return f"vulnerabilities: {severity.value} {_spaced(operator.value)} {count}"
        case AllOf():
            return "all of these"
        case AnyOf():
            return "any of these"


def _compared(subject: str, criterion: TagCriterion | ComponentCriterion | LicenseCriterion) -> str:
    return f"{subject}: {_spaced(criterion.operator.value)} {listed(criterion.values)}"


def _spaced(word: str) -> str:
    return word.replace("-", " ")

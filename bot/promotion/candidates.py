"""Which tags a promotion may take, told from their names alone: quickly, for ten thousands of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.policies.promotions import AllOf, AnyOf, TagCriterion
from bot.promotion.comparing_text import comparer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.policies.promotions import Criterion, Promotion


def candidates(promotion: Promotion, names: Iterable[str]) -> list[str]:
    """Give the names of tags, in their order, that the promotion's criteria do not exclude.

    All that is not a criterion on tags counts as unknown, so it excludes nothing.
    """
    possible = _possible(promotion.when)
    return list(names) if possible is None else [name for name in names if possible(name)]


def _possible(criterion: Criterion) -> Callable[[str], bool] | None:
    """Give what tells whether a name can still meet `criterion`; None where each name can.

    No criterion is ever negated, so what is unknown may be taken to hold: nothing else than "false" is at stake.
    """
    if isinstance(criterion, TagCriterion):
        return comparer(criterion.operator, criterion.values)
    if not isinstance(criterion, AllOf | AnyOf):
        return None
    inner = [_possible(each) for each in criterion.criteria]
    asked = tuple(each for each in inner if each is not None)
    if isinstance(criterion, AllOf):
        return _all(asked) if asked else None
    return _any(asked) if len(asked) == len(inner) else None


def _all(asked: tuple[Callable[[str], bool], ...]) -> Callable[[str], bool]:
    if len(asked) == 1:
        return asked[0]
    return lambda name: all(each(name) for each in asked)


def _any(asked: tuple[Callable[[str], bool], ...]) -> Callable[[str], bool]:
    if len(asked) == 1:
        return asked[0]
    return lambda name: any(each(name) for each in asked)

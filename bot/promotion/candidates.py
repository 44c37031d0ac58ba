"""Which tags a promotion may take, told from their names alone: quickly, for ten thousands of them."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING, Final

from bot.policies.promotions import AllOf, AnyOf, TagCriterion, TextOperator
from bot.promotion.comparing_text import comparer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.policies.promotions import Criterion, Promotion


_ATTACHED: Final = re.compile(r"sha256-[0-9a-f]{64}(?:\.[a-z0-9]+)?")
"""Tags of what is kept beside an image: its referrers (OCI distribution 1.1, "Referrers Tag Schema"), and cosign's."""


def candidates(promotion: Promotion, names: Iterable[str]) -> list[str]:
    """Give the names of tags, in their order, that the promotion's criteria do not exclude.

    All that is not a criterion on tags counts as unknown, so it excludes nothing. What is kept beside an image
    goes with it, and is no image itself.
    """
    possible = _possible(promotion.when)
    met = names if possible is None else filter(possible, names)
    return [name for name in met if not _ATTACHED.fullmatch(name)]


def _possible(criterion: Criterion) -> Callable[[str], bool] | None:
    """Give what tells whether a name can still meet `criterion`; None where each name can.

    No criterion is ever negated, so what is unknown may be taken to hold: nothing else than "false" is at stake.
    """
    if isinstance(criterion, TagCriterion):
        return comparer(criterion.operator, criterion.values)
    if not isinstance(criterion, AllOf | AnyOf):
        return None
    inner = [_possible(each) for each in sorted(criterion.criteria, key=_cost)]
    asked = [each for each in inner if each is not None]
    if isinstance(criterion, AllOf):
        return reduce(_both, asked) if asked else None
    return reduce(_either, asked or [_never]) if len(asked) == len(inner) else None


def _cost(criterion: Criterion) -> int:
    """Order criteria by how long they take: patterns after other comparisons, and groups last."""
    if isinstance(criterion, TagCriterion):
        return int(criterion.operator is TextOperator.MATCHES)
    return 2


def _both(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda name: one(name) and other(name)


def _either(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda name: one(name) or other(name)


def _never(_: str) -> bool:
    return False

"""What a changed policy file means for promotions, before it counts: which come, go and change, and what they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.policies.promotions import AllOf, AnyOf
from bot.promotion.criteria import in_words
from bot.safe_text import code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.policies.promotions import Criterion, Promotion


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known of a promotion that is proposed.

    lacking: why it could not be carried out, a sentence; "" where nothing is in the way. fitting: how many of the tags
    that stand in its source now its criteria on tags let through; None where that is not to be told.
    """

    lacking: str = ""
    fitting: int | None = None


def promotions_preview(
    before: Sequence[Promotion], after: Sequence[Promotion], prospects: Mapping[str, Prospect]
) -> list[str]:
    """Say in Markdown, a line each, what would be otherwise with promotions after the merge.

    `before` is of the file in force, `after` of the proposed one, `prospects` by the name of a promotion of `after`.
    """
    standing = {promotion.name: promotion for promotion in before}
    lines: list[str] = []
    for promotion in after:
        earlier = standing.pop(promotion.name, None)
        if earlier is None or _meaning(earlier) != _meaning(promotion):
            lines += _told(promotion, prospects.get(promotion.name, Prospect()), is_new=earlier is None)
    return lines + [f"- {code(name)} would end; what it copied stays." for name in standing]


def _meaning(promotion: Promotion) -> Promotion:
    return replace(promotion, line=0)


def _told(promotion: Promotion, prospect: Prospect, *, is_new: bool) -> Iterator[str]:
    verb = "would begin" if is_new else "would change"
    way = f"from {code(str(promotion.source))} to {code(str(promotion.target))}"
    yield f"- {code(promotion.name)} {verb}: {way}, each tag as {code(promotion.tag_template)}{_when(promotion)}."
    if promotion.existing:
        many = "those of today's tags" if prospect.fitting is None else f"{prospect.fitting:,} of today's tags"
        yield f"  - It would also look at {many} that fit; `niro promote --dry-run` shows what becomes of each."
    if prospect.lacking:
        yield f"  - It could not be carried out: {prospect.lacking}."


def _when(promotion: Promotion) -> str:
    if not promotion.when.criteria:
        return ", without criteria"
    return f", when {' and '.join(map(_words, promotion.when.criteria))}"


def _words(criterion: Criterion) -> str:
    """Say what a criterion asks; groups in brackets."""
    match criterion:
        case AnyOf(criteria):
            return f"({' or '.join(map(_words, criteria))})"
        case AllOf(criteria):
            return f"({' and '.join(map(_words, criteria))})"
        case _:
            return code(in_words(criterion))

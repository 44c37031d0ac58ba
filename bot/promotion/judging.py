"""Judging one image: every criterion of its promotion, on every platform, the worst of which counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.policies.promotions import AllOf, AnyOf, TagCriterion
from bot.promotion.criteria import by_tag, in_words
from bot.promotion.severities import Severities
from bot.promotion.verdicts import Judged, Outcome, Verdict, all_hold, any_holds

if TYPE_CHECKING:
    from datetime import datetime

    from bot.policies.promotions import Criterion, Promotion
    from bot.promotion.evidence import ImageEvidence


def judge(
    promotion: Promotion,
    tag: str,
    evidence: ImageEvidence | None,
    now: datetime,
    severities: Severities = Severities.DEFAULT,
) -> Verdict:
    """Judge the image behind `tag` by what is known of it; None: nothing was asked for. `now` is aware."""
    judged = tuple(_judged(each, tag) for each in promotion.when.criteria)
    outcome = all_hold(each.outcome for each in judged)
    return Verdict(outcome, judged, outcome.value, evidence.refused if evidence else ())


def _judged(criterion: Criterion, tag: str) -> Judged:
    if isinstance(criterion, TagCriterion):
        return Judged(in_words(criterion), by_tag(criterion)(tag), tag)
    if isinstance(criterion, AllOf | AnyOf):
        inner = tuple(_judged(each, tag) for each in criterion.criteria)
        join = all_hold if isinstance(criterion, AllOf) else any_holds
        return Judged(in_words(criterion), join(each.outcome for each in inner), inner=inner)
    return Judged(in_words(criterion), Outcome.UNKNOWN, "not looked at")

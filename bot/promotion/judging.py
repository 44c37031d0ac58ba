"""Judging one image: every criterion of its promotion, on every platform, the worst of which counts."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from bot.policies.promotions import (
    AllOf,
    AnyOf,
    ComponentCriterion,
    LicenseCriterion,
    TagCriterion,
    VulnerabilityCriterion,
)
from bot.promotion.admitting import admitted
from bot.promotion.component_judging import judge_component, judge_license
from bot.promotion.criteria import by_tag, in_words, leaves
from bot.promotion.platform_facts import PlatformFacts, Terms, told
from bot.promotion.severities import Severities
from bot.promotion.summing_up import summed_up
from bot.promotion.verdicts import Judged, Outcome, Verdict, all_hold, any_holds
from bot.promotion.vulnerability_judging import excused, judge_vulnerabilities
from bot.promotion.wording import MOST_LISTED, counted, joined, on_platform, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.policies.promotions import Criterion, Promotion
    from bot.promotion.evidence import ImageEvidence
    from bot.promotion.platform_facts import Finding


def judge(
    promotion: Promotion,
    tag: str,
    evidence: ImageEvidence | None,
    now: datetime,
    severities: Severities = Severities.DEFAULT,
) -> Verdict:
    """Judge the image behind `tag` by what is known of it at `now` (aware).

    evidence: None where nothing was asked for, because the tag alone decides: all but tags is unknown then. Only what
    is from where the promotion allows, and signed where it demands so, counts. All criteria are judged and listed, also
    those that change nothing any more; on each of them the worst platform counts.
    """
    known = None if evidence is None else admitted(evidence, promotion)
    missing = () if known is None else _missing(known, promotion)
    terms = Terms(now, promotion.max_report_age, severities, missing)
    facts = None if known is None else [PlatformFacts(each, terms) for each in known.platforms]
    judged = tuple(_judged(each, tag, facts) for each in promotion.when.criteria)
    outcome = all_hold(each.outcome for each in judged)
    refused, pending = ((), ()) if known is None else (known.refused, known.pending)
    sentence = summed_up(outcome, judged, pending, _excuses(promotion, facts or ()))
    return Verdict(outcome, judged, sentence, refused, pending)


def _excuses(promotion: Promotion, platforms: Sequence[PlatformFacts]) -> list[str]:
    """Give for each vulnerability that VEX excuses who does so, once for all platforms."""
    asked = [each for each in leaves(promotion.when) if isinstance(each, VulnerabilityCriterion)]
    found = {
        (vulnerability.name, vulnerability.component): excuse.source
        for criterion, facts in product(asked, platforms)
        for vulnerability, excuse in excused(criterion, facts)
    }
    return [who for source in found.values() for who in told([source])]


def _missing(evidence: ImageEvidence, promotion: Promotion) -> tuple[str, ...]:
    """Give what is said of reports that may still tell of more. None of them is signed, so they may be nothing here."""
    return () if promotion.require_signed is not None else (*evidence.pending, *evidence.unread)


def _judged(criterion: Criterion, tag: str, facts: list[PlatformFacts] | None) -> Judged:
    if isinstance(criterion, TagCriterion):
        return Judged(in_words(criterion), by_tag(criterion)(tag), shown(tag), ("the tag",))
    if isinstance(criterion, AllOf | AnyOf):
        return _judged_together(criterion, tuple(_judged(each, tag, facts) for each in criterion.criteria))
    if not facts:
        seen = "not looked at" if facts is None else "the image has no platform"
        return Judged(in_words(criterion), Outcome.UNKNOWN, seen)
    return _worst_of(criterion, [(each, _on(criterion, each)) for each in facts])


def _judged_together(criterion: AllOf | AnyOf, inner: tuple[Judged, ...]) -> Judged:
    join = all_hold if isinstance(criterion, AllOf) else any_holds
    holding = sum(each.outcome is Outcome.TRUE for each in inner)
    seen = f"{holding} of {counted(len(inner), 'criterion', 'criteria')} {'holds' if holding == 1 else 'hold'}"
    return Judged(in_words(criterion), join(each.outcome for each in inner), seen, inner=inner)


def _on(criterion: ComponentCriterion | LicenseCriterion | VulnerabilityCriterion, facts: PlatformFacts) -> Finding:
    if isinstance(criterion, ComponentCriterion):
        return judge_component(criterion, facts)
    if isinstance(criterion, LicenseCriterion):
        return judge_license(criterion, facts)
    return judge_vulnerabilities(criterion, facts)


def _worst_of(criterion: Criterion, found: list[tuple[PlatformFacts, Finding]]) -> Judged:
    """Join what was found on the platforms; what the outcome is from stands first."""
    outcome = all_hold(finding.outcome for _, finding in found)
    decisive_first = sorted(found, key=lambda each: each[1].outcome is not outcome)
    seen = joined([on_platform(finding.seen, facts.platform) for facts, finding in decisive_first])
    return Judged(in_words(criterion), outcome, seen, _sources(finding.sources for _, finding in decisive_first))


def _sources(of_platforms: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    found = dict.fromkeys(source for sources in of_platforms for source in sources)
    left = len(found) - MOST_LISTED
    return (*islice(found, MOST_LISTED), *((f"and {left:,} more",) if left > 0 else ()))

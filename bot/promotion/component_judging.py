"""Criteria on the names and the licences of components, on one platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.policies.promotions import TextOperator
from bot.promotion.comparing_text import comparer
from bot.promotion.license_expressions import LicenseRule
from bot.promotion.platform_facts import Finding
from bot.promotion.verdicts import Outcome, all_hold, any_holds, opposite, outcome_of
from bot.promotion.wording import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.policies.promotions import ComponentCriterion, LicenseCriterion
    from bot.promotion.platform_facts import PlatformFacts

MOST_EXPRESSIONS: Final = 1_000_000
"""Characters of licence expressions that are read on one platform, which takes seconds; what is beyond is unknown."""

_NO_LIST: Final = "no list of components"
_NO_PACKAGE: Final = "no package among the components"


def judge_component(criterion: ComponentCriterion, facts: PlatformFacts) -> Finding:
    """Judge the names of components: some component compares so, or for NOT_ONE_OF none is among the values.

    UNKNOWN without a list of components. A component has its name as written, and the names in its package URL.
    """
    if not facts.has_inventory:
        return Finding(Outcome.UNKNOWN, _NO_LIST)
    negative = criterion.operator is TextOperator.NOT_ONE_OF
    compare = comparer(TextOperator.ONE_OF if negative else criterion.operator, criterion.values)
    found = [title for names, titles in facts.components.items() if any(map(compare, names)) for title in titles]
    among = sum(map(len, facts.components.values()))
    seen = listed(found) if found else f"none such among {counted(among, 'component', 'components')}"
    outcome = outcome_of(bool(found))
    return Finding(opposite(outcome) if negative else outcome, seen, facts.inventory_sources)


def judge_license(criterion: LicenseCriterion, facts: PlatformFacts) -> Finding:
    """Judge licences.

    ONE_OF: some component may be used under these licences alone. NOT_ONE_OF: every component may be used without any
    of them. A component that says no licence, or none that can be understood, is unknown. All of several licences hold.
    Without a single package nothing is known: there is hardly an image of none, and rather a tool that found none.
    """
    if not facts.has_inventory:
        return Finding(Outcome.UNKNOWN, _NO_LIST)
    if not facts.licenses:
        return Finding(Outcome.UNKNOWN, _NO_PACKAGE, facts.inventory_sources)
    alone = criterion.operator is TextOperator.ONE_OF
    judged = _judged(LicenseRule(criterion.values, alone=alone), facts)
    outcome = (any_holds if alone else all_hold)(each for each, _, _ in judged)
    decisive = [(licenses, titles) for each, licenses, titles in judged if each is outcome]
    seen = _seen(outcome, decisive) if _is_worth_naming(outcome, alone=alone) else _nothing_seen(facts, alone=alone)
    return Finding(outcome, seen, facts.inventory_sources)


_Judged = tuple[Outcome, tuple[str, ...], tuple[str, ...]]


def _judged(rule: LicenseRule, facts: PlatformFacts) -> list[_Judged]:
    """Judge each combination of licences, with the components that have it."""
    judged: list[_Judged] = []
    room = MOST_EXPRESSIONS
    for licenses, titles in facts.licenses.items():
        room -= sum(map(len, licenses))
        readable = bool(licenses) and room >= 0
        outcome = all_hold(rule.judge(each) for each in licenses) if readable else Outcome.UNKNOWN
        judged.append((outcome, licenses, titles))
    return judged


def _is_worth_naming(outcome: Outcome, *, alone: bool) -> bool:
    """Whether some components decide: one that is licensed so, one that must not be, or one that does not say."""
    return outcome is Outcome.UNKNOWN or (outcome is Outcome.TRUE) is alone


def _nothing_seen(facts: PlatformFacts, *, alone: bool) -> str:
    components = counted(sum(map(len, facts.licenses.values())), "component", "components")
    return f"no licence of {components} is among them" if alone else f"none of {components} needs one of them"


def _seen(outcome: Outcome, decisive: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> str:
    if outcome is Outcome.UNKNOWN:
        titles = tuple(
            dict.fromkeys(f"{title} ({_written(licenses)})" for licenses, all_of in decisive for title in all_of)
        )
        return f"no licence that is understood for {counted(len(titles), 'component', 'components')}: {listed(titles)}"
    return listed([f"{_written(licenses)} of {listed(titles, 3)}" for licenses, titles in decisive])


def _written(licenses: tuple[str, ...]) -> str:
    return shown(" and ".join(licenses[:3])) if licenses else "none told"

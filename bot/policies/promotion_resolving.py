"""From what was written about promotions to what is meant: criteria as values, contradictions and loops found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.images import canonical_host
from bot.policies.problems import Problem, shown_key
from bot.policies.promotion_loops import loops
from bot.policies.promotions import (
    AllOf,
    AnyOf,
    ComponentCriterion,
    Criterion,
    Evidence,
    LicenseCriterion,
    NumberOperator,
    Promotion,
    RequiredSignature,
    TagCriterion,
    TextOperator,
    VulnerabilityCriterion,
)
from bot.policies.tree import place_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.images import ImageReference
    from bot.policies.promotion_sections import (
        ComponentSection,
        CriterionSection,
        LicenseSection,
        PromotionSection,
        TagSection,
        VulnerabilitiesSection,
    )
    from bot.policies.tree import Node

MOST_DEPTH: Final = 8
_ATTACHED: Final = frozenset({Evidence.ATTESTATION, Evidence.REFERRERS})
_EVIDENT: Final = (ComponentCriterion, LicenseCriterion, VulnerabilityCriterion)


def resolve_promotions(sections: Sequence[PromotionSection], root: Node) -> tuple[tuple[Promotion, ...], list[Problem]]:
    """Give the promotions in the order of the file.

    Problems are two of one name, a promotion to where the image comes from, promotions that lead in a circle, criteria
    nested more than eight deep, signatures that are demanded where nothing is to be signed, and criteria on components
    where nothing can tell of them. `root` is the file that places are told of.
    """
    problems: list[Problem] = []
    promotions = []
    for index, section in enumerate(sections):
        problems += _too_deep(section.when, ("promotions", index, "when"), root, 1)
        if not problems:
            promotions.append(_promotion(section, index, root))
    if problems:
        return (), problems
    finders = (_named_twice, _circles, _signed_for_nothing, _never_known)
    return tuple(promotions), [problem for find in finders for problem in find(promotions, root)]


def _promotion(section: PromotionSection, index: int, root: Node) -> Promotion:
    signed = section.require_signed
    return Promotion(
        name=section.name,
        source=section.source,
        target=section.target,
        line=place_of_value(root, ("promotions", index)).line,
        when=AllOf(_criteria(section.when)),
        tag_template=section.tag_template,
        mode=section.mode,
        overwrite=section.overwrite,
        existing=section.existing,
        referrers=section.referrers,
        evidence=tuple(dict.fromkeys(section.evidence)),
        max_report_age=section.max_report_age,
        require_signed=None if signed is None else RequiredSignature(signed.identity, signed.issuer),
    )


def _criteria(sections: Sequence[CriterionSection]) -> tuple[Criterion, ...]:
    return tuple(_criterion(section) for section in sections)


def _criterion(section: CriterionSection) -> Criterion:
    """Turn the one key of a criterion that is written into a value."""
    if section.tag is not None:
        return TagCriterion(*_compared(section.tag))
    if section.component is not None:
        return ComponentCriterion(*_compared(section.component))
    if section.license is not None:
        return LicenseCriterion(*_compared(section.license))
    if section.vulnerabilities is not None:
        return _counted(section.vulnerabilities)
    if section.any_of is not None:
        return AnyOf(_criteria(section.any_of))
    return AllOf(_criteria(section.all_of or ()))


def _compared(section: TagSection | ComponentSection | LicenseSection) -> tuple[TextOperator, tuple[str, ...]]:
    operator = TextOperator(section.written())
    value = getattr(section, operator.value.replace("-", "_"))
    return operator, value if isinstance(value, tuple) else (value,)


def _counted(section: VulnerabilitiesSection) -> VulnerabilityCriterion:
    operator = NumberOperator(section.written())
    return VulnerabilityCriterion(section.severity, operator, getattr(section, operator.value.replace("-", "_")))


def _too_deep(
    sections: Sequence[CriterionSection], location: tuple[str | int, ...], root: Node, depth: int
) -> Iterator[Problem]:
    for index, section in enumerate(sections):
        for key, nested in (("any", section.any_of), ("all", section.all_of)):
            here = (*location, index, key)
            if nested is None:
                continue
            if depth == MOST_DEPTH:
                place = place_of_value(root, here)
                yield Problem(place.line, place.column, key, f"criteria are nested at most {MOST_DEPTH} deep")
            else:
                yield from _too_deep(nested, here, root, depth + 1)


def _named_twice(promotions: Sequence[Promotion], root: Node) -> Iterator[Problem]:
    first: dict[str, Promotion] = {}
    for index, promotion in enumerate(promotions):
        earlier = first.setdefault(promotion.name, promotion)
        if earlier is not promotion:
            said = f"the promotion in line {earlier.line} is named {promotion.name} too; give this one another `name`"
            yield _problem(root, index, "name", said)


def _circles(promotions: Sequence[Promotion], root: Node) -> Iterator[Problem]:
    routes = [(_repository(promotion.source), _repository(promotion.target)) for promotion in promotions]
    for index, circle in loops(routes):
        if len(circle) == 1:
            yield _problem(root, index, "to", _same(promotions[index]))
        else:
            stations = [promotions[each].source.name for each in circle]
            way = " -> ".join([*stations, stations[0]])
            names = ", ".join(promotions[each].name for each in circle)
            yield _problem(root, index, "to", f"promotions lead in a circle: {way} ({names})")


def _repository(image: ImageReference) -> str:
    """Name a repository so that it is one place however its host is written."""
    return f"{canonical_host(image.host)}/{image.repository}"


def _same(promotion: Promotion) -> str:
    source, target = promotion.source.name, promotion.target.name
    if source == target:
        return f"`from` and `to` are both {shown_key(source)}"
    return f"`from` and `to` are one repository, written {shown_key(source)} and {shown_key(target)}"


def _signed_for_nothing(promotions: Sequence[Promotion], root: Node) -> Iterator[Problem]:
    """Find signatures that would make an image no safer: nothing asks for evidence, or none that can be signed."""
    for index, promotion in enumerate(promotions):
        if promotion.require_signed is None:
            continue
        if not _asks_for(promotion.when, _EVIDENT):
            said = "`require-signed` says who signs the evidence, and no criterion asks for evidence"
            yield _problem(root, index, "require-signed", said)
        elif _ATTACHED.isdisjoint(promotion.evidence):
            said = (
                "`evidence` lists neither `attestation` nor `referrers`, and with `require-signed` nothing else counts"
            )
            yield _problem(root, index, "evidence", said)


def _never_known(promotions: Sequence[Promotion], root: Node) -> Iterator[Problem]:
    """Find criteria that no image can meet: registries and CI report vulnerabilities, and SBOMs are attached."""
    for index, promotion in enumerate(promotions):
        if promotion.require_signed is not None or not _ATTACHED.isdisjoint(promotion.evidence):
            continue
        if _hangs_on(promotion.when, (ComponentCriterion, LicenseCriterion)):
            said = (
                "`evidence` lists neither `attestation` nor `referrers`, and nothing else tells the components and"
                " licences that a criterion asks for"
            )
            yield _problem(root, index, "evidence", said)


def _asks_for(criterion: Criterion, kinds: tuple[type[Criterion], ...]) -> bool:
    if isinstance(criterion, AllOf | AnyOf):
        return any(_asks_for(inner, kinds) for inner in criterion.criteria)
    return isinstance(criterion, kinds)


def _hangs_on(criterion: Criterion, kinds: tuple[type[Criterion], ...]) -> bool:
    """Whether nothing can meet a criterion without meeting one of some kinds."""
    if isinstance(criterion, AnyOf):
        return bool(criterion.criteria) and all(_hangs_on(inner, kinds) for inner in criterion.criteria)
    if isinstance(criterion, AllOf):
        return any(_hangs_on(inner, kinds) for inner in criterion.criteria)
    return isinstance(criterion, kinds)


def _problem(root: Node, index: int, key: str, message: str) -> Problem:
    place = place_of_value(root, ("promotions", index, key))
    return Problem(place.line, place.column, key, message)

"""What a repository's policy file says that is less strict than its organisation enforces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.policies import enforced_keys
from bot.policies.finding_kinds import DEFAULT
from bot.policies.finding_resolving import rule_section, rule_settings
from bot.policies.problems import Problem, problem_at
from bot.policies.rules import RULES_BY_ID
from bot.policies.strictness import MEASURES, OPTIONS, SEVERITY
from bot.policies.tree import MappingNode, place_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.policies.findings import RuleSettings
    from bot.policies.models import FileSection
    from bot.policies.section import Section
    from bot.policies.tree import Node

_RULES = ("findings", "rules")
_Location = tuple[str | int, ...]


def lax_places(
    own: FileSection, file: FileSection, organisation: FileSection, root: Node, positions: Sequence[int]
) -> Iterator[Problem]:
    """Find where a repository is less strict than what its organisation's `enforce` names.

    `own` is what the repository wrote, `file` the same laid over the organisation's, `root` the repository's file, and
    `positions` tells for each of `own.images` which item of its list it is.
    """
    yield from _lax_policies(own, organisation, root, positions)
    yield from _lax_findings(own, organisation, root)
    yield from _lax_rules(file, organisation, root)
    yield from _waivers(own, organisation, root)


def _lax_policies(
    own: FileSection, organisation: FileSection, root: Node, positions: Sequence[int]
) -> Iterator[Problem]:
    """Find what an image policy, a group or the defaults say that is less strict than the organisation's defaults."""
    sections: list[tuple[_Location, Section]] = [(("defaults",), own.defaults)]
    sections += [(("images", position), image) for position, image in zip(positions, own.images, strict=True)]
    groups: list[tuple[_Location, Section]] = [(("groups", name), group) for name, group in own.groups.items()]
    for key in _enforced(organisation, enforced_keys.OF_POLICIES):
        steps = tuple(key.removeprefix(enforced_keys.DEFAULTS).split("."))
        demanded = _effective(organisation.defaults, steps)
        for location, section in sections:
            yield from _lax(key, demanded, section, steps, (root, location))
        if key.startswith(enforced_keys.PULL_REQUEST):
            for location, group in groups:
                yield from _lax(key, demanded, group, steps[1:], (root, location))


def _lax_findings(own: FileSection, organisation: FileSection, root: Node) -> Iterator[Problem]:
    for key in _enforced(organisation, enforced_keys.OF_FINDINGS):
        steps = (key.removeprefix(enforced_keys.FINDINGS),)
        demanded = _effective(organisation.findings, steps)
        yield from _lax(key, demanded, own.findings, steps, (root, ("findings",)))


def _lax(
    key: str, demanded: object, section: Section, steps: tuple[str, ...], at: tuple[Node, _Location]
) -> Iterator[Problem]:
    """Tell the problem of a key that is written in `section`, and less strict than what is demanded."""
    measure, (root, location) = MEASURES[key], at
    if _is_written(section, steps) and not measure.is_as_strict(_effective(section, steps), demanded):
        yield _problem(root, (*location, *steps), f"`{steps[-1]}` {measure.demand(demanded)}")


def _lax_rules(file: FileSection, organisation: FileSection, root: Node) -> Iterator[Problem]:
    """Find the rules that matter less here than the organisation says, or look at less."""
    environments = (None, *(environment.name for environment in file.environments))
    for key in _enforced(organisation, enforced_keys.OF_RULES):
        rule = RULES_BY_ID[key.removeprefix(enforced_keys.RULES)]
        settings = rule_settings(rule, rule_section(file.findings, rule.id))
        demanded = rule_settings(rule, rule_section(organisation.findings, rule.id))
        if any(demanded.severity_in(environment) is not None for environment in environments):
            yield from _lax_severities(rule.id, settings, demanded, environments, root)
            yield from _lax_options(rule.id, settings, demanded, root)


def _lax_severities(
    rule: str, settings: RuleSettings, demanded: RuleSettings, environments: Sequence[str | None], root: Node
) -> Iterator[Problem]:
    """Find severities that are too low: of those written in one place, each demand once."""
    told: set[tuple[_Location, str]] = set()
    for environment in environments:
        least = demanded.severity_in(environment)
        location, demand = _severity_location(root, rule, environment), SEVERITY.demand(least)
        if not SEVERITY.is_as_strict(settings.severity_in(environment), least) and (location, demand) not in told:
            told.add((location, demand))
            where = "" if environment is None else f" in {environment}"
            yield _problem(root, location, f"the severity of `{rule}` {demand}{where}", rule)


def _lax_options(rule: str, settings: RuleSettings, demanded: RuleSettings, root: Node) -> Iterator[Problem]:
    for option, value in demanded.options:
        measure = OPTIONS.get(option)
        if measure is not None and not measure.is_as_strict(settings.option(option), value):
            yield _problem(root, (*_RULES, rule, option), f"`{option}` {measure.demand(value)}")


def _waivers(own: FileSection, organisation: FileSection, root: Node) -> Iterator[Problem]:
    for index, waiver in enumerate(own.findings.ignore):
        if f"{enforced_keys.RULES}{waiver.rule}" in organisation.enforce:
            yield _problem(root, ("findings", "ignore", index, "rule"), f"`{waiver.rule}` cannot be ignored here")


def _severity_location(root: Node, rule: str, environment: str | None) -> _Location:
    """Tell where the severity in an environment is written: by its name, else for all, else as the only one."""
    location = (*_RULES, rule)
    forms = [(*location, "severity"), location]
    names = [DEFAULT] if environment is None else [environment, DEFAULT]
    candidates = [(*form, name) for name in names for form in forms]
    return next((each for each in (*candidates, *forms) if _exists(root, each)), location)


def _exists(root: Node, location: _Location) -> bool:
    node = root
    for step in location:
        if not isinstance(node, MappingNode) or step not in node.entries:
            return False
        node = node.entries[str(step)].value
    return True


def _enforced(organisation: FileSection, keys: Sequence[str]) -> list[str]:
    """Tell which keys are enforced; with merging goes the delivery, for a commit is not merged by anyone."""
    enforced = {*organisation.enforce}
    if enforced_keys.AUTO_MERGE in enforced:
        enforced.add(enforced_keys.DELIVERY)
    return [key for key in keys if key in enforced]


def _is_written(section: Section, steps: Sequence[str]) -> bool:
    current: Any = section
    for step in steps:
        name = step.replace("-", "_")
        if name not in current.model_fields_set:
            return False
        current = getattr(current, name)
    return True


def _effective(section: Section, steps: Sequence[str]) -> object:
    """Give the value of a key, or what holds where it is not written."""
    current: Any = section
    for step in steps:
        current = getattr(current, step.replace("-", "_"))
    return current


def _problem(root: Node, location: _Location, message: str, key: str | None = None) -> Problem:
    named = key or str(location[-1])
    return problem_at(place_of_value(root, location), named, f"{message}, as the organisation enforces")

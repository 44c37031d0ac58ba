"""From what was written about findings to what is meant: defaults filled in, names looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.policies.finding_kinds import DEFAULT
from bot.policies.finding_sections import RULE_SECTIONS, RuleSection
from bot.policies.findings import Environment, Findings, OptionValue, PullSecret, RuleSettings, Waiver, settings_of
from bot.policies.problems import Problem, shown_key, suggestion
from bot.policies.rules import RULES, Rule, Severity
from bot.policies.tree import ListNode, MappingNode, place_of_key, place_of_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.policies.finding_sections import (
        EnvironmentSection,
        FindingsSection,
        PullSecretSection,
        WaiverSection,
    )
    from bot.policies.tree import Node

_RULES = ("findings", "rules")
_IGNORE = ("findings", "ignore")


def resolve_findings(
    section: FindingsSection, environments: Sequence[EnvironmentSection], root: Node
) -> tuple[Findings, list[Problem]]:
    """Complete the settings of every rule.

    Severities for environments that `environments` does not name are problems, and so is a rule that lacks the option
    it needs. `root` is the file that the places of problems and waivers are told of.
    """
    names = [environment.name for environment in environments]
    problems: list[Problem] = []
    settings = []
    for rule in RULES:
        written = rule_section(section, rule.id)
        problems += _unknown_environments(rule, written, names, root)
        problems += _lacking_options(rule, written, root)
        settings.append((rule.id, rule_settings(rule, written)))
    waivers = tuple(_waiver(waiver, index, root) for index, waiver in enumerate(section.ignore))
    return Findings(section.fail_on, section.comment_on, tuple(settings), waivers), problems


def resolve_environments(
    sections: Sequence[EnvironmentSection], root: Node
) -> tuple[tuple[Environment, ...], list[Problem]]:
    """Give the environments in the order of the file; two of one name are a problem."""
    names = [section.name for section in sections]
    problems = list(_said_twice("environments", "name", names, root))
    return tuple(Environment(section.name, section.paths) for section in sections), problems


def resolve_pull_secrets(
    sections: Sequence[PullSecretSection], root: Node
) -> tuple[tuple[PullSecret, ...], list[Problem]]:
    """Give the pull secrets in the order of the file; two for one registry are a problem."""
    registries = [str(section.registry) for section in sections]
    problems = list(_said_twice("pull-secrets", "registry", registries, root))
    return tuple(PullSecret(section.registry, section.name) for section in sections), problems


def rule_section(section: FindingsSection, rule: str) -> RuleSection:
    """Give what was written about a rule, by its id; an empty section where nothing was."""
    written: RuleSection | None = getattr(section.rules, rule.replace("-", "_"))
    return RULE_SECTIONS[rule]() if written is None else written


def rule_settings(rule: Rule, section: RuleSection) -> RuleSettings:
    """Lay what was written about a rule over what holds without it.

    A severity under `default` replaces the rule's own for every environment, those for environments come on top.
    """
    own = settings_of(rule)
    options = tuple((name, _option(section, name, value)) for name, value in own.options)
    if rule.needs is not None and not dict(options)[rule.needs]:
        return RuleSettings(None, (), options)
    severities = severities_over(section.severity, {DEFAULT: rule.severity, **dict(rule.by_environment)})
    by_environment = tuple((name, severity) for name, severity in severities.items() if name != DEFAULT)
    return RuleSettings(severities[DEFAULT], by_environment, options)


def severities_over(
    written: Mapping[str, Severity | None], below: Mapping[str, Severity | None]
) -> dict[str, Severity | None]:
    """Lay severities by environment over others: where a `default` is written, nothing of the others is left."""
    return dict(written) if DEFAULT in written else {**below, **written}


def _option(section: RuleSection, name: str, value: OptionValue) -> OptionValue:
    written: OptionValue | None = getattr(section, name.replace("-", "_"))
    return value if written is None else written


def _unknown_environments(
    rule: Rule, section: RuleSection, environments: Collection[str], root: Node
) -> Iterator[Problem]:
    known = {DEFAULT, *environments}
    hinted = {*known, "severity", *(option.name for option in rule.options)}
    for name in section.severity:
        if name not in known:
            said = f"{shown_key(name)} is not the name of an environment{suggestion(name, hinted)}"
            yield _problem_at_key(root, (*_RULES, rule.id, name), (*_RULES, rule.id, "severity", name), said)


def _lacking_options(rule: Rule, section: RuleSection, root: Node) -> Iterator[Problem]:
    is_on = any(severity is not None for severity in section.severity.values())
    if rule.needs is not None and is_on and not getattr(section, rule.needs.replace("-", "_")):
        place = place_of_key(root, (*_RULES, rule.id))
        said = f"`{rule.id}` needs the option `{rule.needs}`, with at least one item"
        yield Problem(place.line, place.column, rule.id, said)


def _problem_at_key(root: Node, short: tuple[str, ...], long: tuple[str, ...], message: str) -> Problem:
    """Place a problem at a key that may stand in either of two forms."""
    *above, key = short
    holds_it = _node_at(root, above)
    location = short if isinstance(holds_it, MappingNode) and key in holds_it.entries else long
    place = place_of_key(root, location)
    return Problem(place.line, place.column, key, message)


def _waiver(section: WaiverSection, index: int, root: Node) -> Waiver:
    own = _node_at(root, _IGNORE)
    is_own = isinstance(own, ListNode) and index < len(own.items)
    line = place_of_value(root, (*_IGNORE, index)).line if is_own else None
    return Waiver(section.rule, section.paths, section.reason, section.until, line)


def _said_twice(where: str, key: str, values: Sequence[str], root: Node) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        earlier = first.setdefault(value, index)
        if earlier != index:
            place = place_of_value(root, (where, index, key))
            line = place_of_value(root, (where, earlier)).line
            yield Problem(
                place.line, place.column, key, f"{shown_key(value)} stands here a second time, first in line {line}"
            )


def _node_at(root: Node, location: Sequence[str]) -> Node | None:
    node: Node | None = root
    for key in location:
        entry = node.entries.get(key) if isinstance(node, MappingNode) else None
        node = None if entry is None else entry.value
    return node

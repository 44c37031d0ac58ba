"""Counting vulnerabilities: each once in a component, however many scanners and under whatever names they report it."""

from __future__ import annotations

import operator
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.policies.promotions import NumberOperator, VulnerabilitySeverity
from bot.promotion.components import PackageKey, key_of
from bot.promotion.severities import worst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.promotion.evidence import ScanReport, Vulnerability
    from bot.promotion.severities import Severities

_COMPARISONS: Final[Mapping[NumberOperator, Callable[[int, int], bool]]] = {
    NumberOperator.AT_LEAST: operator.ge,
    NumberOperator.MORE_THAN: operator.gt,
    NumberOperator.EQUALS: operator.eq,
    NumberOperator.NOT_EQUALS: operator.ne,
    NumberOperator.AT_MOST: operator.le,
    NumberOperator.LESS_THAN: operator.lt,
}
_ORDER: Final = (VulnerabilitySeverity.CRITICAL, VulnerabilitySeverity.MAJOR, VulnerabilitySeverity.MINOR)


@dataclass(frozen=True, slots=True)
class DistinctVulnerability:
    """One vulnerability of one component. names: its identifier and aliases, in capitals."""

    names: frozenset[str]
    component: PackageKey
    severity: VulnerabilitySeverity

    @property
    def name(self) -> str:
        """Its best known name: the CVE, where it has one."""
        return min(self.names, key=lambda name: (not name.startswith("CVE-"), name))


def compares(count: int, how: NumberOperator, bound: int) -> bool:
    """Tell whether a count compares so with a criterion's number."""
    return _COMPARISONS[how](count, bound)


def distinct(reports: Iterable[ScanReport], severities: Severities) -> tuple[DistinctVulnerability, ...]:
    """Join reports on one image: what shares a name (identifier or alias) in one component is one vulnerability.

    It has the worst of its severities. Qualifiers of package URLs do not tell components apart, and a component of
    which only name@version is known is the one with a package URL of that name and version, where there is one. The
    worst come first.
    """
    found = [each for report in reports for each in report.vulnerabilities]
    keys = _keys({each.component for each in found})
    by_component: defaultdict[PackageKey, list[Vulnerability]] = defaultdict(list)
    for vulnerability in found:
        by_component[keys[vulnerability.component]].append(vulnerability)
    joined = (each for key, listed in by_component.items() for each in _joined(key, listed, severities))
    return tuple(sorted(joined, key=lambda each: (_ORDER.index(each.severity), each.name, each.component)))


def _keys(components: Iterable[str]) -> dict[str, PackageKey]:
    keys = {text: key_of(text) for text in sorted(components)}
    by_name: dict[PackageKey, PackageKey] = {}
    for key in keys.values():
        for name in _plain_names(key):
            by_name.setdefault(PackageKey("", "", name, key.version), key)
    return {text: by_name.get(key, key) for text, key in keys.items()}


def _plain_names(key: PackageKey) -> tuple[str, ...]:
    if not key.type:
        return ()
    return (key.name, f"{key.namespace}/{key.name}", f"{key.namespace}:{key.name}") if key.namespace else (key.name,)


def _joined(
    key: PackageKey, vulnerabilities: Sequence[Vulnerability], severities: Severities
) -> Iterator[DistinctVulnerability]:
    """Join those that share names, also by way of a third."""
    names = [sorted({name.upper() for name in (each.id, *each.aliases)}) for each in vulnerabilities]
    groups = _Groups()
    for listed in names:
        groups.join(listed)
    members: defaultdict[str, list[int]] = defaultdict(list)
    for at, listed in enumerate(names):
        members[groups.root(listed[0])].append(at)
    for same in members.values():
        severity = worst(*(severities.of(vulnerabilities[at].severity, vulnerabilities[at].score) for at in same))
        yield DistinctVulnerability(frozenset(name for at in same for name in names[at]), key, severity)


class _Groups:
    """Names in groups, each with one of them that stands for all."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def join(self, names: Sequence[str]) -> None:
        first = self.root(names[0])
        for name in names[1:]:
            self._parents[self.root(name)] = first

    def root(self, name: str) -> str:
        parents = self._parents
        while (parent := parents.setdefault(name, name)) != name:
            parents[name] = parents.setdefault(parent, parent)
            name = parent
        return name

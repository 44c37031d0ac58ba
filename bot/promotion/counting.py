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
_CVE: Final = "CVE-"
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
        return min(self.names, key=lambda name: (not _is_cve(name), name))


def compares(count: int, how: NumberOperator, bound: int) -> bool:
    """Tell whether a count compares so with a criterion's number."""
    return _COMPARISONS[how](count, bound)


def distinct(reports: Iterable[ScanReport], severities: Severities) -> tuple[DistinctVulnerability, ...]:
    """Join reports on one image: what shares a name (identifier or alias) in one component is one vulnerability.

    Two CVEs are two, though one advisory is about both. A vulnerability has the worst of its severities. Qualifiers of
    package URLs do not tell components apart, and a component of which only name@version is known is the one with a
    package URL of that name and version, where there is one. The worst come first.
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
    key: PackageKey, vulnerabilities: Iterable[Vulnerability], severities: Severities
) -> Iterator[DistinctVulnerability]:
    """Join those that share names, also by way of a third, but for CVEs: each of these is one of its own."""
    rated = [(_names(each), severities.of(each.severity, each.score)) for each in vulnerabilities]
    groups = _Groups()
    for names, _ in rated:
        groups.join([name for name in names if not _is_cve(name)])
    found: dict[str, tuple[set[str], VulnerabilitySeverity]] = {}
    cves = _cves_by_root(groups, (names for names, _ in rated))
    for names, severity in rated:
        root = groups.root(next((name for name in names if not _is_cve(name)), ""))
        own = [name for name in names if _is_cve(name)] or cves[root] or [root]
        for one in own:
            known, so_far = found.get(one, (set(), severity))
            known.update(name for name in names if name == one or not _is_cve(name))
            found[one] = known, worst(so_far, severity)
    for known, severity in found.values():
        yield DistinctVulnerability(frozenset(known), key, severity)


def _cves_by_root(groups: _Groups, found: Iterable[Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Tell which CVEs each group of other names is about."""
    cves: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for names in found:
        for root in {groups.root(name) for name in names if not _is_cve(name)}:
            cves[root].update(dict.fromkeys(name for name in names if _is_cve(name)))
    return defaultdict(tuple, {root: tuple(listed) for root, listed in cves.items()})


def _names(vulnerability: Vulnerability) -> list[str]:
    """Give all names in capitals. What is called by a CVE is no other CVE, whatever its aliases say."""
    name = vulnerability.id.upper()
    others = {alias.upper() for alias in vulnerability.aliases} - {name}
    return [name, *sorted(other for other in others if not (_is_cve(name) and _is_cve(other)))]


def _is_cve(name: str) -> bool:
    return name.startswith(_CVE)


class _Groups:
    """Names in groups, each with one of them that stands for all."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def join(self, names: Sequence[str]) -> None:
        for name in names[1:]:
            self._parents[self.root(name)] = self.root(names[0])

    def root(self, name: str) -> str:
        parents = self._parents
        while (parent := parents.setdefault(name, name)) != name:
            parents[name] = parents.setdefault(parent, parent)
            name = parent
        return name

"""Counting vulnerabilities: each once in a component, however many scanners and under whatever names they report it."""

from __future__ import annotations

import operator
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from bot.policies.promotions import Evidence, NumberOperator, VulnerabilitySeverity
from bot.promotion.components import PackageKey, key_of
from bot.promotion.severities import NO_WORD, worst

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


MOST_ALIASES: Final = 50
"""Other names of one finding that are looked at. No vulnerability has nearly as many."""

GUARDED: Final = frozenset({Evidence.REGISTRY, Evidence.REPORT})
"""Reports that are not of those who push the image."""


@dataclass(frozen=True, slots=True)
class DistinctVulnerability:
    """One vulnerability of one component. names: its identifier and aliases, in capitals.

    unclear: the word for its severity where nobody knows what that word means, so that it may be worse than `severity`;
    "" where it is known. guarded: which of GUARDED report it.
    """

    names: frozenset[str]
    component: PackageKey
    severity: VulnerabilitySeverity
    unclear: str = ""
    guarded: frozenset[Evidence] = frozenset()

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
    package URL of that name and version, where there is one. Of one finding at most MOST_ALIASES aliases count. The
    worst come first.
    """
    found = [(each, report.source.kind) for report in reports for each in report.vulnerabilities]
    keys = _keys({each.component for each, _ in found})
    by_component: defaultdict[PackageKey, list[_Found]] = defaultdict(list)
    for vulnerability, kind in found:
        by_component[keys[vulnerability.component]].append(_found(vulnerability, kind, severities))
    joined = (each for key, listed in by_component.items() for each in _joined(key, listed))
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


@dataclass(slots=True)
class _Found:
    """What is told under some names: one finding, or several that are joined."""

    names: set[str]
    severity: VulnerabilitySeverity
    unclear: set[str]
    guarded: set[Evidence]

    def add(self, other: _Found, names: Iterable[str]) -> None:
        """Join what another says, under these of its names."""
        self.names.update(names)
        self.severity = worst(self.severity, other.severity)
        self.unclear |= other.unclear
        self.guarded |= other.guarded

    def distinct(self, component: PackageKey) -> DistinctVulnerability:
        """Give it as it will stay. What is critical cannot be worse."""
        doubtful = self.severity is not VulnerabilitySeverity.CRITICAL
        word = min(self.unclear, default="") if doubtful else ""
        return DistinctVulnerability(frozenset(self.names), component, self.severity, word, frozenset(self.guarded))


def _found(vulnerability: Vulnerability, kind: Evidence, severities: Severities) -> _Found:
    word, score = vulnerability.severity, vulnerability.score
    unclear = set() if severities.is_clear(word, score) else {word.strip() or NO_WORD}
    return _Found(_names(vulnerability), severities.of(word, score), unclear, {kind} & GUARDED)


def _joined(key: PackageKey, found: Sequence[_Found]) -> Iterator[DistinctVulnerability]:
    """Join those that share names, also by way of a third, but for CVEs: each of these is one of its own.

    What has no CVE is told of each CVE that it shares a name with. Both are joined before they meet, so that a crowd of
    the one and a crowd of the other take no longer than their sum.
    """
    groups = _Groups()
    for each in found:
        groups.join([name for name in each.names if not _is_cve(name)])
    of_cves: dict[str, _Found] = {}
    of_groups: dict[str, _Found] = {}
    cves: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for each in found:
        others = [name for name in each.names if not _is_cve(name)]
        own = each.names.difference(others)
        root = groups.root(others[0]) if others else ""
        if others:
            cves[root].update(dict.fromkeys(own))
        for one in own:
            _gathered(of_cves, one, each, [one, *others])
        if not own:
            _gathered(of_groups, root, each, others)
    for root, shared in of_groups.items():
        names = sorted(shared.names)[:MOST_ALIASES]
        for one in cves[root]:
            _gathered(of_cves, one, shared, names)
    without_cve = (shared for root, shared in of_groups.items() if not cves[root])
    return (each.distinct(key) for each in chain(of_cves.values(), without_cve))


def _gathered(into: dict[str, _Found], key: str, found: _Found, names: Iterable[str]) -> None:
    if key in into:
        into[key].add(found, names)
    else:
        into[key] = _Found(set(names), found.severity, set(found.unclear), set(found.guarded))


def _names(vulnerability: Vulnerability) -> set[str]:
    """Give all names in capitals. What is called by a CVE is no other CVE, whatever its aliases say."""
    name = vulnerability.id.upper()
    others = sorted({alias.upper() for alias in vulnerability.aliases} - {name})[:MOST_ALIASES]
    return {name, *(other for other in others if not (_is_cve(name) and _is_cve(other)))}


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

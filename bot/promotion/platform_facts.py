"""What the criteria ask of one platform's image, worked out once, however many of them ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bot.promotion.components import names_of
from bot.promotion.counting import GUARDED, distinct
from bot.promotion.exploitability import Statements
from bot.promotion.report_age import outdated, usable
from bot.promotion.wording import moment, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime, timedelta

    from bot.images import Platform
    from bot.policies.promotions import Evidence
    from bot.promotion.counting import DistinctVulnerability
    from bot.promotion.evidence import Component, PlatformEvidence, ScanReport, Source, Statement
    from bot.promotion.severities import Severities
    from bot.promotion.verdicts import Outcome


Told = tuple[tuple["DistinctVulnerability", "Statement | None"], ...]
"""Vulnerabilities, each with the statement that excuses it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what an image is judged: the time, how old a report may be, and the words of severities.

    missing: sentences on reports that are still being made, or could not be read, and would count.
    """

    now: datetime
    max_report_age: timedelta
    severities: Severities
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a criterion comes to on one platform; `seen` and `sources` as in `verdicts.Judged`."""

    outcome: Outcome
    seen: str
    sources: tuple[str, ...] = ()


class PlatformFacts:
    """The facts on one platform's image, each worked out when it is first asked for."""

    def __init__(self, evidence: PlatformEvidence, terms: Terms) -> None:
        """Take what is known and by what it is judged."""
        self._evidence = evidence
        self._terms = terms

    @property
    def platform(self) -> Platform | None:
        """Where the image runs; None where it does not say."""
        return self._evidence.platform

    @property
    def has_inventory(self) -> bool:
        """Whether there is a list of components, be it an empty one."""
        return bool(self._evidence.inventories)

    @cached_property
    def inventory_sources(self) -> tuple[str, ...]:
        """Where the components are from."""
        return told(inventory.source for inventory in self._evidence.inventories)

    @cached_property
    def components(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """The names of each component, as criteria may have them, and how its versions are shown: name@version."""
        found: dict[tuple[str, ...], dict[str, None]] = {}
        for each in self._components():
            titles = found.setdefault(names_of(each.name, each.purl, each.group), {})
            titles[_titled(each.name, each.version)] = None
        return {names: tuple(titles) for names, titles in found.items()}

    @cached_property
    def licenses(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Each combination of licences that a package has, all of which hold, and the packages that have it."""
        found: dict[tuple[str, ...], dict[str, None]] = {}
        for each in self._components():
            if each.is_package:
                titles = found.setdefault(tuple(dict.fromkeys(each.licenses)), {})
                titles[_titled(each.name, each.version)] = None
        return {licenses: tuple(titles) for licenses, titles in found.items()}

    def _components(self) -> Iterator[Component]:
        return (each for inventory in self._evidence.inventories for each in inventory.components)

    @cached_property
    def reports(self) -> tuple[tuple[ScanReport, ...], tuple[str, ...]]:
        """The reports that count, and why the others do not."""
        return usable(self._evidence.reports, self._terms.now, self._terms.max_report_age)

    @cached_property
    def outdated(self) -> frozenset[Evidence]:
        """Who reported on the image beside who pushes it, where nothing of theirs is of an age to count."""
        return outdated(self._evidence.reports, self.reports[0], GUARDED)

    @property
    def missing_reports(self) -> tuple[str, ...]:
        """What is said of reports that would count, but are still being made or could not be read."""
        return self._terms.missing

    @cached_property
    def statements(self) -> Statements:
        """What is said of the vulnerabilities of this image."""
        return Statements(self._evidence.statements, self._terms.now)

    @cached_property
    def vulnerabilities(self) -> tuple[Told, ...]:
        """The vulnerabilities that the reports tell of, worst first, each with the statement that excuses it.

        First as all reports together tell of them. Then, where there are several, as each alone does, and as those do
        together that are not of those who push: no report may make another one's vulnerabilities fewer.
        """
        reports = self.reports[0]
        guarded = tuple(each for each in reports if each.source.kind in GUARDED)
        alone = [(each,) for each in reports] if len(reports) > 1 else []
        ways = [reports, *alone, *([guarded] if 1 < len(guarded) < len(reports) else [])]
        return tuple(self._told(each) for each in ways)

    def _told(self, reports: tuple[ScanReport, ...]) -> Told:
        found = distinct(reports, self._terms.severities)
        return tuple((each, self.statements.excuse(each)) for each in found)


def told(sources: Iterable[Source]) -> tuple[str, ...]:
    """Tell each source once: its place, when it was made and who signed it."""
    return tuple(dict.fromkeys(_told(source) for source in sources))


def told_reports(reports: Iterable[ScanReport]) -> tuple[str, ...]:
    """Tell where each report is from, and how old the list of known vulnerabilities is that its scanner used."""
    return tuple(dict.fromkeys(f"{_told(each.source)}{_database(each)}" for each in reports))


def _database(report: ScanReport) -> str:
    return "" if report.database_at is None else f", with a database of {moment(report.database_at)}"


def _told(source: Source) -> str:
    made = f", made {moment(source.at)}" if source.at is not None else ""
    signed = f", signed by {shown(source.signer)}" if source.signer else ""
    return f"{shown(source.place)}{made}{signed}"


def _titled(name: str, version: str) -> str:
    return f"{name}@{version}" if version else name

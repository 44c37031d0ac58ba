"""What is worked out beside a judgement, in the same process as it: the tags to look up, and the suggestions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.findings.judging import reported, standing_tags
from bot.findings.reading_surroundings import surroundings_of
from bot.findings.suggesting import suggestion
from bot.findings.surroundings import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.findings.finding import Finding
    from bot.findings.judging import Sides
    from bot.findings.known import Known
    from bot.findings.report import Report
    from bot.findings.suggesting import Suggestion
    from bot.policies import PolicyFile


class Reported(NamedTuple):
    """A report, and the tags ("host/repository" to tags) for which a digest or another tag would help."""

    report: Report
    standing: Mapping[str, set[str]]


def reported_with_tags(sides: Sides, policy_file: PolicyFile, known: Known, today: date) -> Reported:
    """Judge as `reported` does, and tell the standing tags of what is new."""
    report = reported(sides, policy_file, known, today)
    return Reported(report, standing_tags(sides.after, report.new))


def suggestions(
    findings: Sequence[Finding], files: Mapping[str, bytes], policy_file: PolicyFile, known: Known
) -> tuple[Suggestion | None, ...]:
    """Turn the fixes of some findings into suggestions, each in the place of its finding.

    `files` are all that the change leaves behind, for a fix has to hold among all that they say of one another; they
    are read for that once, however many findings there are.
    """
    around = joined([known.surroundings, *(surroundings_of(*file) for file in files.items())])
    with_files = replace(known, surroundings=around)
    return tuple(_suggestion(each, files, policy_file, with_files) for each in findings)


def _suggestion(
    finding: Finding, files: Mapping[str, bytes], policy_file: PolicyFile, known: Known
) -> Suggestion | None:
    settings = policy_file.findings.rules.get(finding.rule)
    if settings is None or finding.path not in files:
        return None
    return suggestion(finding, files[finding.path], settings, policy_file.environments, known)

"""All rules over both sides of a change: what it brings and mends, and what is put up with."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.findings.annotations import annotations_of
from bot.findings.check import check, checked
from bot.findings.comparing import compared
from bot.findings.report import report_of
from bot.findings.waiving import waived
from bot.manifests import find_images

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.findings.annotations import Annotated
    from bot.findings.finding import Finding
    from bot.findings.known import Known
    from bot.findings.report import Report
    from bot.manifests import Skipped
    from bot.policies import PolicyFile
    from bot.policies.findings import Environment, Findings

_WANTS_DIGESTS: Final = frozenset({"latest-image-tag", "image-not-pinned-to-digest"})
_UNTAGGED: Final = "latest"


@dataclass(frozen=True, slots=True)
class Sides:
    """The manifests of a change: contents `before` and `after` it, each by the path of its time.

    `renamed` leads from the path of a file after it to that before. `unread` are those that could not be had, and
    `is_complete` is False where files changed that were not looked at.
    """

    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[Skipped, ...] = ()
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules find on both sides, what of the side after could not be read, and the annotations about rules.

    All annotations are by the path that a file has after the change.
    """

    before: tuple[Finding, ...] = ()
    after: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    at_base: Mapping[str, Mapping[Annotated, str]] = field(default_factory=dict)
    at_head: Mapping[str, Mapping[Annotated, str]] = field(default_factory=dict)


def judged(sides: Sides, findings: Findings, environments: tuple[Environment, ...], known: Known) -> Judged:
    """Ask all rules about both sides of a change. Never raises for what a file holds."""
    after = checked(sides.after, findings.rules, environments, known)
    return Judged(
        before=tuple(check(sides.before, findings.rules, environments, known)),
        after=after.findings,
        skipped=(*sides.unread, *after.skipped),
        at_base=_moved(_annotations(sides.before), sides.renamed),
        at_head=_annotations(sides.after),
    )


def reported(sides: Sides, policy_file: PolicyFile, known: Known, today: date) -> Report:
    """Ask all rules about both sides of a change, and tell what differs.

    `policy_file` is the one of the base branch, and `today` the day in UTC. What was put up with before the change by
    an annotation that it takes away is new.
    """
    found = judged(sides, policy_file.findings, policy_file.environments, known)
    waivers = policy_file.findings.ignore
    then = {**found.at_base, **_annotations_before(found, sides)}
    counted = waived(found.before, waivers, then, then, today).counting
    paths = [*sides.after, *(path for path in sides.before if path not in sides.renamed.values())]
    return report_of(
        compared(counted, found.after, sides.renamed, {each.path for each in found.skipped}),
        waived(found.after, waivers, found.at_base, found.at_head, today, paths=paths),
        policy_file.findings,
        today,
        files=len({*paths, *(each.path for each in sides.unread)}),
        skipped=found.skipped,
        is_complete=sides.is_complete,
    )


def standing_tags(files: Mapping[str, bytes], findings: Iterable[Finding]) -> dict[str, set[str]]:
    """Tell which tags of which images ("host/repository") stand where a rule would have a digest or another tag."""
    paths = {finding.path for finding in findings if finding.rule in _WANTS_DIGESTS}
    standing: dict[str, set[str]] = {}
    for path in sorted(paths & files.keys()):
        for occurrence in find_images(path, files[path]):
            reference = occurrence.reference
            if reference is not None and reference.digest is None:
                standing.setdefault(reference.name, set()).add(reference.tag or _UNTAGGED)
    return standing


def _annotations(files: Mapping[str, bytes]) -> dict[str, Mapping[Annotated, str]]:
    return {path: annotations_of(path, content) for path, content in files.items()}


def _annotations_before(found: Judged, sides: Sides) -> dict[str, Mapping[Annotated, str]]:
    """Give what stood in renamed files by the paths that they had."""
    return {before: found.at_base[after] for after, before in sides.renamed.items() if after in found.at_base}


def _moved(
    annotations: Mapping[str, Mapping[Annotated, str]], renamed: Mapping[str, str]
) -> dict[str, Mapping[Annotated, str]]:
    """Give what stood in files by the paths that they have after a change."""
    return {**annotations, **{after: annotations[before] for after, before in renamed.items() if before in annotations}}

"""Which findings are put up with: by an entry of the policy file, or by an annotation that stood before the change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.findings.annotations import Annotated
from bot.manifests import selects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from bot.findings.finding import Finding
    from bot.policies.findings import Waiver


class Grounds(NamedTuple):
    """Why a finding is put up with: the reason that was given.

    `until` is the first day on which it no longer is, None: there is no end. `line` is where the entry begins in the
    repository's policy file, None: it stands elsewhere, `in_manifest` in an annotation of the object.
    """

    reason: str
    until: date | None = None
    line: int | None = None
    in_manifest: bool = False


class Mistake(NamedTuple):
    """An annotation that waives nothing, because it gives no reason or names no rule."""

    path: str
    annotated: Annotated


@dataclass(frozen=True, slots=True)
class Waived:
    """What waivers do to some findings.

    Each finding is either in `counting` or, with the grounds, in `waived`. Those of `pending` count still, and no
    longer once the change is merged, for the reason beside them. `ended` are waivers whose end has passed and that are
    about something here.
    """

    counting: tuple[Finding, ...] = ()
    waived: tuple[tuple[Finding, Grounds], ...] = ()
    pending: tuple[tuple[Finding, str], ...] = ()
    ended: tuple[Waiver, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def waived(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    at_base: Mapping[str, Mapping[Annotated, str]],
    at_head: Mapping[str, Mapping[Annotated, str]],
    today: date,
    *,
    paths: Iterable[str] = (),
) -> Waived:
    """Tell which findings count, and why the others do not.

    `at_base` and `at_head` are what `annotations_of` tells of each file before and after the change, both by the path
    that the file has after it. An annotation counts where it stands in both; one that only the change brings is
    pending. `today` is the day in UTC. `paths` are the files that are looked at: a waiver that has ended is told where
    it is about one of them, or about a finding.
    """
    entries = _entries(findings, [each for each in waivers if _is_in_force(each, today)])
    counting: list[Finding] = []
    put_up_with: list[tuple[Finding, Grounds]] = []
    pending: list[tuple[Finding, str]] = []
    for finding in findings:
        before, after = _reason(finding, at_base), _reason(finding, at_head)
        grounds = entries.get((finding.rule, finding.path))
        if grounds is None and before and after:
            grounds = Grounds(before, in_manifest=True)
        if grounds is not None:
            put_up_with.append((finding, grounds))
            continue
        counting.append(finding)
        if after:
            pending.append((finding, after))
    ended = _ended(waivers, findings, tuple(paths), today)
    return Waived(tuple(counting), tuple(put_up_with), tuple(pending), ended, tuple(_mistakes(at_head)))


def _is_in_force(waiver: Waiver, today: date) -> bool:
    return waiver.until is None or today < waiver.until


def _paths_by_rule(findings: Iterable[Finding]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in findings:
        found.setdefault(each.rule, set()).add(each.path)
    return found


def _entries(findings: Iterable[Finding], in_force: Iterable[Waiver]) -> dict[tuple[str, str], Grounds]:
    """Tell by rule and path which findings the policy file puts up with; the first entry that fits counts.

    One entry after the other, because its globs are costly to read and cheap to use.
    """
    paths = _paths_by_rule(findings)
    entries: dict[tuple[str, str], Grounds] = {}
    for each in in_force:
        for path in paths.get(each.rule, ()):
            if (each.rule, path) not in entries and selects(each.paths, path):
                entries[each.rule, path] = Grounds(each.reason, each.until, each.line)
    return entries


def _reason(finding: Finding, annotations: Mapping[str, Mapping[Annotated, str]]) -> str:
    """Give the reason of the annotation about a finding, "" where there is none."""
    about = Annotated(finding.kind, finding.namespace, finding.name, finding.rule)
    return annotations.get(finding.path, {}).get(about, "")


def _ended(
    waivers: Iterable[Waiver], findings: Iterable[Finding], paths: tuple[str, ...], today: date
) -> tuple[Waiver, ...]:
    found = _paths_by_rule(findings)
    return tuple(
        each
        for each in waivers
        if not _is_in_force(each, today)
        and any(selects(each.paths, path) for path in (*found.get(each.rule, ()), *paths))
    )


def _mistakes(at_head: Mapping[str, Mapping[Annotated, str]]) -> Iterable[Mistake]:
    for path, written in sorted(at_head.items()):
        for annotated, reason in written.items():
            if not reason or not annotated.is_known:
                yield Mistake(path, annotated)

"""All rules over some files: the one function that everybody asks, from the pull request to the command line."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings.doubled import doubled_in
from bot.findings.finding import FINGERPRINT, KIND, Finding
from bot.findings.known import Known
from bot.findings.reading_surroundings import surroundings_of
from bot.findings.rule import Asked, ContainerRule, ImageRule
from bot.findings.rules import RULES
from bot.findings.subjects import Container, Image, read_file
from bot.findings.surroundings import joined
from bot.findings.taken_in import taken_in_unseen
from bot.manifests import Skipped, SkipReason, selects
from bot.manifests.reasons import NOT_LOOKED_INTO
from bot.manifests.tree import Unreadable
from bot.policies.findings import RuleSettings, settings_of
from bot.policies.rules import RULES_BY_ID, Severity
from bot.safe_text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.findings.rule import AnyRule, Found, Subject
    from bot.findings.subjects import ManifestFile, Pod
    from bot.findings.surroundings import Surroundings
    from bot.policies.findings import Environment

_NOTHING_KNOWN: Final = Known()
_LISTED: Final = re.compile(r"((?:init|ephemeral)?[cC]ontainers)\[\d+\]")
_MOST_ABOUT: Final = 100
# Nobody reads more; a few aliases can unfold to very many.
_MOST_OF_A_RULE: Final = 5_000
_MUTABLE_TAGS: Final = "mutable-tags"
# Anybody's names are shorter (Kubernetes, Object Names and IDs); a long one may stand in a file by many aliases.
_LONGEST_NAME: Final = 253
_LONGEST_SENTENCE: Final = 2_000


def check(
    files: Mapping[str, bytes],
    rules: Mapping[str, Severity | RuleSettings],
    environments: Sequence[Environment] = (),
    known: Known = _NOTHING_KNOWN,
) -> list[Finding]:
    """Find what rules say of files, in the order of path, line and rule. Never raises for what a file holds.

    `files` is path to content. `rules` is by their ids; one that is not named is off, and one with a severity alone has
    it everywhere, with the options of its default. The first of the `environments` whose paths match a file is the
    file's. `known`: see there; what `files` say of other objects is added to it.
    """
    return list(checked(files, rules, environments, known).findings)


class Checked(NamedTuple):
    """What rules found in some files, and which of the files could not be read, or not all of one, and why not."""

    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]


def checked(
    files: Mapping[str, bytes],
    rules: Mapping[str, Severity | RuleSettings],
    environments: Sequence[Environment] = (),
    known: Known = _NOTHING_KNOWN,
) -> Checked:
    """Do as `check` does, and tell besides which files nobody could look into."""
    settings = _sharing_tags({name: _settings(name, given) for name, given in rules.items()})
    said = [surroundings_of(path, content) for path, content in files.items()]
    around = joined([known.surroundings, *said])
    findings: list[Finding] = []
    skipped = [each for one in said for each in taken_in_unseen(one.kustomizations, around, files)]
    for path, content in files.items():
        environment = environment_of(path, environments)
        active = _active(settings, environment)
        if active:
            file = read_file(path, content, around.patch_files)
            looking = _FileCheck(file, environment)
            findings += looking.findings(active, known, around)
            skipped += (each for each in file.skipped if each.reason in NOT_LOOKED_INTO)
            skipped += (*doubled_in(file), *looking.cut)
    return Checked(tuple(sorted(findings, key=_in_order)), tuple(skipped))


def environment_of(path: str, environments: Sequence[Environment]) -> str | None:
    """Tell the name of the environment that a file belongs to; None: of none."""
    return next((each.name for each in environments if selects(each.paths, path)), None)


def _settings(name: str, given: Severity | RuleSettings) -> RuleSettings:
    if isinstance(given, RuleSettings):
        return given
    return replace(settings_of(RULES_BY_ID[name]), severity=given, by_environment=())


class _Active(NamedTuple):
    """A rule that is on in an environment."""

    rule: AnyRule
    settings: RuleSettings
    severity: Severity


def _sharing_tags(settings: dict[str, RuleSettings]) -> dict[str, RuleSettings]:
    """Let the rule about pull policies know which tags move: the option stands with the rule about such tags."""
    mutable, asking = settings.get("latest-image-tag"), settings.get("image-pull-policy")
    if mutable is None or asking is None:
        return settings
    tags = (_MUTABLE_TAGS, mutable.option(_MUTABLE_TAGS))
    return settings | {"image-pull-policy": replace(asking, options=(*asking.options, tags))}


def _active(settings: Mapping[str, RuleSettings], environment: str | None) -> list[_Active]:
    found = []
    for name, each in settings.items():
        severity = each.severity_in(environment)
        if severity is not None and name in RULES:
            found.append(_Active(RULES[name], each, severity))
    return found


class _FileCheck:
    """One file while rules look at it."""

    def __init__(self, file: ManifestFile, environment: str | None) -> None:
        self._file = file
        self._environment = environment
        self._seen: Counter[str] = Counter()
        self.cut: list[Skipped] = []

    def findings(self, active: Iterable[_Active], known: Known, around: Surroundings) -> Iterator[Finding]:
        for each in active:
            asked = Asked(self._file, each.settings, known, around)
            try:
                for number, (subject, pod, found) in enumerate(_found(each.rule, asked)):
                    if number == _MOST_OF_A_RULE:
                        self.cut.append(_cut(self._file.path, each.rule.id))
                        break
                    yield self._finding(each, subject, pod, found)
            except Unreadable:
                # A bound on merge keys was passed only here; nobody can tell what stands there.
                continue

    def _finding(self, active: _Active, subject: Subject, pod: Pod | None, found: Found) -> Finding:
        kind, namespace, name, container = (shortened(each, _LONGEST_NAME) for each in _names(subject, pod))
        way = shortened(found.field, _LONGEST_SENTENCE)
        field = _LISTED.sub(r"\1[]", way)
        line, end_line = found.lines
        return Finding(
            rule=active.rule.id,
            severity=active.severity,
            path=self._file.path,
            line=max(line, 1),
            end_line=max(line, end_line, 1),
            message=shortened(found.message, _LONGEST_SENTENCE),
            fingerprint=self._fingerprint(active.rule.id, kind, namespace, name, container, field),
            fix=found.fix,
            mend=shortened(found.mend, _LONGEST_SENTENCE),
            kind=kind,
            namespace=namespace,
            name=name,
            container=container,
            field=way,
            environment=self._environment,
            about=tuple(_bounded(each) for each in found.about[:_MOST_ABOUT]),
        )

    def _fingerprint(self, *said: str) -> str:
        """Hash what a finding is about; of several about the same, its end tells which one it is by their order."""
        key = json.dumps([self._file.path, *said])
        self._seen[key] += 1
        first = _hashed(key)
        if self._seen[key] == 1:
            return first[:FINGERPRINT]
        return first[:KIND] + _hashed(f"{key} {self._seen[key]}")[: FINGERPRINT - KIND]


def _cut(path: str, rule: str) -> Skipped:
    message = f"`{rule}` finds more than {_MOST_OF_A_RULE:,} things in the file, and the others are left out"
    return Skipped(path, None, SkipReason.TOO_MANY_EVENTS, message)


def _hashed(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()


def _bounded(text: str) -> str:
    """Keep a text of the usual length as it is; a longer one must still be another than every other."""
    return text if len(text) <= _LONGEST_NAME else _hashed(text)


def _found(rule: AnyRule, asked: Asked) -> Iterator[tuple[Subject, Pod | None, Found]]:
    if isinstance(rule, ImageRule):
        for image in asked.file.images:
            for found in rule.look(image, asked):
                yield image, image.pod, found
    elif isinstance(rule, ContainerRule):
        for pod in asked.file.pods:
            for container in pod.containers:
                for found in rule.look(container, pod, asked):
                    yield container, pod, found
    else:
        for pod in asked.file.pods:
            for found in rule.look(pod, asked):
                yield pod, pod, found


def _names(subject: Subject, pod: Pod | None) -> tuple[str, str, str, str]:
    if isinstance(subject, Image):
        where = subject.occurrence
        return where.kind, where.namespace, where.name, where.container
    owner = pod.owner if pod is not None else ("", "", "")
    return owner[0], owner[1], owner[2], subject.name if isinstance(subject, Container) else ""


def _in_order(finding: Finding) -> tuple[str, int, str, str]:
    return finding.path, finding.line, finding.rule, finding.field

"""What a check found out, as one JSON object with documented keys."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.policies.rules import Severity

if TYPE_CHECKING:
    from bot.checking.outcome import Outcome
    from bot.findings import Edit, Finding

Json = dict[str, Any]


def outcome_as_json(outcome: Outcome) -> str:
    """Write what was found out; docs/command-line.md names the keys."""
    # ASCII only: it is safe in any terminal.
    return json.dumps(_outcome(outcome), indent=2, ensure_ascii=True) + "\n"


def text_of(given: str) -> str:
    """Escape what is no Unicode in a path or a word of the command, which readers of JSON would not take."""
    return given.encode(errors="backslashreplace").decode()


def _outcome(outcome: Outcome) -> Json:
    base = outcome.base
    found = Counter(finding.severity for finding in outcome.findings)
    return {
        "directory": text_of(outcome.directory),
        "base": None if base is None else {"revision": text_of(base.revision), "merge_base": base.merge_base or None},
        "policy": None if outcome.policy.place is None else text_of(outcome.policy.place),
        "checked": outcome.checked,
        "counts": {each.word: found[each] for each in sorted(Severity, reverse=True)},
        "findings": [_finding(each) for each in outcome.findings],
        "fixed": [_finding(each) for each in outcome.report.fixed],
        "standing": outcome.report.standing,
        "waived": [
            {
                **_finding(each),
                "reason": why.reason,
                "until": None if why.until is None else why.until.isoformat(),
                "by": "annotation" if why.in_manifest else "policy-file",
            }
            for each, why in outcome.report.waived
        ],
        "pending": [{"fingerprint": each.fingerprint, "reason": reason} for each, reason in outcome.report.pending],
        "ended": [
            {
                "rule": each.rule,
                "paths": list(each.paths),
                "reason": each.reason,
                "until": None if each.until is None else each.until.isoformat(),
            }
            for each in outcome.report.ended
        ],
        "mistakes": [{"path": text_of(path), **annotated._asdict()} for path, annotated in outcome.report.mistakes],
        "not_read": [
            {"path": text_of(each.path), "line": each.line, "reason": each.reason, "sentence": each.sentence}
            for each in outcome.unread
        ],
        "problems": list(outcome.policy.problems),
        "notes": list(outcome.policy.notes),
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "severity": finding.severity.word,
        "path": text_of(finding.path),
        "line": finding.line,
        "end_line": finding.end_line,
        "message": text_of(finding.message),
        "mend": text_of(finding.mend),
        "kind": text_of(finding.kind),
        "namespace": text_of(finding.namespace),
        "name": text_of(finding.name),
        "container": text_of(finding.container),
        "field": text_of(finding.field),
        "environment": finding.environment,
        "fingerprint": finding.fingerprint,
        "fix": None if finding.fix is None else _edit(finding.fix),
    }


def _edit(edit: Edit) -> Json:
    return {"start": edit.start, "end": edit.end, "replacement": edit.replacement.decode(errors="backslashreplace")}

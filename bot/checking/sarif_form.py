"""What a check found out, as a SARIF log, which code scanning on GitHub and many editors read.

Static Analysis Results Interchange Format (SARIF) Version 2.1.0, an OASIS standard; sections are those of it.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bot.checking.words import object_of
from bot.findings.rules import RULES
from bot.policies.rules import RULES as TABLE
from bot.policies.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.checking.outcome import Outcome
    from bot.findings import Edit, Finding
    from bot.findings.waiving import Grounds
    from bot.policies.rules import Rule

Json = dict[str, Any]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "SRCROOT"
_FINGERPRINT: Final = "niroFinding/v1"
_LEVELS: Final[Mapping[Severity, str]] = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_INDEXES: Final[Mapping[str, int]] = {rule.id: index for index, rule in enumerate(TABLE)}


def outcome_as_sarif(outcome: Outcome, folder: str) -> str:
    """Write the findings that count, and the waived ones as suppressed (section 3.27.23).

    `folder` is where the checked folder lies in the repository, "" for its root: paths are written from there.
    """
    return json.dumps(_log(outcome, folder), indent=2, ensure_ascii=True) + "\n"


def _log(outcome: Outcome, folder: str) -> Json:
    results = [_result(each, folder) for each in outcome.findings]
    results += [{**_result(each, folder), "suppressions": [_suppression(why)]} for each, why in outcome.report.waived]
    if outcome.base is not None:
        results = [{**result, "baselineState": "new"} for result in results]
    driver = {"name": "Niro", "semanticVersion": version("niro-bot"), "rules": [_rule(rule) for rule in TABLE]}
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(outcome, folder))}
        ],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> Json:
    """Describe a rule (section 3.49); one that is off by default is not enabled there either."""
    level = "none" if rule.severity is None else _LEVELS[rule.severity]
    described: Json = {
        "id": rule.id,
        "shortDescription": {"text": rule.finds},
        "defaultConfiguration": {"enabled": rule.severity is not None and rule.needs is None, "level": level},
    }
    if rule.id in RULES:
        page = RULES[rule.id].page
        described["fullDescription"] = {"text": page.why}
        described["help"] = {"text": f"{page.why}\n\n{page.mend}", "markdown": f"{page.why}\n\n{page.mend}"}
    return described


def _result(finding: Finding, folder: str) -> Json:
    """Write a finding (section 3.27)."""
    message = " ".join(filter(None, (finding.message, finding.mend)))
    about = object_of(finding)
    location: Json = {
        "physicalLocation": {
            "artifactLocation": _artifact(finding.path, folder),
            "region": {"startLine": finding.line, "endLine": finding.end_line},
        }
    }
    if about:
        location["logicalLocations"] = [{"fullyQualifiedName": _text(about), "kind": "object"}]
    result: Json = {
        "ruleId": finding.rule,
        "ruleIndex": _INDEXES[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(message)},
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
    }
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix, finding.path, folder)]
    return result


def _fix(edit: Edit, path: str, folder: str) -> Json:
    """Write an edit as bytes of the file (sections 3.55 to 3.57)."""
    replacement = {
        "deletedRegion": {"byteOffset": edit.start, "byteLength": edit.end - edit.start},
        "insertedContent": {"text": edit.replacement.decode(errors="replace")},
    }
    return {"artifactChanges": [{"artifactLocation": _artifact(path, folder), "replacements": [replacement]}]}


def _suppression(why: Grounds) -> Json:
    return {"kind": "inSource" if why.in_manifest else "external", "justification": _text(why.reason)}


def _notifications(outcome: Outcome, folder: str) -> Iterator[Json]:
    """Tell what was not read, and why another policy file counts than one may think (section 3.58)."""
    for note in outcome.policy.notes:
        yield {"level": "warning", "message": {"text": _message(note)}}
    for each in outcome.unread:
        place: Json = {"artifactLocation": _artifact(each.path, folder)}
        if each.line is not None:
            place["region"] = {"startLine": each.line}
        yield {
            "level": "note",
            "message": {"text": _message(f"Not read: {each.sentence}")},
            "locations": [{"physicalLocation": place}],
        }


def _artifact(path: str, folder: str) -> Json:
    """Name a file by a relative reference (RFC 3986): each byte but letters, digits and `-._~` percent-encoded."""
    whole = f"{folder}/{path}" if folder else path
    return {"uri": quote(whole.encode(errors="surrogateescape"), safe="/"), "uriBaseId": _ROOT}


def _message(text: str) -> str:
    """Write a message as plain text: braces would be placeholders and brackets links (section 3.11)."""
    doubled = _text(text).replace("{", "{{").replace("}", "}}")
    return doubled.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _text(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()

"""The SARIF log, held to what the standard (SARIF 2.1.0) demands of the parts that are written."""

import json
from typing import Any

import jsonschema
import pytest

from bot.checking.outcome import Outcome, Unread
from bot.checking.sarif_form import outcome_as_sarif
from bot.findings import Edit
from bot.findings.waiving import Grounds
from bot.policies.rules import RULES, Severity
from tests.checking.outcomes import BASE, finding, outcome


def closed(required: str = "", **properties: Any) -> dict[str, Any]:
    """The schema of an object with these properties and no others."""
    return {"type": "object", "properties": properties, "required": required.split(), "additionalProperties": False}


def listed(schema: dict[str, Any], at_least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": schema, "minItems": at_least}


# What the standard allows in the objects that this project writes, by section; a schema of our own words.
TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
LINE = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}  # 3.27.10
MESSAGE = closed("text", text=TEXT, markdown=TEXT)  # 3.11, 3.12
URI = {"type": "string", "pattern": r"^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"}  # RFC 3986, a relative reference
ARTIFACT = closed("uri", uri=URI, uriBaseId={"const": "SRCROOT"})  # 3.4
REGION = closed("", startLine=LINE, endLine=LINE, byteOffset=COUNT, byteLength=COUNT)  # 3.30
PLACE = closed("artifactLocation", artifactLocation=ARTIFACT, region=REGION)  # 3.29
LOGICAL = listed(closed("", fullyQualifiedName=TEXT, kind=TEXT))  # 3.33
LOCATION = closed("", physicalLocation=PLACE, logicalLocations=LOGICAL)  # 3.28
REPLACEMENT = closed("deletedRegion", deletedRegion=REGION, insertedContent=closed("text", text=TEXT))  # 3.57
CHANGE = closed("artifactLocation replacements", artifactLocation=ARTIFACT, replacements=listed(REPLACEMENT, 1))  # 3.56
FIX = closed("artifactChanges", artifactChanges=listed(CHANGE, 1))  # 3.55
SUPPRESSION = closed("kind", kind={"enum": ["inSource", "external"]}, justification=TEXT)  # 3.35
RESULT = closed(
    "message",
    ruleId=TEXT,
    ruleIndex=COUNT,
    level=LEVEL,
    message=MESSAGE,
    locations=listed(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    fixes=listed(FIX),
    suppressions=listed(SUPPRESSION),
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
)  # 3.27
CONFIGURATION = closed("", enabled={"type": "boolean"}, level=LEVEL)  # 3.50
RULE = closed(
    "id",
    id=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    defaultConfiguration=CONFIGURATION,
    help=MESSAGE,
)  # 3.49
DRIVER = closed("name", name=TEXT, semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"}, rules=listed(RULE))
NOTIFICATION = closed("message", level=LEVEL, message=MESSAGE, locations=listed(LOCATION))  # 3.58
INVOCATION = closed(
    "executionSuccessful", executionSuccessful={"type": "boolean"}, toolExecutionNotifications=listed(NOTIFICATION)
)  # 3.20
BASES = closed("", SRCROOT=closed("", description=MESSAGE))  # 3.14.14
RUN = closed(
    "tool results",
    tool=closed("driver", driver=DRIVER),
    originalUriBaseIds=BASES,
    invocations=listed(INVOCATION),
    results=listed(RESULT),
)  # 3.14
LOG = closed("version runs", version={"const": "2.1.0"}, runs=listed(RUN, 1), **{"$schema": TEXT})  # 3.13


def run_of(found: Outcome, folder: str = "") -> dict[str, Any]:
    log = json.loads(outcome_as_sarif(found, folder))
    jsonschema.validate(log, LOG)
    run: dict[str, Any] = log["runs"][0]
    return run


def result_of(**about: Any) -> dict[str, Any]:
    result: dict[str, Any] = run_of(outcome(finding(**about)))["results"][0]
    return result


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.HIGH, "error"), (Severity.MEDIUM, "warning"), (Severity.LOW, "note")]
)
def test_a_severity_is_a_level(severity: Severity, level: str) -> None:
    assert result_of(severity=severity)["level"] == level


def test_every_rule_is_described_and_referred_to_by_its_index() -> None:
    described = run_of(outcome())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in described] == [rule.id for rule in RULES]
    assert all(rule["help"]["text"] for rule in described)
    result = result_of(rule="run-as-root")
    assert described[result["ruleIndex"]]["id"] == "run-as-root" == result["ruleId"]


def test_a_finding_keeps_its_fingerprint() -> None:
    assert result_of()["partialFingerprints"] == {"niroFinding/v1": "0123456789abcdef"}


@pytest.mark.parametrize(
    ("path", "folder", "uri"),
    [
        ("apps/api.yaml", "", "apps/api.yaml"),
        ("apps/api.yaml", "deploy", "deploy/apps/api.yaml"),
        ("a b/ü%#?:.yaml", "", "a%20b/%C3%BC%25%23%3F%3A.yaml"),
        ("\udcff.yaml", "", "%FF.yaml"),
    ],
)
def test_a_path_is_a_relative_reference(path: str, folder: str, uri: str) -> None:
    result = run_of(outcome(finding(path=path)), folder)["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_fix_is_told_by_bytes() -> None:
    change = result_of(fix=Edit(30, 36, b"latest"))["fixes"][0]["artifactChanges"][0]
    assert change["replacements"] == [
        {"deletedRegion": {"byteOffset": 30, "byteLength": 6}, "insertedContent": {"text": "latest"}}
    ]


def test_braces_and_brackets_of_names_are_no_placeholders_and_links() -> None:
    assert "\\[x\\](1) {{0}}" in result_of(message="[x](1) {0}")["message"]["text"]


@pytest.mark.parametrize(
    ("why", "kind"), [(Grounds("soon"), "external"), (Grounds("soon", in_manifest=True), "inSource")]
)
def test_a_waived_finding_is_suppressed(why: Grounds, kind: str) -> None:
    (result,) = run_of(outcome(waived=((finding(), why),)))["results"]
    assert result["suppressions"] == [{"kind": kind, "justification": "soon"}]


def test_what_is_compared_is_new() -> None:
    assert [each["baselineState"] for each in run_of(outcome(finding(), base=BASE))["results"]] == ["new"]


def test_what_was_not_read_is_a_notification() -> None:
    unread = (Unread("broken.yaml", 3, "broken-yaml", "the file is not YAML"),)
    told = run_of(outcome(unread=unread))["invocations"][0]["toolExecutionNotifications"]
    assert [each["message"]["text"] for each in told] == ["Not read: the file is not YAML"]


def test_hostile_names_are_written_as_they_are() -> None:
    result = result_of(path="\u202e\x1b.yaml", name="\ud800", message='"}]\x00')
    assert '"}\\]\x00'.replace("}", "}}") in result["message"]["text"]

"""docs/policies.md tells of every key, value, default and reason there is, and of no other."""

import re
from typing import Any

import pytest
import yaml

from bot.flows.not_yet import _TABLE
from bot.policies.enforced_keys import OF_FINDINGS, OF_POLICIES
from bot.policies.rules import RULES
from bot.policies.schema import schema
from bot.selection import Reason
from tests.policies.page import PAGE, Table, codes, read_page

SCHEMA = schema()
TABLES = [each for each in read_page() if isinstance(each, Table)]
SECTIONS = {
    "The whole file": ["FileSection"],
    "`limits`": ["LimitsSection"],
    "A policy": ["ImageSection"],
    "`filter`": ["FilterSection"],
    "`update`": ["UpdateSection"],
    "`pull-request`": ["PullRequestSection"],
    "`auto-merge`": ["AutoMergeSection"],
    "`window`": ["WindowSection"],
    "`environments`": ["EnvironmentSection"],
    "`pull-secrets`": ["PullSecretSection"],
    "`findings`": ["FindingsSection"],
    "`ignore`": ["WaiverSection"],
    "`promotions`": ["PromotionSection"],
    "Criteria": ["CriterionSection"],
    "`tag` and `component`": ["TagSection", "ComponentSection"],
    "`vulnerabilities`": ["VulnerabilitiesSection"],
    "`license`": ["LicenseSection"],
    "`require-signed`": ["SignatureSection"],
}
REFERENCE = {each.heading: each for each in TABLES if each.header == ("key", "value", "default", "meaning")}


def section(name: str) -> dict[str, Any]:
    return SCHEMA if name == "FileSection" else SCHEMA["$defs"][name]


KEYS = [
    pytest.param(row, section(name)["properties"].get(row[0].strip("`")), id=f"{name}.{row[0]}")
    for heading, names in SECTIONS.items()
    for name in names
    for row in REFERENCE[heading].rows
]
LISTED_ELSEWHERE = {"`enforce`", "`rule`"}


@pytest.mark.parametrize(("name", "heading"), [(name, heading) for heading in SECTIONS for name in SECTIONS[heading]])
def test_the_keys_of_a_section_are_those_that_there_are(name, heading):
    assert sorted(row[0].strip("`") for row in REFERENCE[heading].rows) == sorted(section(name)["properties"])


def test_no_section_is_left_out():
    told = {name for names in SECTIONS.values() for name in names}
    of_rules = {name for name, each in SCHEMA["$defs"].items() if "anyOf" in each}

    assert REFERENCE.keys() == SECTIONS.keys()
    assert set(SCHEMA["$defs"]) - told - of_rules == {"DefaultsSection", "RulesSection"}


def test_all_keys_of_a_policy_but_two_are_those_of_the_defaults():
    assert {"image", "name", *section("DefaultsSection")["properties"]} == set(section("ImageSection")["properties"])


@pytest.mark.parametrize(("row", "shape"), KEYS)
def test_the_default_of_a_key_is_the_one_that_is_told(row, shape):
    if "default" in shape:
        (told,) = codes(row[2])
        assert told == shape["default"] or yaml.safe_load(told) == shape["default"]
    else:
        assert not codes(row[2]) or " " in row[2]


@pytest.mark.parametrize(("row", "shape"), [each for each in KEYS if each.values[0][0] not in LISTED_ELSEWHERE])
def test_the_words_of_a_key_are_all_told(row, shape):
    forms = [shape, shape.get("items", {}), *shape.get("anyOf", ())]
    words = {word for form in forms for word in form.get("enum", ()) if isinstance(word, str)}

    assert words - set(codes(row[1])) == set()


def test_what_can_be_enforced_is_told():
    (table,) = (each for each in TABLES if each.header == ("key", "stricter means"))

    assert [row[0].strip("`") for row in table.rows] == [*OF_POLICIES, *OF_FINDINGS]


def test_a_required_key_is_told_to_be_one():
    for heading, names in SECTIONS.items():
        must = {row[0].strip("`") for row in REFERENCE[heading].rows if row[2] == "must be written"}
        assert must == set(section(names[0]).get("required", ())), heading


def test_every_reason_is_told():
    (table,) = (each for each in TABLES if each.header[0] == "reason")

    assert sorted(row[0].strip("`") for row in table.rows) == sorted(reason.value for reason in Reason)


def test_every_rule_is_told_with_its_severity_and_options():
    (table,) = (each for each in TABLES if each.header[0] == "rule")

    assert [row[0].strip("`") for row in table.rows] == [rule.id for rule in RULES]
    for rule, (_, severity, options, finds) in zip(RULES, table.rows, strict=True):
        assert codes(severity)[0] == ("off" if rule.severity is None else rule.severity.word)
        assert finds == rule.finds
        for option in rule.options:
            assert f"`{option.name}`: {option.meaning}" in options


def test_every_link_leads_somewhere():
    text = PAGE.read_text()
    headings = {slug(line.lstrip("# ")) for line in text.splitlines() if line.startswith("#")}
    links = re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text)

    assert [path for path, _ in links if not (PAGE.parent / path).exists()] == []
    assert {anchor for path, anchor in links if not path} - headings == set()


def slug(heading: str) -> str:
    """Make the anchor of a heading, as GitHub does."""
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def test_what_is_not_acted_on_yet_is_what_the_running_bot_says():
    (table,) = (each for each in TABLES if each.header == ("key", "instead"))

    assert {row[0].strip("`"): row[1] for row in table.rows} == {row.key: row.instead for row in _TABLE}

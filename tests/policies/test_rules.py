"""The table of rules: which there are, and how much each matters where nothing is written."""

import pytest

from bot.policies.finding_kinds import DEFAULT
from bot.policies.finding_sections import RULE_SECTIONS
from bot.policies.findings import DEFAULT_SETTINGS, Findings, settings_of
from bot.policies.rules import RULES, RULES_BY_ID, OptionKind, Severity
from bot.policies.strictness import OPTIONS

OFF, LOW, MEDIUM, HIGH = None, Severity.LOW, Severity.MEDIUM, Severity.HIGH

# id: where there is no environment, in production, in dev
SEVERITIES = {
    "latest-image-tag": (HIGH, HIGH, MEDIUM),
    "public-image-no-credential": (MEDIUM, HIGH, MEDIUM),
    "image-not-pinned-to-digest": (OFF, MEDIUM, OFF),
    "image-registry-not-allowed": (OFF, OFF, OFF),
    "image-pull-policy": (LOW, LOW, LOW),
    "invalid-image-reference": (HIGH, HIGH, HIGH),
    "missing-resource-requests": (MEDIUM, MEDIUM, LOW),
    "missing-resource-limits": (MEDIUM, MEDIUM, LOW),
    "missing-health-probes": (MEDIUM, HIGH, LOW),
    "single-replica": (LOW, HIGH, LOW),
    "privileged-container": (HIGH, HIGH, HIGH),
    "host-namespace": (HIGH, HIGH, HIGH),
    "host-path-volume": (HIGH, HIGH, HIGH),
    "docker-socket": (HIGH, HIGH, HIGH),
    "allow-privilege-escalation": (MEDIUM, HIGH, LOW),
    "run-as-root": (MEDIUM, HIGH, LOW),
    "writable-root-filesystem": (MEDIUM, HIGH, LOW),
    "dangerous-capabilities": (MEDIUM, HIGH, LOW),
    "service-account-token-automount": (OFF, LOW, OFF),
}


def test_there_are_these_rules_and_no_others():
    assert [rule.id for rule in RULES] == list(SEVERITIES)
    assert list(RULES_BY_ID) == list(SEVERITIES)
    assert list(RULE_SECTIONS) == list(SEVERITIES)


@pytest.mark.parametrize("rule", SEVERITIES)
def test_each_rule_matters_so_much_by_itself(rule):
    settings = Findings().rules[rule]

    assert tuple(settings.severity_in(name) for name in (None, "production", "dev")) == SEVERITIES[rule]


@pytest.mark.parametrize("rule", SEVERITIES)
def test_an_environment_of_another_name_is_like_none(rule):
    settings = Findings().rules[rule]

    assert settings.severity_in("staging") == settings.severity_in(None)


def test_severities_are_ordered():
    assert LOW < MEDIUM < HIGH
    assert [severity.word for severity in Severity] == ["low", "medium", "high"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_says_in_a_sentence_what_it_finds(rule):
    assert rule.finds[0].isupper()
    assert rule.finds.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_option_is_called_like_something_else_in_its_place(rule):
    names = [option.name for option in rule.options]

    assert len(set(names)) == len(names)
    assert {"severity", DEFAULT, "production", "dev"}.isdisjoint(names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_option_has_a_default_and_a_meaning(rule):
    settings = dict(DEFAULT_SETTINGS)[rule.id]

    assert [name for name, _ in settings.options] == [option.name for option in rule.options]
    for option in rule.options:
        assert settings.option(option.name) == option.default
        assert option.meaning


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_of_each_option_that_decides_what_is_found_it_is_told_what_is_stricter(rule):
    for option in rule.options:
        assert (option.name in OPTIONS) == (option.kind is not OptionKind.QUANTITY)


def test_a_rule_that_needs_a_list_is_off_without_it():
    rule = RULES_BY_ID["image-registry-not-allowed"]

    assert rule.severity is HIGH
    assert settings_of(rule).severity_in(None) is OFF


def test_an_option_that_a_rule_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        Findings().rules["single-replica"].option("allow")

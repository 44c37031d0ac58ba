"""What cannot be told of a file is named: keys that stand twice, and findings beyond a bound."""

import pytest

from bot.findings.check import checked
from bot.policies.rules import RULES, Severity
from tests.findings.rules.workloads import manifest

EVERYTHING = {rule.id: Severity.LOW for rule in RULES}
TWICE = {
    "an image": ("image: ghcr.io/acme/app:1", "", "image"),
    "a key of a security context": ("securityContext: {privileged: true, privileged: true}", "", "privileged"),
    "a key of a pod": ("", "hostNetwork: true\nhostNetwork: true", "hostNetwork"),
    "the containers": ("", "containers: [{name: other, image: nginx}]", "containers"),
    "a key of a volume": ("", "volumes: [{name: x, hostPath: {path: /}, hostPath: {path: /}}]", "hostPath"),
}


def told(text: str) -> list[str]:
    return [f"{each.line} {each.message}" for each in checked({"web.yaml": text.encode()}, EVERYTHING).skipped]


@pytest.mark.parametrize(("keys", "pod", "key"), TWICE.values(), ids=TWICE)
def test_a_key_that_stands_twice_is_told_once(keys: str, pod: str, key: str) -> None:
    text = manifest(keys, pod=pod)
    line = max(number for number, each in enumerate(text.splitlines(), 1) if key in each)
    assert told(text) == [f"{line} the key '{key}' stands twice in one mapping"]


def test_a_key_that_stands_twice_where_no_rule_looks_is_not_told() -> None:
    assert told(manifest(metadata="{name: web, labels: {a: b, a: c}}")) == []


def test_of_very_many_findings_of_one_rule_some_are_left_out_and_that_is_told() -> None:
    added = ", ".join(f"X{number}" for number in range(3_000))
    app = f"&app {{name: app, securityContext: {{capabilities: {{add: [{added}], drop: [ALL]}}}}}}"
    text = f"apiVersion: v1\nkind: Pod\nspec: {{containers: [{app}, *app]}}\n"
    found = checked({"web.yaml": text.encode()}, {"dangerous-capabilities": Severity.LOW})
    assert len(found.findings) == 5_000
    assert [each.message for each in found.skipped] == [
        "`dangerous-capabilities` finds more than 5,000 things in the file, and the others are left out"
    ]

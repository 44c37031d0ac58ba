"""`niro check DIR`: all that is found in a folder, and how it ends."""

import json
from pathlib import Path

import pytest

from tests.checking.conftest import ONLY_TAGS, Niro, Repository, pod

POLICIES = ".niro/policies.yml"


def findings(output: str) -> list[tuple[str, str]]:
    return [(each["path"], each["rule"]) for each in json.loads(output)["findings"]]


def rules(output: str, path: str) -> set[str]:
    return {rule for found, rule in findings(output) if found == path}


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        ("high", "high", 1),
        ("high", "medium", 1),
        ("medium", "medium", 1),
        ("medium", "high", 0),
        ("low", "medium", 0),
        ("low", "low", 1),
        ("high", "never", 0),
    ],
)
def test_it_fails_for_a_finding_as_severe_as_asked_for(
    niro: Niro, files: Repository, severity: str, fail_on: str, code: int
) -> None:
    off = "".join(f"    {rule}: off\n" for rule in sorted(rules_of_a_pod(niro, files) - {"latest-image-tag"}))
    text = f"version: 1\nfindings:\n  rules:\n    latest-image-tag: {severity}\n{off}"
    files.write({POLICIES: text, "app.yaml": pod("nginx")})
    assert niro(".", "--fail-on", fail_on).exit_code == code


def rules_of_a_pod(niro: Niro, files: Repository) -> set[str]:
    files.write({"app.yaml": pod("nginx")})
    return rules(niro(".", "--format", "json").stdout, "app.yaml")


def test_it_fails_from_medium_on_when_nothing_is_said(niro: Niro, files: Repository) -> None:
    files.write({"app.yaml": pod("nginx")})
    assert niro(".").exit_code == 1


def test_without_a_policy_file_the_defaults_count(niro: Niro, files: Repository) -> None:
    assert {"latest-image-tag", "run-as-root"} <= rules_of_a_pod(niro, files)


def test_a_rule_that_is_off_says_nothing(niro: Niro, files: Repository) -> None:
    files.write({POLICIES: "version: 1\nfindings: {rules: {latest-image-tag: off}}\n", "app.yaml": pod("nginx")})
    assert "latest-image-tag" not in rules(niro(".", "--format", "json").stdout, "app.yaml")


def test_another_policy_file_can_be_named(niro: Niro, files: Repository) -> None:
    files.write({POLICIES: ONLY_TAGS, "other.yml": "version: 1\nfindings: {rules: {latest-image-tag: off}}\n"})
    files.write({"app.yaml": pod("nginx")})
    shown = niro(".", "--policy", "other.yml", "--format", "json")
    assert "latest-image-tag" not in rules(shown.stdout, "app.yaml")


def test_an_entry_of_the_policy_file_waives(niro: Niro, files: Repository) -> None:
    ignored = '{rule: latest-image-tag, paths: ["*.yaml"], reason: "soon", until: 2999-01-01}'
    files.write({POLICIES: f"version: 1\nfindings: {{ignore: [{ignored}]}}\n", "app.yaml": pod("nginx")})
    told = json.loads(niro(".", "--format", "json").stdout)
    assert [(each["rule"], each["reason"], each["until"]) for each in told["waived"]] == [
        ("latest-image-tag", "soon", "2999-01-01")
    ]
    assert ("app.yaml", "latest-image-tag") not in [(each["path"], each["rule"]) for each in told["findings"]]


def test_an_ended_waiver_waives_nothing_and_is_told(niro: Niro, files: Repository) -> None:
    ignored = '{rule: latest-image-tag, paths: ["*.yaml"], reason: "soon", until: 2020-01-01}'
    files.write({POLICIES: f"version: 1\nfindings: {{ignore: [{ignored}]}}\n", "app.yaml": pod("nginx")})
    told = json.loads(niro(".", "--format", "json").stdout)
    assert ("app.yaml", "latest-image-tag") in [(each["path"], each["rule"]) for each in told["findings"]]
    assert [each["until"] for each in told["ended"]] == ["2020-01-01"]


def test_an_annotation_waives_where_nothing_is_compared(niro: Niro, files: Repository) -> None:
    annotation = 'annotations: {ignore.niro.bot/latest-image-tag: "soon"}'
    files.write({"app.yaml": pod("nginx").replace("namespace: shop", f"namespace: shop, {annotation}")})
    told = json.loads(niro(".", "--format", "json").stdout)
    assert [(each["rule"], each["by"]) for each in told["waived"]] == [("latest-image-tag", "annotation")]


def test_a_service_account_of_another_file_counts(niro: Niro, files: Repository) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nimagePullSecrets: [{name: pull}]\n"
    files.write({"app.yaml": pod("ghcr.io/acme/app:1.0")})
    before = rules(niro(".", "--format", "json").stdout, "app.yaml")
    files.write({"account.yaml": account})
    after = rules(niro(".", "--format", "json").stdout, "app.yaml")
    assert before - after == {"public-image-no-credential"}


def test_nothing_is_found_in_an_empty_folder(niro: Niro, folder: Path) -> None:
    shown = niro(".")
    assert (shown.exit_code, shown.stdout) == (0, "No findings in no manifests.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing",), "missing is no folder"),
        ((".", "--policy", "none.yml"), "none.yml cannot be read: No such file or directory"),
        ((".", "--base", "main"), "is not the checkout of a git repository, which --base needs"),
    ],
)
def test_a_mistake_of_the_callers_ends_with_2(niro: Niro, words: tuple[str, ...], said: str) -> None:
    shown = niro(*words)
    assert shown.exit_code == 2
    assert said in shown.stderr


def test_a_policy_file_with_problems_is_a_mistake(niro: Niro, files: Repository) -> None:
    files.write({POLICIES: "version: 1\nfindings: {rules: {no-such-rule: high}}\n"})
    shown = niro(".")
    assert shown.exit_code == 2
    assert ".niro/policies.yml:2:" in shown.stderr


def test_what_cannot_be_read_is_told(niro: Niro, files: Repository) -> None:
    files.write({"broken.yaml": "image: [nginx\n", "chart/app.yaml": "image: {{ .Values.image }}\n{{- end }}\n"})
    (files.folder / "link.yaml").symlink_to("broken.yaml")
    told = json.loads(niro(".", "--format", "json").stdout)
    assert {each["path"]: each["reason"] for each in told["not_read"]} == {
        "broken.yaml": "broken-yaml",
        "chart/app.yaml": "template",
        "link.yaml": "symlink",
    }


def test_what_cannot_be_read_is_not_counted_as_looked_at(niro: Niro, files: Repository) -> None:
    files.write({"broken.yaml": "image: [nginx\n", "app.yaml": "kind: ConfigMap\n"})
    assert json.loads(niro(".", "--format", "json").stdout)["checked"] == 1
    assert niro(".").stdout.endswith("No findings in 1 manifest; 1 not read.\n")

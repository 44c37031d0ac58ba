"""A patch in a file of its own silences what it may change, and nothing else."""

from __future__ import annotations

import pytest

from bot.findings import Known, check, joined, surroundings_of
from bot.policies.findings import RuleSettings
from bot.policies.rules import Severity

BASE = b"""\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    spec:
      containers:
        - name: web
          image: nginx:1.27.1
"""
OVERLAY = b"resources: [../base]\npatches:\n  - path: patch.yaml\n"
KUSTOMIZATION = b"resources: [web.yaml]\n"
RULES = {"single-replica": Severity.LOW, "missing-resource-requests": Severity.LOW}


def found(patch: bytes | None, *, is_known: bool = False) -> set[str]:
    files = {"base/web.yaml": BASE, "base/kustomization.yaml": KUSTOMIZATION, "prod/kustomization.yaml": OVERLAY}
    patched = files if patch is None else files | {"prod/patch.yaml": patch}
    if not is_known:
        return {each.rule for each in check(patched, RULES) if each.path == "base/web.yaml"}
    around = joined(surroundings_of(path, content) for path, content in patched.items() if path != "base/web.yaml")
    return {each.rule for each in check({"base/web.yaml": BASE}, RULES, known=Known(surroundings=around))}


STRATEGIC = b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize(
    ("patch", "rules"),
    [
        (STRATEGIC + b"  replicas: 3\n", {"missing-resource-requests"}),
        (b"- op: replace\n  path: /spec/replicas\n  value: 3\n", {"missing-resource-requests"}),
        (b'[{"op": "add", "path": "/spec/template/spec/containers/0/resources", "value": {}}]', {"single-replica"}),
        (STRATEGIC + b"  template: {spec: {containers: [{name: web, env: []}]}}\n", set(RULES)),
        (None, set(RULES)),
        (b"not: a patch\n", set(RULES)),
    ],
)
def test_what_a_patch_file_names_is_left_to_it(patch: bytes | None, rules: set[str], is_known: bool) -> None:
    assert found(patch, is_known=is_known) == rules


COMPONENT = b"kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nimages: [{name: nginx, newTag: '1.28'}]\n"


def test_what_a_component_changes_reaches_what_its_overlay_takes_besides() -> None:
    files = {
        "base/web.yaml": BASE.replace(b":1.27.1", b""),
        "base/kustomization.yaml": KUSTOMIZATION,
        "tags/kustomization.yaml": COMPONENT,
        "prod/kustomization.yaml": b"resources: [../base]\ncomponents: [../tags]\n",
    }
    assert check(files, {"latest-image-tag": Severity.HIGH}) == []
    del files["prod/kustomization.yaml"]
    assert [each.path for each in check(files, {"latest-image-tag": Severity.HIGH})] == ["base/web.yaml"]


def test_any_account_of_the_name_may_be_meant_where_no_namespace_is_written() -> None:
    account = b"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: %s}\n"
    files = {
        "web.yaml": BASE.replace(b"nginx:1.27.1", b"ghcr.io/acme/web:1.0.0"),
        "a.yaml": account % b"a",
        "b.yaml": account % b"b" + b"imagePullSecrets: [{name: ghcr}]\n",
    }
    assert check(files, {"public-image-no-credential": Severity.HIGH}) == []
    del files["b.yaml"]
    assert len(check(files, {"public-image-no-credential": Severity.HIGH})) == 1


def test_the_rule_about_pull_policies_knows_which_tags_move() -> None:
    moving = RuleSettings(Severity.HIGH, (), (("mutable-tags", ("stable",)),))
    manifest = BASE.replace(b"nginx:1.27.1", b"nginx:stable\n          imagePullPolicy: Never")
    rules = {"latest-image-tag": moving, "image-pull-policy": Severity.LOW}
    assert [each.rule for each in check({"web.yaml": manifest}, rules)] == ["latest-image-tag", "image-pull-policy"]

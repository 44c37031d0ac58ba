"""A patch in a file of its own silences what it may change, and nothing else."""

from __future__ import annotations

import pytest

from bot.findings import Known, check, joined, surroundings_of
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
        (None, set()),
        (b"not: a patch\n", set()),
    ],
)
def test_what_a_patch_file_names_is_left_to_it(patch: bytes | None, rules: set[str], is_known: bool) -> None:
    assert found(patch, is_known=is_known) == rules

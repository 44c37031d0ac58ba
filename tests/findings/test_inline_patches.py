"""Patches that stand in a kustomization are looked at as those in files are: by what is written in them."""

import json

import pytest

from bot.findings import check
from bot.policies.rules import RULES, Severity

EVERYTHING = {rule.id: Severity.LOW for rule in RULES}
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: app
          securityContext: {privileged: true}
"""


def block(text: str) -> str:
    return "|\n" + "".join(f"      {line}\n" for line in text.splitlines())


QUOTED = json.dumps(PATCH)
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  "
PLACES = {
    "a patch": ("kustomization.yaml", f"patches:\n  - patch: {block(PATCH)}", (9, 12)),
    "a patch by its target": ("kustomization.yaml", f"patches:\n  - target: {{}}\n    patch: {block(PATCH)}", (10, 13)),
    "a strategic merge": ("kustomization.yaml", f"patchesStrategicMerge:\n  - {block(PATCH)}", (9, 12)),
    "a component": ("c/kustomization.yml", f"kind: Component\npatches:\n  - patch: {block(PATCH)}", (10, 13)),
    "Flux": ("apps.yaml", f"{FLUX}patches:\n  - patch: {block(PATCH)}", (12, 15)),
    "a quoted text": ("kustomization.yaml", f"patches:\n  - patch: {QUOTED}", (2, 2)),
}


@pytest.mark.parametrize(("path", "text", "lines"), PLACES.values(), ids=PLACES)
def test_what_a_patch_writes_is_found_on_its_line(path: str, text: str, lines: tuple[int, int]) -> None:
    found = sorted((each.rule, each.line, each.kind, each.name) for each in check({path: text.encode()}, EVERYTHING))
    assert found == [
        ("host-namespace", lines[0], "Deployment", "web"),
        ("privileged-container", lines[1], "Deployment", "web"),
    ]


def test_the_field_is_told_by_the_way_to_the_text_and_in_it() -> None:
    found = check({"kustomization.yaml": PLACES["a patch"][1].encode()}, {"host-namespace": Severity.LOW})
    assert [each.field for each in found] == ["patches[0].patch: spec.template.spec.hostNetwork"]


@pytest.mark.parametrize("text", ["[{op: remove, path: /spec}]", "a: [", "{{ x }}", "", "~"])
def test_other_texts_say_nothing(text: str) -> None:
    assert check({"kustomization.yaml": f"patches:\n  - patch: {block(text)}".encode()}, EVERYTHING) == []


def test_an_ordinary_object_with_such_keys_holds_no_patches() -> None:
    assert check({"app.yaml": f"kind: Other\npatches:\n  - patch: {block(PATCH)}".encode()}, EVERYTHING) == []

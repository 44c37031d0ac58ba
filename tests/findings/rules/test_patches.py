"""What a manifest leaves out is found only where no kustomization may say it."""

import pytest

from tests.findings.rules.workloads import findings, manifest

# The rule, and the key that a patch would write.
LEFT_OUT = {
    "allow-privilege-escalation": "allowPrivilegeEscalation",
    "writable-root-filesystem": "readOnlyRootFilesystem",
    "run-as-root": "runAsNonRoot",
    "dangerous-capabilities": "capabilities",
    "missing-resource-requests": "resources",
    "missing-resource-limits": "resources",
    "missing-health-probes": "livenessProbe",
    "single-replica": "replicas",
    "service-account-token-automount": "automountServiceAccountToken",
}
EACH = pytest.mark.parametrize(("rule", "key"), LEFT_OUT.items(), ids=LEFT_OUT)


def found(rule: str, kustomization: str, path: str = "app/kustomization.yaml", **folders: str) -> int:
    """Count what is found in app/web.yaml beside a kustomization, and further ones by their folders."""
    others = {path: kustomization, **{f"{folder}/kustomization.yaml": text for folder, text in folders.items()}}
    return len(findings(rule, manifest(kind="Deployment"), others=others))


@EACH
def test_a_kustomization_that_patches_nothing_changes_nothing(rule: str, key: str) -> None:
    assert found(rule, "resources: [web.yaml]\nnamePrefix: x-\n") == 1


@EACH
def test_a_patch_in_the_kustomization_that_names_the_key_may_say_it(rule: str, key: str) -> None:
    assert found(rule, f"resources: [web.yaml]\npatches:\n- patch: |\n    spec: {{{key}: ...}}\n") == 0


@EACH
def test_a_patch_in_the_kustomization_about_something_else_does_not(rule: str, key: str) -> None:
    patch = "- op: replace\n      path: /metadata/labels/tier\n      value: front"

    assert found(rule, f"resources: [web.yaml]\npatches:\n- patch: |\n    {patch}\n") == 1


@EACH
def test_a_patch_in_a_file_may_say_it(rule: str, key: str) -> None:
    assert found(rule, "resources: [web.yaml]\npatches:\n- path: patch.yaml\n") == 0


@EACH
def test_a_kustomization_that_takes_in_the_whole_folder_counts(rule: str, key: str) -> None:
    overlay = f"resources: [../app]\npatches:\n- patch: '{key}'\n"

    assert found(rule, "resources: [web.yaml]\n", prod=overlay) == 0


@EACH
def test_the_kustomization_of_another_folder_changes_nothing(rule: str, key: str) -> None:
    assert found(rule, f"resources: [web.yaml]\npatches:\n- patch: '{key}'\n", "other/kustomization.yaml") == 1


@EACH
def test_a_file_that_is_a_patch_itself_leaves_out_what_it_likes(rule: str, key: str) -> None:
    assert found(rule, "resources: [../base]\npatches:\n- path: web.yaml\n") == 0

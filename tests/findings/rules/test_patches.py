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
KINDS = "apiVersion: apps/v1\nkind: Deployment\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n"
WEB = manifest(kind="Deployment")
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
@pytest.mark.parametrize(
    ("text", "count"),
    [
        (f"{KINDS}metadata: {{name: web}}\nspec: {{KEY: 1}}\n", 0),
        (f"{KINDS}metadata:\n  labels: {{a: b}}\n  name: web\nspec: {{KEY: 1}}\n", 0),
        (f"{SERVICE}---\n{KINDS}metadata: {{name: web}}\nspec: {{KEY: 1}}\n", 0),
        (f"{KINDS}metadata: {{name: ${{NAME}}}}\nspec: {{KEY: 1}}\n", 0),
        ("- {op: add, path: /spec/template/spec/KEY, value: 1}\n", 0),
        (f"{KINDS}metadata: {{name: other}}\nspec: {{KEY: 1}}\n", 1),
        (f"{KINDS.replace('Deployment', 'StatefulSet')}metadata: {{name: web}}\nspec: {{KEY: 1}}\n", 1),
        (f"{SERVICE}KEY: 1\n", 1),
        ("kind: Ingress\nmetadata: {name: web}\nspec: {KEY: 1}\n", 1),
    ],
)
def test_a_patch_in_a_file_may_say_it_of_what_it_is_about(rule: str, key: str, text: str, count: int) -> None:
    others = {"app/patch.yaml": text.replace("KEY", key)}
    kustomization = "resources: [web.yaml]\npatches:\n- path: patch.yaml\n"

    assert len(findings(rule, WEB, others={"app/kustomization.yaml": kustomization, **others})) == count


@EACH
def test_a_patch_in_a_file_that_is_not_there_says_nothing(rule: str, key: str) -> None:
    assert found(rule, "resources: [web.yaml]\npatches:\n- path: patch.yaml\n") == 1


@EACH
@pytest.mark.parametrize(
    ("target", "count"),
    [
        ("{kind: Deployment, name: web}", 0),
        ("{kind: Deployment}", 0),
        ("{kind: StatefulSet|Deployment, name: ^(web|api)$}", 0),
        ("{name: 'w.*'}", 0),
        ("{labelSelector: app=web}", 0),
        ("{kind: Deployment, name: other}", 1),
        ("{kind: PersistentVolumeClaim}", 1),
    ],
)
@pytest.mark.parametrize("entry", ["path: patch.yaml", "patch: '- {op: add, path: /spec/KEY, value: 1}'"])
def test_the_target_decides_what_a_patch_is_about(rule: str, key: str, target: str, count: int, entry: str) -> None:
    patch = f"- {{op: add, path: /spec/{key}, value: 1}}\n"
    kustomization = f"resources: [web.yaml]\npatches:\n- {entry.replace('KEY', key)}\n  target: {target}\n"

    assert len(findings(rule, WEB, others={"app/kustomization.yaml": kustomization, "app/patch.yaml": patch})) == count


@EACH
@pytest.mark.parametrize(
    ("about", "count"),
    [
        ("kind: Deployment\n    metadata: {name: web}", 0),
        ("kind: Deployment\n    metadata: {name: other}", 1),
        ("kind: PersistentVolumeClaim\n    metadata: {name: web}", 1),
    ],
)
def test_a_patch_in_the_kustomization_is_about_the_object_that_it_names(
    rule: str, key: str, about: str, count: int
) -> None:
    assert found(rule, f"resources: [web.yaml]\npatches:\n- patch: |\n    {about}\n    spec: {{{key}: 1}}\n") == count


@EACH
@pytest.mark.parametrize(("prefix", "count"), [("namePrefix: my-\n", 0), ("", 1)])
def test_a_patch_may_name_an_object_as_a_kustomization_below_renamed_it(
    rule: str, key: str, prefix: str, count: int
) -> None:
    patch = f"    kind: Deployment\n    metadata: {{name: my-web}}\n    spec: {{{key}: 1}}\n"
    overlay = f"resources: [../app]\npatches:\n- patch: |\n{patch}"

    assert found(rule, f"resources: [web.yaml]\n{prefix}", prod=overlay) == count


@EACH
def test_what_one_of_two_overlays_leaves_out_is_found(rule: str, key: str) -> None:
    says = f"resources: [../app]\npatches:\n- patch: '{key}'\n"
    base = "resources: [web.yaml]\n"

    assert found(rule, base, dev=says, prod="resources: [../app]\n") == (rule != "single-replica")
    assert found(rule, base, dev=says, prod=says) == 0


@EACH
def test_among_very_many_overlays_that_all_say_it_nothing_is_found(rule: str, key: str) -> None:
    says = f"resources: [../app]\npatches:\n- patch: '{key}'\n"

    assert found(rule, "resources: [web.yaml]\n", **{f"tenant-{number}": says for number in range(100)}) == 0


@EACH
def test_kustomizations_that_take_in_each_other_are_asked_once(rule: str, key: str) -> None:
    assert (
        found(rule, f"resources: [web.yaml, ../prod]\npatches: [{{patch: {key}}}]\n", prod="resources: [../app]\n") == 0
    )


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

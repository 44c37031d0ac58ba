"""A privileged container is found wherever one may stand, and nothing is that only looks like it."""

import pytest

from tests.findings.rules.workloads import container, containers, findings, line_with, manifest

RULE = "privileged-container"
PRIVILEGED = "securityContext: {privileged: true}"

FOUND = {
    "in a Pod": manifest(PRIVILEGED),
    "in a Deployment": manifest(PRIVILEGED, kind="Deployment"),
    "in a DaemonSet": manifest(PRIVILEGED, kind="DaemonSet"),
    "in a CronJob": manifest(PRIVILEGED, kind="CronJob"),
    "in a PodTemplate, which has no spec": manifest(PRIVILEGED, kind="PodTemplate"),
    "in a ScaledJob of KEDA": manifest(PRIVILEGED, kind="ScaledJob"),
    "an init container": manifest(init=container(PRIVILEGED)),
    "an ephemeral container": manifest(ephemeral=container(PRIVILEGED)),
    "written as YAML 1.1 may": manifest("securityContext: {privileged: yes}"),
    "with an anchor": manifest("securityContext: {privileged: &p true, readOnlyRootFilesystem: *p}"),
    "by a merge key": "x: &s {privileged: true}\n" + manifest("securityContext: {<<: *s}"),
    "in a patch, where it is written after all": manifest(PRIVILEGED, kind="Deployment", spec=""),
    "in an item of a List": f"kind: List\nitems: [{{kind: Pod, spec: {{containers: [{{name: app, {PRIVILEGED}}}]}}}}]",
    "beside false for the pod, which knows no such key": manifest(
        PRIVILEGED, pod="securityContext: {privileged: false}"
    ),
}
SILENT = {
    "nothing is written": manifest(),
    "false": manifest("securityContext: {privileged: false}"),
    "null": manifest("securityContext: {privileged: null}"),
    "a text": manifest('securityContext: {privileged: "true"}'),
    "a template": manifest("securityContext: {privileged: {{ .Values.privileged }}}"),
    "a substitution": manifest("securityContext: {privileged: ${PRIVILEGED}}"),
    "the whole context is a template": manifest("securityContext: {{ .Values.context }}"),
    "written twice": manifest("securityContext: {privileged: true, privileged: false}"),
    "of the pod, which knows no such key": manifest(pod="securityContext: {privileged: true}"),
    "on Windows, where it means nothing": manifest(PRIVILEGED, pod="os: {name: windows}"),
    "in a definition of a kind": manifest(PRIVILEGED).replace("kind: Pod", "kind: CustomResourceDefinition"),
    "in a kind that runs no pods": manifest(PRIVILEGED).replace("kind: Pod", "kind: ConfigMap"),
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert containers(RULE, text) == ["app"]


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


def test_each_container_is_told_apart() -> None:
    text = manifest(PRIVILEGED, init=container(PRIVILEGED, name="first"), more=container(name="calm"))

    assert sorted(containers(RULE, text)) == ["app", "first"]


def test_it_is_told_on_the_line_of_the_value() -> None:
    text = manifest("securityContext:\n  runAsUser: 0\n  privileged: true", kind="Deployment")
    (finding,) = findings(RULE, text)

    assert finding.line == finding.end_line == line_with(text, "privileged: true")
    assert (finding.kind, finding.namespace, finding.name) == ("Deployment", "shop", "web")
    assert finding.field == "spec.template.spec.containers[0].securityContext.privileged"
    assert "`app`" in finding.message


def test_the_fingerprint_stays_where_lines_and_containers_move() -> None:
    before, after = manifest(PRIVILEGED), "# said\n\n" + manifest("env: []\n" + PRIVILEGED)

    assert findings(RULE, before)[0].fingerprint == findings(RULE, after)[0].fingerprint

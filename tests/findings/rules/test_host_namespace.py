"""A pod that shares namespaces of its node is found, by each of the three keys."""

import pytest

from tests.findings.rules.workloads import findings, line_with, manifest

RULE = "host-namespace"
KEYS = ("hostNetwork", "hostPID", "hostIPC")

SILENT = {
    "nothing is written": manifest(),
    "false": manifest(pod="hostNetwork: false\nhostPID: false\nhostIPC: false"),
    "null": manifest(pod="hostNetwork:\nhostPID: ~"),
    "a text": manifest(pod='hostNetwork: "true"'),
    "a template": manifest(pod="hostNetwork: {{ .Values.hostNetwork }}"),
    "a substitution": manifest(pod="hostPID: ${HOST_PID}"),
    "written twice": manifest(pod="hostIPC: true\nhostIPC: false"),
    "in a container, which knows no such key": manifest("hostNetwork: true"),
    "in the spec above the pod's": manifest(kind="Deployment", spec="selector: {}\nhostNetwork: true"),
    "the users of the node, which pods share by themselves": manifest(pod="hostUsers: true"),
    "users of its own": manifest(pod="hostUsers: false"),
    "containers that share their processes": manifest(pod="shareProcessNamespace: true"),
    "a port of the node": manifest("ports: [{containerPort: 80, hostPort: 80}]"),
    "on Windows, where HostProcess asks for it": manifest(pod="hostNetwork: true\nos: {name: windows}"),
    "on nodes of Windows": manifest(pod="hostNetwork: true\nnodeSelector: {kubernetes.io/os: windows}"),
}


@pytest.mark.parametrize("kind", ["Pod", "Deployment", "DaemonSet", "StatefulSet", "Job", "CronJob", "PodTemplate"])
@pytest.mark.parametrize("key", KEYS)
def test_each_is_found_in_every_kind(key: str, kind: str) -> None:
    text = manifest(kind=kind, pod=f"{key}: true")
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, key)
    assert finding.field.endswith(f"spec.{key}")


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


def test_all_three_are_three_findings() -> None:
    found = findings(RULE, manifest(pod="".join(f"{key}: true\n" for key in KEYS)))

    assert [each.field for each in found] == [f"spec.{key}" for key in KEYS]
    assert len({each.fingerprint for each in found}) == 3


@pytest.mark.parametrize(
    "text",
    [
        manifest(kind="Deployment", spec="", pod="hostNetwork: on"),
        "kind: Deployment\nspec: {template: {spec: {hostNetwork: true}}}\n",
        manifest(pod="hostNetwork: true\nos: {name: linux}"),
    ],
    ids=["in a patch", "in a patch without containers", "on Linux by name"],
)
def test_what_is_written_counts(text: str) -> None:
    assert len(findings(RULE, text)) == 1

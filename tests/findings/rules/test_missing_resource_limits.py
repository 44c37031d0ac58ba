"""A container has limits of processor time and memory, its own or its pod's."""

import pytest

from tests.findings.rules.workloads import container, containers, findings, line_with, manifest

RULE = "missing-resource-limits"
BOTH = "resources: {limits: {cpu: 500m, memory: 256Mi}}"

FOUND = {
    "nothing is written": manifest(),
    "empty resources": manifest("resources: {}"),
    "empty limits": manifest("resources: {limits: {}}"),
    "null": manifest("resources: {limits: {cpu: ~, memory: null}}"),
    "only requests": manifest("resources: {requests: {cpu: 1, memory: 1Gi}}"),
    "no memory": manifest("resources: {limits: {cpu: 1}}"),
    "no processor time": manifest("resources: {limits: {memory: 1Gi}}"),
    "zero, which limits nothing": manifest("resources: {limits: {cpu: 0, memory: 1Gi}}"),
    "zero with a unit": manifest("resources: {limits: {cpu: 1, memory: 0Mi}}"),
    "an empty text": manifest("resources: {limits: {cpu: 1, memory: ''}}"),
    "only a device": manifest("resources: {limits: {amd.com/gpu: 1}}"),
    "an init container": manifest(BOTH, init=container()),
    "a sidecar": manifest(BOTH, init=container("restartPolicy: Always")),
    "in a Job": manifest(kind="Job"),
    "in a DaemonSet": manifest(kind="DaemonSet"),
    "only one of the pod": manifest(pod="resources: {limits: {memory: 1Gi}}"),
    "only requests of the pod": manifest(pod="resources: {requests: {cpu: 1, memory: 1Gi}}"),
}
SILENT = {
    "both": manifest(BOTH),
    "both of the pod": manifest(pod=BOTH),
    "one of the pod, one of the container": manifest(
        "resources: {limits: {cpu: 1}}", pod="resources: {limits: {memory: 1Gi}}"
    ),
    "templates": manifest("resources: {limits: {cpu: '{{ .cpu }}', memory: ${MEMORY}}}"),
    "the whole is a template": manifest("resources: {{ .Values.resources }}"),
    "the whole of the pod is a template": manifest(pod="resources: {{ .Values.resources }}"),
    "what is no quantity": manifest("resources: {limits: {cpu: unlimited, memory: none}}"),
    "written twice": manifest("resources: {limits: {cpu: 1, memory: 1Gi, cpu: 0}}"),
    "an ephemeral container": manifest(BOTH, ephemeral=container()),
    "left out by a patch": manifest(kind="StatefulSet", spec=""),
    "a container that an override of a chart names": "containers: [{name: app}]\n",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert containers(RULE, text) == ["app"]


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


@pytest.mark.parametrize(
    ("limits", "found"),
    [("{memory: 1Gi}", 0), ("{memory: 1Gi, cpu: 0}", 0), ("{cpu: 1}", 1), ("{}", 1), ("{memory: 0}", 1)],
)
def test_processor_time_may_be_left_unlimited_by_an_option(limits: str, found: int) -> None:
    assert len(findings(RULE, manifest(f"resources: {{limits: {limits}}}"), cpu_limit=False)) == found


@pytest.mark.parametrize(
    ("limits", "said"),
    [("{}", "processor time and memory"), ("{cpu: 1}", "memory"), ("{memory: 1Gi}", "processor time")],
)
def test_it_says_what_is_missing(limits: str, said: str) -> None:
    (finding,) = findings(RULE, manifest(f"resources: {{limits: {limits}}}"))

    assert f"no limit of {said}:" in finding.message
    assert finding.field == "spec.containers[0].resources.limits"


@pytest.mark.parametrize(("keys", "told_at"), [("", "image:"), ("resources:\n  limits:\n    memory: 0", "memory: 0")])
def test_it_is_told_at_the_zero_or_at_the_image(keys: str, told_at: str) -> None:
    text = manifest(keys, kind="Deployment")

    assert findings(RULE, text)[0].line == line_with(text, told_at)

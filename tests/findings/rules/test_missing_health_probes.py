"""Containers that keep running have a readiness and a liveness probe; what ends needs none."""

import pytest

from tests.findings.rules.workloads import container, containers, findings, line_with, manifest

RULE = "missing-health-probes"
READINESS = "readinessProbe: {httpGet: {path: /, port: 80}}\n"
LIVENESS = "livenessProbe: {tcpSocket: {port: 80}}\n"
BOTH = READINESS + LIVENESS

FOUND = {
    "neither, in a Pod": manifest(),
    "neither, in a Deployment": manifest(kind="Deployment"),
    "neither, in a StatefulSet": manifest(kind="StatefulSet"),
    "neither, in a DaemonSet": manifest(kind="DaemonSet"),
    "neither, in a Rollout": manifest(kind="Rollout"),
    "only readiness": manifest(READINESS),
    "only liveness": manifest(LIVENESS),
    "only a startup probe": manifest("startupProbe: {tcpSocket: {port: 80}}"),
    "null": manifest(READINESS + "livenessProbe: ~"),
    "a probe that does not say how to ask": manifest(READINESS + "livenessProbe: {}"),
    "a probe that says only when to ask": manifest(READINESS + "livenessProbe: {periodSeconds: 5}"),
    "a sidecar": manifest(BOTH, init=container("restartPolicy: Always")),
    "one of two containers": manifest(more=container(BOTH, name="other")),
    "a pod that restarts always": manifest(pod="restartPolicy: Always"),
}
SILENT = {
    "both": manifest(BOTH),
    "by commands and gRPC": manifest("readinessProbe: {exec: {command: [ls]}}\nlivenessProbe: {grpc: {port: 1}}"),
    "in a Job": manifest(kind="Job"),
    "in a CronJob": manifest(kind="CronJob"),
    "in a ScaledJob": manifest(kind="ScaledJob"),
    "a sidecar of a Job": manifest(kind="Job", init=container("restartPolicy: Always")),
    "in a PodTemplate": manifest(kind="PodTemplate"),
    "in a service of Knative, which writes them": manifest(kind="Service"),
    "in a cluster of KubeRay, which writes them": "apiVersion: ray.io/v1\nkind: RayCluster\nspec: {headGroupSpec: "
    "{template: {spec: {containers: [{name: app, image: rayproject/ray:2.9}]}}}}\n",
    "a pod that never restarts": manifest(pod="restartPolicy: Never"),
    "a pod that restarts on failure": manifest(pod="restartPolicy: OnFailure"),
    "a pod of which a template says when it restarts": manifest(pod="restartPolicy: ${POLICY}"),
    "an init container": manifest(BOTH, init=container()),
    "an ephemeral container": manifest(BOTH, ephemeral=container()),
    "templates": manifest("readinessProbe: {{ .ready }}\nlivenessProbe: ${LIVE}"),
    "templates within": manifest("readinessProbe: {httpGet: {{ .ready }}}\nlivenessProbe: {exec: ${LIVE}}"),
    "written twice": manifest(READINESS + LIVENESS + LIVENESS),
    "left out by a patch": manifest(kind="Deployment", spec=""),
    "by aliases": manifest(BOTH.replace(" {h", " &p {h"), more=container(LIVENESS + "readinessProbe: *p", name="b")),
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert containers(RULE, text) == ["app"]


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


@pytest.mark.parametrize(("keys", "found"), [(READINESS, 0), (LIVENESS, 1), ("", 1), (BOTH, 0)])
def test_liveness_may_be_left_out_by_an_option(keys: str, found: int) -> None:
    assert len(findings(RULE, manifest(keys), liveness=False)) == found


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "no readiness probe and no liveness probe"),
        (READINESS, "no liveness probe"),
        (LIVENESS, "no readiness probe"),
    ],
)
def test_it_says_which_is_missing_at_the_image(keys: str, said: str) -> None:
    text = manifest(keys, kind="Deployment")
    (finding,) = findings(RULE, text)

    assert f" has {said}:" in finding.message
    assert finding.line == line_with(text, "image:")


def test_the_fingerprint_stays_while_one_of_two_is_mended() -> None:
    assert findings(RULE, manifest())[0].fingerprint == findings(RULE, manifest(READINESS))[0].fingerprint

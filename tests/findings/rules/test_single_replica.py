"""A workload that runs once only is found, unless something else decides how often it runs."""

import pytest

from tests.findings.rules.workloads import findings, line_with, manifest

RULE = "single-replica"
KINDS = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DeploymentConfig", "Rollout", "CloneSet")
SELECTOR = "selector: {matchLabels: {app: web}}\n"


def replicas(written: str, kind: str = "Deployment", metadata: str = "{name: web, namespace: shop}") -> str:
    return manifest(kind=kind, spec=f"{SELECTOR}replicas: {written}", metadata=metadata)


def scaler(
    kind: str = "HorizontalPodAutoscaler",
    version: str = "autoscaling/v2",
    namespace: str = "shop",
    target: str = "{apiVersion: apps/v1, kind: Deployment, name: web}",
) -> str:
    return (
        f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: web, namespace: {namespace}}}\n"
        f"spec: {{maxReplicas: 5, scaleTargetRef: {target}}}\n"
    )


FOUND = {
    "one": replicas("1"),
    "one with a sign": replicas("+1"),
    "not written": manifest(kind="Deployment"),
    "null": replicas("~"),
    "one in a patch": manifest(kind="Deployment", spec="replicas: 1"),
    "without a name": replicas("1", metadata="{generateName: web-}"),
}
SILENT = {
    "two": replicas("2"),
    "zero, which switches it off": replicas("0"),
    "below zero": replicas("-1"),
    "a text": replicas("'1'"),
    "a template": replicas("{{ .Values.replicas }}"),
    "a substitution": replicas("${REPLICAS}"),
    "no number": replicas("one"),
    "not whole": replicas("1.5"),
    "a list": replicas("[1]"),
    "written twice": replicas("1\nreplicas: 2"),
    "not written in a patch": manifest(kind="Deployment", spec=""),
    "a Pod": manifest(),
    "a DaemonSet": replicas("1", "DaemonSet"),
    "a Job": replicas("1", "Job"),
    "a CronJob": replicas("1", "CronJob"),
    "a service of Knative": replicas("1", "Service"),
    "a PodTemplate": manifest(kind="PodTemplate"),
    "an autoscaler's own replicas": scaler(),
}
SCALED = {
    "an autoscaler": scaler(),
    "an autoscaler of an old version": scaler(version="autoscaling/v1"),
    "an autoscaler whose namespace is not written": scaler(namespace='""'),
    "a ScaledObject of KEDA": scaler("ScaledObject", "keda.sh/v1alpha1"),
    "a ScaledObject of KEDA without a kind": scaler("ScaledObject", "keda.sh/v1alpha1", target="{name: web}"),
    "a kustomization": "resources: [web.yaml]\nreplicas: [{name: web, count: 3}]\n",
    "a kustomization by a patch": "resources: [web.yaml]\npatches: [{patch: 'spec: {replicas: 3}'}]\n",
}
NOT_SCALED = {
    "an autoscaler in another namespace": scaler(namespace="other"),
    "an autoscaler of another": scaler(target="{kind: Deployment, name: other}"),
    "an autoscaler of another kind": scaler(target="{kind: StatefulSet, name: web}"),
    "a kustomization about another": "resources: [web.yaml]\nreplicas: [{name: other, count: 3}]\n",
    "a kustomization of other files": "resources: [other.yaml]\nreplicas: [{name: web, count: 3}]\n",
    "a disruption budget": "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: {minAvailable: 1}\n",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert len(findings(RULE, text)) == 1


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_that_has_replicas_is_looked_at(kind: str) -> None:
    (finding,) = findings(RULE, replicas("1", kind))

    assert finding.message.startswith(f"The {kind} `web` runs once only")


@pytest.mark.parametrize("other", SCALED.values(), ids=SCALED)
def test_something_else_decides_how_often_it_runs(other: str) -> None:
    assert findings(RULE, manifest(kind="Deployment"), others={"app/kustomization.yaml": other}) == []


@pytest.mark.parametrize("other", NOT_SCALED.values(), ids=NOT_SCALED)
def test_what_is_about_others_decides_nothing(other: str) -> None:
    assert len(findings(RULE, replicas("1"), others={"app/kustomization.yaml": other})) == 1


def test_an_autoscaler_in_the_same_file_counts() -> None:
    assert findings(RULE, manifest(kind="Deployment") + "---\n" + scaler()) == []


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (replicas("1"), "The Deployment `web` runs once only (`replicas` is 1):"),
        (
            manifest(kind="Deployment"),
            "The Deployment `web` runs once only (`replicas` is not written, which means 1):",
        ),
        (FOUND["without a name"], "The Deployment runs once only (`replicas` is 1):"),
    ],
)
def test_it_says_what_is_written(text: str, begins: str) -> None:
    assert findings(RULE, text)[0].message.startswith(begins)


def test_it_is_told_at_the_pod_where_no_container_can_be_told() -> None:
    text = manifest(kind="Deployment").replace("- name: app", "- app").replace("          image:", "# ")
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, "containers:")


@pytest.mark.parametrize(("text", "told_at"), [(replicas("1"), "replicas: 1"), (manifest(kind="Deployment"), "image:")])
def test_it_is_told_where_it_is_written_or_at_the_image(text: str, told_at: str) -> None:
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, told_at)
    assert finding.field == "spec.replicas"

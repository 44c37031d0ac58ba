"""Workloads that run once only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.patching import may_be_scaled
from bot.findings.rule import Asked, Found, Page, PodRule, lines_of
from bot.findings.security import lines_in
from bot.findings.silences import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Pod
    from bot.findings.view import View

_REPLICAS: Final = "replicas"
# Their `spec.replicas` is how many pods run, and 1 where it is left out.
_KINDS: Final = frozenset(
    {"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DeploymentConfig", "Rollout", "CloneSet"}
)


def _look(pod: Pod, asked: Asked) -> Iterator[Found]:
    replicas = pod.object.at("spec", _REPLICAS)
    if pod.owner.kind not in _KINDS or not _is_one(replicas, pod) or _is_decided_elsewhere(pod, asked):
        return
    called = f"The {pod.owner.kind} `{pod.owner.name}`" if pod.owner.name else f"The {pod.owner.kind}"
    said = f"`{_REPLICAS}` is 1" if replicas.is_there else f"`{_REPLICAS}` is not written, which means 1"
    yield Found(
        lines_of(replicas) if replicas.is_there else lines_in(pod),
        replicas.way,
        f"{called} runs once only ({said}): it is away whenever its pod is, as while its node is drained.",
        f"Set `spec.{_REPLICAS}` to 2 or more, or let a HorizontalPodAutoscaler decide. What cannot run twice needs a"
        " waiver with that reason.",
    )


def _is_one(replicas: View, pod: Pod) -> bool:
    return replicas.number == 1 or (replicas.is_absent and not pod.is_partial)


def _is_decided_elsewhere(pod: Pod, asked: Asked) -> bool:
    """Whether an autoscaler or a kustomization says, or may say, how often the workload runs."""
    kind, namespace, name = pod.owner
    return asked.surroundings.scales(namespace, kind, name) or may_be_scaled(asked, pod)


RULE = PodRule(
    "single-replica",
    _look,
    Page(
        why="What runs once only is away while its pod moves: when its node is drained or fails, and whenever it is"
        " evicted. A PodDisruptionBudget cannot help it.",
        mend="Set `spec.replicas` to 2 or more, spread over nodes, or let a HorizontalPodAutoscaler decide. What cannot"
        " run twice, as a database with one writer, needs a waiver with that reason.",
        silent=(
            "`replicas` is 0: it is switched off on purpose.",
            "An autoscaler of the repository is about it: a HorizontalPodAutoscaler, or a ScaledObject of KEDA.",
            "A kustomization that takes the file in sets `replicas` for it, or may patch them.",
            "A DaemonSet, a Job, a CronJob or a bare Pod, which have no replicas.",
            "`replicas` is not written, and the manifest is a patch.",
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Deployments: Replicas.",
            "Kubernetes, Disruptions.",
        ),
        bad="""\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/app:1.4.2
""",
        good="""\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  replicas: 2
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/app:1.4.2
""",
    ),
)

"""The kinds of objects that run pods, and where their pod specs stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.fields import followed
from bot.manifests.layouts.kinds import Kinds
from bot.manifests.layouts.layout import Document
from bot.manifests.layouts.objects import objects_in
from bot.manifests.layouts.walking import Steps, walk
from bot.manifests.tree import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.layouts.layout import Layout
    from bot.manifests.places import Owner
    from bot.manifests.tree import Node

_TEMPLATE: Final = "spec.template.spec"
_JOB_TEMPLATE: Final = "jobTemplate.spec.template.spec"
_RAY_PODS: Final = ("headGroupSpec.template.spec", "workerGroupSpecs[].template.spec")
_TRAINING_PODS: Final = ("pytorch", "tf", "mpi", "xgb", "paddle", "jax")

_KUBERNETES: Final = (
    Kinds(("Pod",), ("v1",), ("spec",)),
    Kinds(("PodTemplate",), ("v1",), ("template.spec",)),
    Kinds(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
        ("apps/v1", "extensions/v1beta1"),
        (_TEMPLATE,),
    ),
    Kinds(("ReplicationController",), ("v1",), (_TEMPLATE,)),
    Kinds(("Job",), ("batch/v1",), (_TEMPLATE,)),
    Kinds(("CronJob",), ("batch/v1",), (f"spec.{_JOB_TEMPLATE}",)),
)
_OTHERS: Final = (
    Kinds(
        ("DeploymentConfig",),
        ("apps.openshift.io/v1",),
        (_TEMPLATE,),
        ("spec.strategy.customParams.image",),
        of="OpenShift",
    ),
    Kinds(("Rollout",), ("argoproj.io/v1alpha1",), (_TEMPLATE,), of="Argo Rollouts"),
    Kinds(("Service", "Configuration"), ("serving.knative.dev/v1",), (_TEMPLATE,), stands_alone=False, of="Knative"),
    Kinds(("Revision",), ("serving.knative.dev/v1",), ("spec",), stands_alone=False, of="Knative"),
    Kinds(("ScaledJob",), ("keda.sh/v1alpha1",), ("spec.jobTargetRef.template.spec",), of="KEDA"),
    Kinds(("JobSet",), ("jobset.x-k8s.io/v1alpha2",), ("spec.replicatedJobs[].template.spec.template.spec",)),
    Kinds(
        ("LeaderWorkerSet",),
        ("leaderworkerset.x-k8s.io/v1",),
        ("spec.leaderWorkerTemplate.leaderTemplate.spec", "spec.leaderWorkerTemplate.workerTemplate.spec"),
    ),
    Kinds(
        ("CloneSet", "StatefulSet", "DaemonSet", "BroadcastJob"),
        ("apps.kruise.io/v1alpha1",),
        (_TEMPLATE,),
        stands_alone=False,
        of="OpenKruise",
    ),
    Kinds(
        ("AdvancedCronJob",),
        ("apps.kruise.io/v1alpha1",),
        (f"spec.template.{_JOB_TEMPLATE}", "spec.template.broadcastJobTemplate.spec.template.spec"),
        of="OpenKruise",
    ),
    Kinds(
        ("UnitedDeployment",),
        ("apps.kruise.io/v1alpha1",),
        tuple(
            f"spec.template.{template}Template.spec.template.spec"
            for template in ("statefulSet", "advancedStatefulSet", "cloneSet", "deployment")
        ),
        of="OpenKruise",
    ),
    Kinds(
        ("SidecarSet",),
        ("apps.kruise.io/v1alpha1",),
        images=("spec.containers[].image", "spec.initContainers[].image"),
        of="OpenKruise",
    ),
    Kinds(("ImagePullJob",), ("apps.kruise.io/v1alpha1",), images=("spec.image",), of="OpenKruise"),
    Kinds(("ImageListPullJob",), ("apps.kruise.io/v1alpha1",), images=("spec.images[]",), of="OpenKruise"),
    Kinds(("Job",), ("batch.volcano.sh/v1alpha1",), ("spec.tasks[].template.spec",), stands_alone=False, of="Volcano"),
    Kinds(("RayCluster",), ("ray.io/v1",), tuple(f"spec.{pods}" for pods in _RAY_PODS), of="Ray"),
    Kinds(
        ("RayJob",),
        ("ray.io/v1",),
        (*(f"spec.rayClusterSpec.{pods}" for pods in _RAY_PODS), "spec.submitterPodTemplate.spec"),
        of="Ray",
    ),
    Kinds(("RayService",), ("ray.io/v1",), tuple(f"spec.rayClusterConfig.{pods}" for pods in _RAY_PODS), of="Ray"),
    Kinds(
        ("PyTorchJob", "TFJob", "MPIJob", "XGBoostJob", "PaddleJob", "JAXJob"),
        ("kubeflow.org/v1",),
        tuple(f"spec.{framework}ReplicaSpecs.*.template.spec" for framework in _TRAINING_PODS),
        of="Kubeflow",
    ),
    Kinds(("Notebook",), ("kubeflow.org/v1",), (_TEMPLATE,), stands_alone=False, of="Kubeflow"),
)
KINDS: Final = (*_KUBERNETES, *_OTHERS)
LAYOUTS: Final[tuple[Layout, ...]] = tuple(row.layout() for row in KINDS)


class PodSpec(NamedTuple):
    """The pod spec of an object. `way` leads to it in its document ("items[0].spec.template.spec")."""

    owner: Owner
    way: str
    node: Mapping


class Workload(NamedTuple):
    """An object of a kind that runs pods. `group` is its API group, `way` leads to it in its document ("items[0]")."""

    owner: Owner
    group: str
    way: str
    root: Mapping
    pod_specs: tuple[PodSpec, ...]


def _steps_by_kind() -> dict[tuple[str, str], Steps]:
    rows = [row for row in KINDS if row.pod_specs]
    return {(kind, group): Steps.along(*row.pod_specs) for row in rows for group in row.groups() for kind in row.kinds}


_STEPS: Final = _steps_by_kind()


def pod_specs_in(document: Node | None, path: str) -> list[PodSpec]:
    """Give the pod specs in the root of one document of the file at `path`, in the order of the file.

    Those of the kinds of this module only: what has containers by the look of it may take other keys than a pod spec
    does. A pod spec that an alias stands for is given once, and one below a key that stands twice is left out.
    Raises Unreadable where merges are chained deeper than anybody writes them.
    """
    return [spec for workload in workloads_in(document, path) for spec in workload.pod_specs]


def workloads_in(document: Node | None, path: str) -> list[Workload]:
    """Give the objects that may run pods, each with its pod specs as `pod_specs_in` tells them."""
    known: set[int] = set()
    found: list[Workload] = []
    for each in objects_in(document, path):
        steps = _STEPS.get((each.owner.kind, each.group)) if isinstance(each, Document) else None
        if isinstance(each, Document) and steps is not None:
            specs = tuple(_new_specs(each, steps, known))
            found.append(Workload(each.owner, each.group, each.way, each.root, specs))
    return found


def _new_specs(document: Document, steps: Steps, known: set[int]) -> Iterator[PodSpec]:
    for node, way, _ in walk(document.root, steps, document.way).reached:
        target = followed(node)
        if isinstance(target, Mapping) and id(target) not in known:
            known.add(id(target))
            yield PodSpec(document.owner, way, target)

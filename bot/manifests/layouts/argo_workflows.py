"""Where images stand in the objects of Argo Workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.layouts.kinds import Kinds

if TYPE_CHECKING:
    from bot.manifests.layouts.layout import Layout

# Argo Workflows field reference: WorkflowSpec, Template, WorkflowStep, DAGTask.
_TEMPLATES: Final = (
    "templates[]",
    "templates[].steps[][].inline",
    "templates[].dag.tasks[].inline",
    "templateDefaults",
)
_IMAGES: Final = (
    "container.image",
    "containerSet.containers[].image",
    "script.image",
    "initContainers[].image",
    "sidecars[].image",
    "volumes[].image.reference",
)
_VERSIONS: Final = ("argoproj.io/v1alpha1",)


def _row(kinds: tuple[str, ...], way: str) -> Kinds:
    return Kinds(
        kinds,
        _VERSIONS,
        images=(f"{way}.volumes[].image.reference",),
        holders=tuple(f"{way}.{template}" for template in _TEMPLATES),
        held=_IMAGES,
        of="Argo Workflows",
    )


KINDS: Final = (
    _row(("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate"), "spec"),
    _row(("CronWorkflow",), "spec.workflowSpec"),
)
LAYOUTS: Final[tuple[Layout, ...]] = tuple(row.layout() for row in KINDS)

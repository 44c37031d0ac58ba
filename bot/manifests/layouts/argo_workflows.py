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
_WAYS: Final = (
    *(f"{template}.{image}" for template in _TEMPLATES for image in _IMAGES),
    "volumes[].image.reference",
)
_VERSIONS: Final = ("argoproj.io/v1alpha1",)

LAYOUTS: Final[tuple[Layout, ...]] = (
    Kinds(
        ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate"),
        _VERSIONS,
        images=tuple(f"spec.{way}" for way in _WAYS),
        of="Argo Workflows",
    ).layout(),
    Kinds(
        ("CronWorkflow",),
        _VERSIONS,
        images=tuple(f"spec.workflowSpec.{way}" for way in _WAYS),
        of="Argo Workflows",
    ).layout(),
)

"""Where images stand in the objects of Tekton Pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.layouts.kinds import Kinds

if TYPE_CHECKING:
    from bot.manifests.layouts.layout import Layout

# Tekton Pipelines API reference: TaskSpec, PipelineSpec.
_TASK: Final = (
    "steps[].image",
    "sidecars[].image",
    "stepTemplate.image",
    "volumes[].image.reference",
)
_VERSIONS: Final = ("tekton.dev/v1",)


def _tasks_of(pipeline: str) -> tuple[str, ...]:
    return (f"{pipeline}.tasks[].taskSpec", f"{pipeline}.finally[].taskSpec")


def _row(kinds: tuple[str, ...], *tasks: str) -> Kinds:
    return Kinds(kinds, _VERSIONS, holders=tasks, held=_TASK, of="Tekton")


KINDS: Final = (
    _row(("Task", "ClusterTask"), "spec"),
    _row(("TaskRun",), "spec.taskSpec"),
    _row(("Pipeline",), *_tasks_of("spec")),
    _row(("PipelineRun",), *_tasks_of("spec.pipelineSpec")),
    Kinds(("StepAction",), _VERSIONS, images=("spec.image",), of="Tekton"),
)
LAYOUTS: Final[tuple[Layout, ...]] = tuple(row.layout() for row in KINDS)

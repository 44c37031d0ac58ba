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
_PIPELINE: Final = tuple(f"{tasks}[].taskSpec.{image}" for tasks in ("tasks", "finally") for image in _TASK)
_VERSIONS: Final = ("tekton.dev/v1",)


def _row(kinds: tuple[str, ...], way: str, images: tuple[str, ...]) -> Layout:
    return Kinds(kinds, _VERSIONS, images=tuple(f"{way}.{image}" for image in images), of="Tekton").layout()


LAYOUTS: Final[tuple[Layout, ...]] = (
    _row(("Task", "ClusterTask"), "spec", _TASK),
    _row(("TaskRun",), "spec.taskSpec", _TASK),
    _row(("Pipeline",), "spec", _PIPELINE),
    _row(("PipelineRun",), "spec.pipelineSpec", _PIPELINE),
    _row(("StepAction",), "spec", ("image",)),
)

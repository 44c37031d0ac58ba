"""Containers that do not say how much processor time and memory they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings import fixes
from bot.findings.patching import may_be_patched
from bot.findings.resources import CPU, MEMORY, REQUESTS, RESOURCES, lines_without, missing, named, requested
from bot.findings.rule import Asked, ContainerRule, Found, Page
from bot.findings.silences import IN_PATCHES, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.finding import Edit
    from bot.findings.subjects import Container, Pod


def _look(container: Container, pod: Pod, asked: Asked) -> Iterator[Found]:
    lacking = missing(container, pod, requested, (CPU, MEMORY))
    if not lacking or may_be_patched(asked, pod, RESOURCES):
        return
    advised = ", ".join(f"`{each}: {asked.option(each)}`" for each in lacking)
    yield Found(
        lines_without(container, pod, REQUESTS, lacking),
        container.view.at(RESOURCES, REQUESTS).way,
        f"{container.called} requests no {named(lacking, ' and no ')}: its pod is placed as if it needed none, and is"
        " among the first to go when its node runs out.",
        f"Write what the container needs into `{RESOURCES}.{REQUESTS}`; {advised} is a beginning.",
        _fix(container, asked, lacking),
        about=tuple(lacking),
    )


def _fix(container: Container, asked: Asked, lacking: list[str]) -> Edit | None:
    """Request what is missing, as much as the options say; a zero that is written nobody but people replace."""
    if any(container.view.at(RESOURCES, REQUESTS, each).is_there for each in lacking):
        return None
    cpu, memory = (str(asked.option(each)) if each in lacking else None for each in (CPU, MEMORY))
    return fixes.requests(container, asked.file, cpu, memory)


RULE = ContainerRule(
    "missing-resource-requests",
    _look,
    Page(
        why="Kubernetes chooses a node by what the containers of a pod request. One that requests nothing lands where"
        " there may be no room, slows down what runs beside it, and is evicted first when memory runs out.",
        mend="Write `resources.requests` with `cpu` and `memory`, as much as the container uses at ordinary times; its"
        " metrics tell. The suggestion's `100m` and `128Mi` are a beginning, and options of this rule.",
        silent=(
            "A limit is written and no request: Kubernetes requests the limit.",
            "The pod requests it for all of its containers (`spec.resources`, since Kubernetes 1.34).",
            "Ephemeral containers, which may request nothing.",
            IN_PATCHES,
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Resource Management for Pods and Containers.",
            "Kubernetes, Assign Pod-level CPU and memory resources.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      resources:
        requests: {memory: 128Mi}
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      resources:
        requests: {cpu: 100m, memory: 128Mi}
""",
    ),
)

"""Containers that may take all the processor time and memory of their node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings.patching import may_be_patched
from bot.findings.resources import CPU, LIMITS, MEMORY, RESOURCES, limited, lines_without, missing, named
from bot.findings.rule import Asked, ContainerRule, Found, Page
from bot.findings.silences import IN_PATCHES, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Container, Pod


def _look(container: Container, pod: Pod, asked: Asked) -> Iterator[Found]:
    wanted = (CPU, MEMORY) if asked.option("cpu-limit") else (MEMORY,)
    lacking = missing(container, pod, limited, wanted)
    if not lacking or may_be_patched(asked, pod, RESOURCES):
        return
    keys = ", ".join(f"`{each}`" for each in lacking)
    yield Found(
        lines_without(container, pod, LIMITS, lacking),
        container.view.at(RESOURCES, LIMITS).way,
        f"{container.called} has no limit of {named(lacking)}: it may take what others on its node need.",
        f"Write the most that the container may use into `{RESOURCES}.{LIMITS}`: {keys}.",
        about=tuple(lacking),
    )


RULE = ContainerRule(
    "missing-resource-limits",
    _look,
    Page(
        why="A container without a limit of memory may use up that of its node, whereupon the kernel ends other"
        " processes there. One without a limit of processor time may take what its neighbours did not request.",
        mend="Write `resources.limits` with `memory`, and `cpu` unless you leave processor time unlimited on purpose:"
        " then set the option `cpu-limit: false`.",
        silent=(
            "The pod has a limit for all of its containers (`spec.resources`, since Kubernetes 1.34).",
            "Ephemeral containers, which may have none.",
            "`cpu` alone is missing, and the option `cpu-limit` is false.",
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
        requests: {cpu: 100m, memory: 128Mi}
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
        limits: {cpu: 500m, memory: 256Mi}
""",
    ),
)

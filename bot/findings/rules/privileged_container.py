"""Containers that may do on their node whatever root may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings.rule import Asked, ContainerRule, Found, Page, lines_of
from bot.findings.security import CONTEXT, runs_on_windows
from bot.findings.silences import ON_WINDOWS, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Container, Pod


def _look(container: Container, pod: Pod, _asked: Asked) -> Iterator[Found]:
    privileged = container.view.at(CONTEXT, "privileged")
    if privileged.is_true and not runs_on_windows(pod):
        yield Found(
            lines_of(privileged),
            privileged.way,
            f"{container.called} is privileged: it may do on its node whatever root may.",
            "Take `privileged` out, and add the capabilities that the container really needs.",
        )


RULE = ContainerRule(
    "privileged-container",
    _look,
    Page(
        why="A privileged container has every capability and sees every device of its node: who gets into it has the"
        " node, and mostly the cluster.",
        mend="Take `privileged: true` out. Where the container needs a capability, add just that one under"
        " `securityContext.capabilities.add`.",
        silent=("`privileged` is not written, or false.", ON_WINDOWS, UNTOLD),
        sources=("Kubernetes, Pod Security Standards, Baseline: Privileged Containers.",),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      securityContext: {privileged: true}
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      securityContext: {privileged: false}
""",
    ),
)

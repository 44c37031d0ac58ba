"""Pods that share namespaces of their node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.rule import Asked, Found, Page, PodRule, lines_of
from bot.findings.security import runs_on_windows
from bot.findings.silences import ON_WINDOWS, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Pod

_SHARED: Final = (
    ("hostNetwork", "the network of its node: it sees the node's traffic, and network policies do not hold it"),
    ("hostPID", "the processes of its node: it sees all of them, with what they were started with"),
    ("hostIPC", "the IPC of its node: it reads and writes the shared memory of the node's processes"),
)


def _look(pod: Pod, _asked: Asked) -> Iterator[Found]:
    for key, what in _SHARED:
        shares = pod.spec.at(key)
        if shares.is_true and not runs_on_windows(pod):
            yield Found(lines_of(shares), shares.way, f"The pod shares {what}.", f"Take `{key}` out.")


RULE = PodRule(
    "host-namespace",
    _look,
    Page(
        why="A pod that shares the network, the processes or the IPC of its node is not held apart from what else runs"
        " there: it may listen to the traffic of other pods, see or stop their processes, and read their memory.",
        mend="Take `hostNetwork`, `hostPID` and `hostIPC` out. To be reached from outside of the cluster a pod needs a"
        " Service, an Ingress or a Gateway. What looks after nodes, as a network plugin or a node exporter does, needs"
        " the key, and a waiver with that reason.",
        silent=(
            "`hostUsers` is left out or `true`, which Kubernetes does by itself.",
            "`shareProcessNamespace` is `true`: the containers of one pod see each other only.",
            ON_WINDOWS,
            UNTOLD,
        ),
        sources=("Kubernetes, Pod Security Standards, Baseline: Host Namespaces.",),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  hostNetwork: true
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
    ),
)

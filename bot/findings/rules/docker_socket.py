"""Pods that may give orders to the container engine of their node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.findings.host_paths import host_paths
from bot.findings.rule import Asked, Found, Page, PodRule
from bot.findings.silences import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Pod


def _look(pod: Pod, _asked: Asked) -> Iterator[Found]:
    for each in host_paths(pod):
        if each.is_engine:
            yield Found(
                each.lines,
                each.field,
                f"The volume `{each.volume}` is `{each.path}` of the node, which leads to the socket of its container"
                " engine: who gets into the pod may start any container there, and so has the node.",
                "Take the volume out. To build images use a builder that needs no engine, such as BuildKit without"
                " root or Kaniko; to look at containers use the cluster's API.",
                about=(each.place,),
            )


RULE = PodRule(
    "docker-socket",
    _look,
    Page(
        why="Who may speak to the container engine of a node may start a privileged container on it, past everything"
        " that Kubernetes allows or forbids. Mounting the socket read-only changes nothing: one can speak to it still.",
        mend="Take the volume out. Build images with a builder that needs no engine, such as BuildKit without root or"
        " Kaniko; read containers and logs by the cluster's API.",
        silent=(
            "The root of the node (`/`) or a folder far above the socket is mounted: `host-path-volume` tells of it.",
            "The socket of an engine that stands in a pod of its own is shared by an `emptyDir`.",
            "A patch takes the volume out (`$patch: delete`).",
            UNTOLD,
        ),
        sources=(
            "Docker, Protect the Docker daemon socket.",
            "Kubernetes, Pod Security Standards, Baseline: HostPath Volumes.",
            "Kubernetes, Container Runtimes: the sockets of containerd, CRI-O and cri-dockerd.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      volumeMounts: [{name: engine, mountPath: /var/run/docker.sock}]
  volumes:
    - name: engine
      hostPath: {path: /var/run/docker.sock, type: Socket}
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

"""Pods that mount a path of their node."""

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
        if not each.is_engine:
            what = f"the path `{each.path}`" if each.path else "a path"
            yield Found(
                each.lines,
                each.field,
                f"The volume `{each.volume}` is {what} of the node: what is there is open to the pod, and what the pod"
                " keeps there is on one node only.",
                "Mount a `persistentVolumeClaim`, an `emptyDir` or a `configMap` instead, or make the mount read-only"
                " and waive this with a reason.",
                about=(each.place,),
            )


RULE = PodRule(
    "host-path-volume",
    _look,
    Page(
        why="A pod that mounts a path of its node may read what stands there, the secrets of other pods or of the"
        " kubelet among them, and where it may write it may take over the node. Its data also stays behind when the pod"
        " moves to another node.",
        mend="Use a `persistentVolumeClaim` for data that lasts, `emptyDir` for data that does not, and `configMap` or"
        " `secret` for settings. What looks after nodes, as a collector of logs does, needs a `hostPath`: mount the"
        " narrowest path, read-only, and write a waiver with that reason.",
        silent=(
            "The path leads to the socket of a container engine: `docker-socket` tells of it.",
            "A `local` PersistentVolume, which an administrator hands out.",
            "A patch takes the volume out (`$patch: delete`).",
            UNTOLD,
        ),
        sources=("Kubernetes, Pod Security Standards, Baseline: HostPath Volumes.", "Kubernetes, Volumes: hostPath."),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      volumeMounts: [{name: data, mountPath: /data}]
  volumes:
    - name: data
      hostPath: {path: /srv/data}
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      volumeMounts: [{name: data, mountPath: /data}]
  volumes:
    - name: data
      emptyDir: {}
""",
    ),
)

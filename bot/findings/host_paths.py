"""Paths of their node that pods mount, and which of them lead to the socket of its container engine."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.findings.rule import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Pod

# Where container engines listen: Docker, containerd, CRI-O, cri-dockerd, dockershim, Podman; also those of K3s and k0s.
_SOCKETS: Final = frozenset(
    {"docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "dockershim.sock", "podman.sock"}
)
_PIPES: Final = frozenset({r"\\.\pipe\docker_engine", r"\\.\pipe\containerd-containerd"})
_FOLDERS: Final = frozenset(
    {"/run", "/run/containerd", "/run/crio", "/run/podman", "/run/k3s", "/run/k3s/containerd", "/run/k0s"}
)
# /var/run is /run (Filesystem Hierarchy Standard 3.0, 5.13), and nothing else below /var is looked for.
_ABOVE_OTHER_RUN: Final = "/var"
# Linux, limits.h: PATH_MAX.
_LONGEST_PATH: Final = 4096


class HostPath(NamedTuple):
    """A volume that is a path of the node. `path` is as written, "" where it is not; `field` names it by its name."""

    volume: str
    path: str
    lines: tuple[int, int]
    field: str

    @property
    def place(self) -> str:
        """Where it leads, in one way of writing."""
        return self.path if not self.path or len(self.path) > _LONGEST_PATH else _normal(self.path)

    @property
    def is_engine(self) -> bool:
        """Whether it leads to the socket of the node's container engine: is one, or the folder that holds it."""
        if len(self.path) > _LONGEST_PATH:
            return False
        if self.path.replace("/", "\\").lower() in _PIPES:
            return True
        place = _normal(self.path).removeprefix(_ABOVE_OTHER_RUN)
        return posixpath.basename(place) in _SOCKETS or place in _FOLDERS


def host_paths(pod: Pod) -> Iterator[HostPath]:
    """List the volumes of a pod that are paths of its node.

    One that a patch takes out (`$patch: delete`) is none.
    """
    for volume in pod.spec.at("volumes").elements():
        mounted, path = volume.at("hostPath"), volume.at("hostPath", "path")
        if mounted.is_mapping and not mounted.is_template and volume.at("$patch").text != "delete":
            name = volume.at("name").text
            # By its name, because a volume before it may come or go.
            field = f"{pod.spec.at('volumes').way}[{name}].hostPath" if name else mounted.way
            yield HostPath(name, path.text, lines_of(path, mounted), field)


def _normal(path: str) -> str:
    """Write a path without what makes no difference: `//`, `.`, `..`, a last `/`."""
    return posixpath.normpath("/" + path.lstrip("/"))

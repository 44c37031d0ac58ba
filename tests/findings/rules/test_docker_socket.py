"""A volume that leads to the socket of a container engine is found, however its path is written, and once only."""

import pytest

from tests.findings.rules.workloads import findings, line_with, manifest

RULE = "docker-socket"
OTHER_RULE = "host-path-volume"


def mounts(path: str, kind: str = "Pod") -> str:
    return manifest(kind=kind, pod=f"volumes: [{{name: engine, hostPath: {{path: '{path}'}}}}]")


SOCKETS = (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/var/run/docker.sock/",
    "//var//run/./docker.sock",
    "/var/lib/../run/docker.sock",
    "/run/containerd/containerd.sock",
    "/var/run/containerd/containerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/k0s/containerd.sock",
    "/var/snap/microk8s/common/run/containerd.sock",
    "/var/run/crio/crio.sock",
    "/var/run/cri-dockerd.sock",
    "/var/run/dockershim.sock",
    "/run/podman/podman.sock",
    "/run/user/1000/docker.sock",
    "/mnt/host/docker.sock",
    "{{ .Values.root }}/docker.sock",
    r"\\.\pipe\docker_engine",
    "//./pipe/containerd-containerd",
)
FOLDERS = ("/run", "/var/run", "/var/run/", "/run/containerd", "/var/run/crio", "/run/k3s", "/run/podman")
OTHERS = (
    "/",
    "/var",
    "/srv/run",
    "/run/secrets",
    "/var/running",
    "/run/docker.sock.bak",
    "/run/mydocker.sock",
    "/var/lib/containerd",
    "/etc/docker",
    "${SOCKET}",
    "",
)


@pytest.mark.parametrize("path", [*SOCKETS, *FOLDERS])
def test_it_is_found_and_not_told_twice(path: str) -> None:
    assert len(findings(RULE, mounts(path))) == 1
    assert findings(OTHER_RULE, mounts(path)) == []


@pytest.mark.parametrize("path", OTHERS)
def test_any_other_path_is_told_by_the_other_rule(path: str) -> None:
    assert findings(RULE, mounts(path)) == []
    assert len(findings(OTHER_RULE, mounts(path))) == 1


@pytest.mark.parametrize("kind", ["Pod", "Deployment", "DaemonSet", "Job", "CronJob", "PodTemplate"])
def test_every_kind_is_looked_at(kind: str) -> None:
    (finding,) = findings(RULE, mounts("/var/run/docker.sock", kind))

    assert finding.line == line_with(mounts("/var/run/docker.sock", kind), "docker.sock")
    assert "`/var/run/docker.sock`" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        manifest(),
        manifest("volumeMounts: [{name: engine, mountPath: /var/run/docker.sock}]"),
        manifest(pod="volumes: [{name: engine, emptyDir: {}}]"),
        manifest("env: [{name: DOCKER_HOST, value: 'unix:///var/run/docker.sock'}]"),
        manifest(pod="volumes: [{name: engine, hostPath: /var/run/docker.sock}]"),
        manifest(pod="volumes: [{name: engine, hostPath: {path: [/var/run/docker.sock]}}]"),
        manifest(pod="volumes: [{name: engine, $patch: delete, hostPath: {path: /run}}]"),
    ],
    ids=[
        "no volume",
        "only the mount",
        "an empty folder",
        "a variable",
        "a text where a mapping belongs",
        "a list where a text belongs",
        "taken out by a patch",
    ],
)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []

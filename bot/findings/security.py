"""Security contexts: what those of a container and of its pod say together, and where they mean anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.rule import lines_of

if TYPE_CHECKING:
    from bot.findings.subjects import Container, Pod
    from bot.findings.view import View

CONTEXT: Final = "securityContext"
_WINDOWS: Final = "windows"
_LABELS_OF_SYSTEM: Final = ("kubernetes.io/os", "beta.kubernetes.io/os")


def said_of(container: Container, pod: Pod, key: str) -> View:
    """Give a value of the security context: the container's, and the pod's where the container says nothing.

    Kubernetes, Configure a Security Context for a Pod or Container: what both say, the container's decides.
    """
    own = container.view.at(CONTEXT, key)
    return pod.spec.at(CONTEXT, key) if own.is_absent else own


def is_privileged(container: Container) -> bool:
    """Whether a container is privileged for certain."""
    return container.view.at(CONTEXT, "privileged").is_true


def runs_on_windows(pod: Pod) -> bool:
    """Whether a pod says that it runs on Windows, where what is said of Linux means nothing.

    Kubernetes, PodSpec: `os.name`; well-known labels: `kubernetes.io/os`.
    """
    return any(_is_windows(each.text) for each in _systems(pod))


def may_run_on_windows(pod: Pod) -> bool:
    """Whether a pod says that it runs on Windows, or nobody can tell: then what it leaves out may mean nothing."""
    return any(each.is_doubtful or each.is_residue or _is_windows(each.text) for each in _systems(pod))


def _systems(pod: Pod) -> list[View]:
    """Give the values that name the operating system of a pod."""
    system, selector = pod.spec.at("os"), pod.spec.at("nodeSelector")
    if system.is_absent and selector.is_absent:
        return []
    return [system.at("name"), *(selector.at(label) for label in _LABELS_OF_SYSTEM)]


def _is_windows(text: str) -> bool:
    return len(text) == len(_WINDOWS) and text.lower() == _WINDOWS


def lines_at(container: Container, pod: Pod) -> tuple[int, int]:
    """Give the lines to name for what a container does not say: those of its image, of its name, or of the pod."""
    return lines_of(container.view.at("image"), container.view.at("name"), pod.spec)


def lines_in(pod: Pod) -> tuple[int, int]:
    """Give the lines to name for what a pod does not say: those of its first container, or its own."""
    return lines_at(pod.containers[0], pod) if pod.containers else lines_of(pod.spec)

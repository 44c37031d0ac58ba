"""Containers that run as root, or may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.patching import may_be_patched
from bot.findings.rule import Asked, ContainerRule, Found, Page, lines_of
from bot.findings.security import CONTEXT, lines_at, may_run_on_windows, runs_on_windows, said_of
from bot.findings.silences import IN_PATCHES, ON_WINDOWS, UNTOLD
from bot.manifests.ways import below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Container, Pod

_USER: Final = "runAsUser"
_NOT_ROOT: Final = "runAsNonRoot"
_MEND: Final = (
    f"Set `{CONTEXT}.{_NOT_ROOT}` to `true`, and `{_USER}` to the number of a user other than 0 where the image names"
    " none."
)


def _look(container: Container, pod: Pod, asked: Asked) -> Iterator[Found]:
    host_users = pod.spec.at("hostUsers")
    if runs_on_windows(pod) or not (host_users.is_absent or host_users.is_true):
        return
    user, not_root = said_of(container, pod, _USER), said_of(container, pod, _NOT_ROOT)
    way = below(below(container.view.way, CONTEXT), _NOT_ROOT)
    if user.number == 0:
        why = f"{container.called} runs as root."
        if not_root.is_true:
            why = f"{container.called} is to run as root and must not: Kubernetes will not start it."
        yield Found(lines_of(user), way, why, _MEND, about=(_USER,))
    elif user.is_absent and _is_unsaid(container, pod, asked):
        if not_root.is_false:
            yield Found(lines_of(not_root), way, f"{container.called} may run as root.", _MEND)
        elif not_root.is_absent:
            why = f"{container.called} may run as root: nothing forbids it where its image asks for it."
            yield Found(lines_at(container, pod), way, why, _MEND)


def _is_unsaid(container: Container, pod: Pod, asked: Asked) -> bool:
    """Whether what the manifest leaves out is said nowhere else either."""
    return not container.is_partial and not may_run_on_windows(pod) and not may_be_patched(asked, pod, _USER, _NOT_ROOT)


RULE = ContainerRule(
    "run-as-root",
    _look,
    Page(
        why="Root in a container is root on its node as soon as something lets it out, and inside of the container it"
        " may write wherever it likes. Most images run as root unless somebody says otherwise.",
        mend="Write `runAsNonRoot: true` into the `securityContext` of the pod: Kubernetes then refuses to start a"
        " container as root. Where the image names no user by number, write `runAsUser` too, such as `10001`. What a"
        " container says counts more than what its pod says.",
        silent=(
            "`runAsUser` is a number other than 0, with or without `runAsNonRoot`.",
            "`runAsGroup` alone, whatever it says: it neither makes a container root nor keeps it from being root.",
            "`hostUsers` is `false`: the container's root is nobody in particular on the node.",
            ON_WINDOWS,
            IN_PATCHES,
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Pod Security Standards, Restricted: Running as Non-root, Running as Non-root user.",
            "Kubernetes, User Namespaces: Integration with Pod security admission checks.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  securityContext: {runAsGroup: 10001}
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  securityContext: {runAsNonRoot: true}
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
    ),
)

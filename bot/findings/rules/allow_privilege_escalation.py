"""Containers whose processes may gain more privileges than they were started with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.patching import may_be_patched
from bot.findings.rule import Asked, ContainerRule, Found, Page, lines_of
from bot.findings.security import CONTEXT, is_privileged, lines_at, may_run_on_windows, runs_on_windows
from bot.findings.silences import IN_PATCHES, ON_WINDOWS, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Container, Pod

_KEY: Final = "allowPrivilegeEscalation"


def _look(container: Container, pod: Pod, asked: Asked) -> Iterator[Found]:
    if is_privileged(container) or runs_on_windows(pod):
        return
    allows = container.view.at(CONTEXT, _KEY)
    if allows.is_true:
        why = f"{container.called} allows its processes to gain more privileges than it has."
        yield Found(lines_of(allows), allows.way, why, f"Set `{CONTEXT}.{_KEY}` of the container to `false`.")
    elif allows.is_absent and not container.is_partial and not _may_be_said(pod, asked):
        why = (
            f"{container.called} does not forbid its processes to gain more privileges than it has, as a"
            " program with the setuid bit does."
        )
        yield Found(lines_at(container, pod), allows.way, why, f"Set `{CONTEXT}.{_KEY}` of the container to `false`.")


def _may_be_said(pod: Pod, asked: Asked) -> bool:
    """Whether what the container leaves out means nothing, or may be said by a patch."""
    return may_run_on_windows(pod) or may_be_patched(asked, pod, _KEY)


RULE = ContainerRule(
    "allow-privilege-escalation",
    _look,
    Page(
        why="Unless it is forbidden, a process may become root by a program with the setuid bit or with capabilities of"
        " its own, whatever user the container was started as. Kubernetes allows it where nothing is written.",
        mend="Write `allowPrivilegeEscalation: false` into the `securityContext` of each container; there is no such"
        " key for a whole pod. Programs that are started as the user they shall run as notice nothing of it.",
        silent=(
            "The container is privileged: Kubernetes refuses both at once, and `privileged-container` tells of it.",
            ON_WINDOWS,
            IN_PATCHES,
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Pod Security Standards, Restricted: Privilege Escalation.",
            "Kubernetes, Configure a Security Context for a Pod or Container: `allowPrivilegeEscalation`.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
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
      securityContext: {allowPrivilegeEscalation: false}
""",
    ),
)

"""Containers that have Linux capabilities which they should not need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.patching import may_be_patched
from bot.findings.rule import Asked, ContainerRule, Found, Page, lines_of
from bot.findings.security import CONTEXT, is_privileged, lines_at, may_run_on_windows, runs_on_windows
from bot.findings.silences import IN_PATCHES, ON_WINDOWS, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Container, Pod
    from bot.findings.view import View

_CAPABILITIES: Final = "capabilities"
_ALL: Final = "ALL"
_LONGEST: Final = 100
# containerd, pkg/oci, and Docker, Runtime privilege and Linux capabilities: what a container has unless it drops it.
_GIVEN: Final = (
    "CHOWN",
    "DAC_OVERRIDE",
    "FSETID",
    "FOWNER",
    "MKNOD",
    "NET_RAW",
    "SETGID",
    "SETUID",
    "SETFCAP",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "SYS_CHROOT",
    "KILL",
    "AUDIT_WRITE",
)


def _look(container: Container, pod: Pod, asked: Asked) -> Iterator[Found]:
    if is_privileged(container) or runs_on_windows(pod):
        return
    allow = asked.option("allow")
    assert isinstance(allow, tuple)
    allowed = {_plain(str(each)) for each in allow}
    said = container.view.at(CONTEXT, _CAPABILITIES)
    yield from _added(container, said.at("add"), allowed)
    if not container.is_partial and not may_run_on_windows(pod):
        yield from _kept(container, pod, asked, said.at("drop"), allowed)


def _added(container: Container, add: View, allowed: set[str]) -> Iterator[Found]:
    """Find what is added and may not be."""
    for each in add.elements():
        name = _plain(each.text)
        if name and name not in allowed and not each.is_residue:
            yield Found(
                lines_of(each),
                f"{add.way}[{name}]",
                f"{container.called} adds the capability `{each.text}`, which lets a process do what only root may.",
                f"Take it out of `{CONTEXT}.{_CAPABILITIES}.add`, or allow it by this rule's option `allow`.",
            )


def _kept(container: Container, pod: Pod, asked: Asked, drop: View, allowed: set[str]) -> Iterator[Found]:
    """Find that what a container is given by itself is not dropped."""
    if drop.is_doubtful or (drop.is_there and not drop.is_list) or any(each.is_residue for each in drop.elements()):
        return
    dropped = {_plain(each.text) for each in drop.elements()}
    kept = [each for each in _GIVEN if each not in dropped and each not in allowed]
    if _ALL in dropped or not kept or may_be_patched(asked, pod, _CAPABILITIES):
        return
    yield Found(
        lines_of(drop) if drop.is_there else lines_at(container, pod),
        drop.way,
        f"{container.called} keeps capabilities that its engine gives to every container, such as `{kept[0]}`.",
        f"Write `drop: [{_ALL}]` into `{CONTEXT}.{_CAPABILITIES}`, and add those that it really needs.",
        about=tuple(kept),
    )


def _plain(name: str) -> str:
    """Write a capability as Kubernetes does: in capital letters, without `CAP_`."""
    return name[:_LONGEST].strip().upper().removeprefix("CAP_")


RULE = ContainerRule(
    "dangerous-capabilities",
    _look,
    Page(
        why="Capabilities are the parts of what root may do. Some that can be added, such as `SYS_ADMIN`, amount to the"
        " whole; and those that every container is given by itself help who gets into one: `NET_RAW` to forge packets,"
        " `SETUID` to become somebody else.",
        mend="Write `capabilities: {drop: [ALL]}` into the `securityContext` of each container, and below `add` the few"
        " that it needs. Those that you allow everywhere belong into the option `allow` of this rule;"
        " `NET_BIND_SERVICE` is there by itself. There is no such key for a whole pod.",
        silent=(
            "The container is privileged: it has all of them anyhow, and `privileged-container` tells of it.",
            "Everything that engines give is dropped one by one.",
            ON_WINDOWS,
            IN_PATCHES,
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Pod Security Standards, Restricted: Capabilities.",
            "Docker, Running containers: Runtime privilege and Linux capabilities.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      securityContext:
        capabilities: {drop: [ALL], add: [SYS_ADMIN]}
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      securityContext:
        capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
""",
    ),
)

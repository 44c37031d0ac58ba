"""Containers that may write to the filesystem of their image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.patching import may_be_patched
from bot.findings.rule import Asked, ContainerRule, Found, Page, lines_of
from bot.findings.security import CONTEXT, lines_at, may_run_on_windows, runs_on_windows
from bot.findings.silences import IN_PATCHES, ON_WINDOWS, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Container, Pod

_KEY: Final = "readOnlyRootFilesystem"
_MEND: Final = (
    f"Set `{CONTEXT}.{_KEY}` of the container to `true`, and mount an `emptyDir` volume where it has to write."
)


def _look(container: Container, pod: Pod, asked: Asked) -> Iterator[Found]:
    if runs_on_windows(pod):
        return
    is_read_only = container.view.at(CONTEXT, _KEY)
    why = f"{container.called} may write to its root filesystem: who gets into it may change what it runs."
    if is_read_only.is_false:
        yield Found(lines_of(is_read_only), is_read_only.way, why, _MEND)
    elif is_read_only.is_absent and not container.is_partial and not _may_be_said(pod, asked):
        yield Found(lines_at(container, pod), is_read_only.way, why, _MEND)


def _may_be_said(pod: Pod, asked: Asked) -> bool:
    """Whether what the container leaves out means nothing, or may be said by a patch."""
    return may_run_on_windows(pod) or may_be_patched(asked, pod, _KEY)


RULE = ContainerRule(
    "writable-root-filesystem",
    _look,
    Page(
        why="Who gets into a container whose root filesystem is writable may replace its programs and leave tools"
        " there. What a container writes there is also lost when it restarts, and fills the disk of the node.",
        mend="Write `readOnlyRootFilesystem: true` into the `securityContext` of each container, and mount an"
        " `emptyDir` volume at each folder that it has to write to, such as `/tmp`. There is no such key for a whole"
        " pod.",
        silent=(
            ON_WINDOWS,
            IN_PATCHES,
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Configure a Security Context for a Pod or Container: `readOnlyRootFilesystem`.",
            "NSA and CISA, Kubernetes Hardening Guide: Immutable container file systems.",
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
      securityContext: {readOnlyRootFilesystem: true}
      volumeMounts: [{name: tmp, mountPath: /tmp}]
  volumes: [{name: tmp, emptyDir: {}}]
""",
    ),
)

"""Containers that keep running and that nobody asks whether they are well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.findings.patching import may_be_patched
from bot.findings.rule import Asked, ContainerRule, Found, Page
from bot.findings.security import lines_at
from bot.findings.silences import IN_PATCHES, UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Container, Pod
    from bot.findings.view import View

_READINESS: Final = "readinessProbe"
_LIVENESS: Final = "livenessProbe"
_WORDS: Final = {_READINESS: "readiness probe", _LIVENESS: "liveness probe"}
_MEND: Final = {
    _READINESS: f"`{_READINESS}`, so that requests reach it only when it can answer them",
    _LIVENESS: f"`{_LIVENESS}`, so that it is started again when it hangs",
}
# Kubernetes API reference, core/v1 Probe: one of these says how to ask.
_WAYS_TO_ASK: Final = ("httpGet", "tcpSocket", "exec", "grpc")
# Knative and KubeRay write probes themselves where there are none; nobody waits for a template or for a job.
_KINDS_ELSEWHERE: Final = frozenset({"PodTemplate", "Service", "Configuration", "Revision"})


def _look(container: Container, pod: Pod, asked: Asked) -> Iterator[Found]:
    if container.is_partial or not container.keeps_running or not _keeps_running(pod):
        return
    wanted = (_READINESS, _LIVENESS) if asked.option("liveness") else (_READINESS,)
    lacking = [each for each in wanted if _is_missing(container.view.at(each))]
    if not lacking or may_be_patched(asked, pod, *lacking):
        return
    yield Found(
        lines_at(container, pod),
        container.view.way,
        f"{container.called} has no {' and no '.join(_WORDS[each] for each in lacking)}: Kubernetes takes it for well"
        " as long as it runs.",
        f"Add a {' and a '.join(_MEND[each] for each in lacking)}.",
        about=tuple(lacking),
    )


def _keeps_running(pod: Pod) -> bool:
    """Whether a pod is to run until somebody ends it, and nothing else writes its probes."""
    kind, restarts = pod.owner.kind, pod.spec.at("restartPolicy")
    if "Job" in kind or kind.startswith("Ray") or kind in _KINDS_ELSEWHERE:
        return False
    return restarts.is_absent or restarts.text == "Always"


def _is_missing(probe: View) -> bool:
    """Whether there is no probe, or one that does not say how to ask, which Kubernetes refuses."""
    return all(probe.at(each).is_absent for each in _WAYS_TO_ASK)


RULE = ContainerRule(
    "missing-health-probes",
    _look,
    Page(
        why="Without a readiness probe a pod is sent requests before it can answer them, and during a rollout the old"
        " pods go while the new ones still start. Without a liveness probe a container that hangs stays as it is.",
        mend="Write a `readinessProbe` that asks what the container needs to answer requests, and a `livenessProbe`"
        " that fails only where a restart helps: it should ask nothing of databases or of other services. Set the"
        " option `liveness: false` where you want none. What serves nobody, as a consumer of a queue, may have a"
        " waiver.",
        silent=(
            "Jobs of any kind, and pods whose `restartPolicy` is not `Always`.",
            "Init and ephemeral containers; but not sidecars, which are init containers that keep running.",
            "Knative's services and the kinds of KubeRay, for which probes are written by their operators.",
            "`PodTemplate`, of which nobody knows what it is for.",
            IN_PATCHES,
            UNTOLD,
        ),
        sources=(
            "Kubernetes, Configure Liveness, Readiness and Startup Probes.",
            "Kubernetes, Sidecar Containers: Differences from application containers.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      readinessProbe:
        httpGet: {path: /ready, port: 8080}
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
      readinessProbe:
        httpGet: {path: /ready, port: 8080}
      livenessProbe:
        tcpSocket: {port: 8080}
""",
    ),
)

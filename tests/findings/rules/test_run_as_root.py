"""What a container and its pod say of users is read together, and the container's word counts more."""

import pytest

from tests.findings.rules.workloads import container, containers, findings, line_with, manifest

RULE = "run-as-root"


def contexts(own: str = "", of_pod: str = "", *, pod: str = "", **more: str) -> str:
    """Write a manifest with a security context of the container, one of the pod, and further keys of the pod spec."""
    context = "securityContext: {%s}"
    return manifest(context % own if own else "", pod=f"{context % of_pod if of_pod else ''}\n{pod}", **more)


FOUND = {
    "nothing is written": contexts(),
    "an empty context": manifest("securityContext: {}"),
    "user 0": contexts("runAsUser: 0"),
    "user 0 of the pod": contexts(of_pod="runAsUser: 0"),
    "user 0 of the container, another of the pod": contexts("runAsUser: 0", "runAsUser: 1000"),
    "user 0, and not as root": contexts("runAsUser: 0, runAsNonRoot: true"),
    "user 0, and the pod not as root": contexts("runAsUser: 0", "runAsNonRoot: true"),
    "user 0 of the pod, and the container not as root": contexts("runAsNonRoot: true", "runAsUser: 0"),
    "as root allowed": contexts("runAsNonRoot: false"),
    "as root allowed by the container, not by the pod": contexts("runAsNonRoot: false", "runAsNonRoot: true"),
    "a group alone": contexts(of_pod="runAsGroup: 1000, fsGroup: 1000, supplementalGroups: [1000]"),
    "null": contexts("runAsUser: null, runAsNonRoot: ~"),
    "with the users of the node by name": contexts(pod="hostUsers: true"),
    "in a CronJob": contexts(kind="CronJob"),
    "user 0 in a patch": contexts("runAsUser: 0", kind="Deployment", spec=""),
    "an init container": contexts("runAsNonRoot: true", init=container()),
    "an ephemeral container": contexts("runAsUser: 1", ephemeral=container()),
}
SILENT = {
    "not as root": contexts("runAsNonRoot: true"),
    "the pod not as root": contexts(of_pod="runAsNonRoot: true"),
    "another user": contexts("runAsUser: 1000"),
    "another user of the pod": contexts(of_pod="runAsUser: 65534"),
    "another user of the container, 0 of the pod": contexts("runAsUser: 1000", "runAsUser: 0"),
    "the container says null, the pod another user": contexts("runAsUser: null", "runAsUser: 1000"),
    "another user, as root allowed": contexts("runAsUser: 1000, runAsNonRoot: false"),
    "another user of the pod, as root allowed by the container": contexts("runAsNonRoot: false", "runAsUser: 1000"),
    "another user with the group of root": contexts("runAsUser: 1000, runAsGroup: 0"),
    "users of its own": contexts("runAsUser: 0", pod="hostUsers: false"),
    "users that a template decides": contexts(pod="hostUsers: ${USERS}"),
    "a user that is a text": contexts("runAsUser: '0'"),
    "a user that is a template": contexts("runAsUser: {{ .Values.user }}"),
    "a user that is a template, of the pod": contexts(of_pod="runAsUser: ${USER}"),
    "not as root by a template": contexts("runAsNonRoot: ${NOT_ROOT}"),
    "the context of the pod is a template": manifest(pod="securityContext: {{ .Values.context }}"),
    "the context of the container is a template": manifest("securityContext: {{ .Values.context }}"),
    "written twice": contexts("runAsNonRoot: true, runAsNonRoot: false"),
    "on Windows": contexts(pod="os: {name: windows}"),
    "left out by a patch": contexts(kind="Deployment", spec=""),
    "as root allowed by a patch, of which nobody knows the user": contexts(
        "runAsNonRoot: false", kind="Deployment", spec=""
    ),
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert containers(RULE, text) == ["app"]


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


@pytest.mark.parametrize(
    ("text", "told_at", "says"),
    [
        (contexts(), "image:", "may run as root"),
        (contexts(of_pod="runAsUser: 0"), "runAsUser", "runs as root"),
        (contexts("runAsNonRoot: false"), "runAsNonRoot", "may run as root"),
        (contexts("runAsUser: 0, runAsNonRoot: true"), "runAsUser", "will not start"),
    ],
)
def test_it_says_what_is_wrong_where_it_is_written(text: str, told_at: str, says: str) -> None:
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, told_at)
    assert says in finding.message


def test_what_its_pod_says_is_found_of_each_container() -> None:
    text = manifest(pod="securityContext: {runAsUser: 0}", more=container(name="other"))

    assert containers(RULE, text) == ["app", "other"]

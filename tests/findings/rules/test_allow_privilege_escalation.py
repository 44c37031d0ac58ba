"""Only `allowPrivilegeEscalation: false` forbids a container's processes to gain privileges."""

import pytest

from tests.findings.rules.workloads import container, containers, findings, line_with, manifest

RULE = "allow-privilege-escalation"
FORBIDDEN = "securityContext: {allowPrivilegeEscalation: false}"

FOUND = {
    "nothing is written": manifest(),
    "an empty context": manifest("securityContext: {}"),
    "null": manifest("securityContext: {allowPrivilegeEscalation: null}"),
    "true": manifest("securityContext: {allowPrivilegeEscalation: true}"),
    "true as YAML 1.1 may write it": manifest("securityContext: {allowPrivilegeEscalation: on}"),
    "forbidden by the pod, which knows no such key": manifest(pod=FORBIDDEN),
    "in a Job": manifest(kind="Job"),
    "in a CronJob": manifest(kind="CronJob"),
    "as a user other than root": manifest("securityContext: {runAsUser: 1000, runAsNonRoot: true}"),
    "with SYS_ADMIN": manifest("securityContext: {capabilities: {add: [SYS_ADMIN]}}"),
    "an ephemeral container": manifest(FORBIDDEN, ephemeral=container()),
    "an init container": manifest(FORBIDDEN, init=container()),
    "true in a patch": manifest("securityContext: {allowPrivilegeEscalation: true}", kind="Deployment", spec=""),
    "on nodes of another system": manifest(pod="nodeSelector: {kubernetes.io/os: freebsd}"),
    "on nodes of any system": manifest(pod="nodeSelector: {disk: ssd}"),
    "on Linux by name": manifest(pod="os: {name: linux}"),
}
SILENT = {
    "false": manifest(FORBIDDEN),
    "false as YAML 1.1 may write it": manifest("securityContext: {allowPrivilegeEscalation: Off}"),
    "privileged, which has its own rule": manifest("securityContext: {privileged: true}"),
    "a text": manifest('securityContext: {allowPrivilegeEscalation: "false"}'),
    "a template": manifest("securityContext: {allowPrivilegeEscalation: {{ .Values.escalate }}}"),
    "the whole context is a template": manifest("securityContext: {{ .Values.context }}"),
    "the whole context is a substitution": manifest("securityContext: ${CONTEXT}"),
    "written twice": manifest("securityContext: {allowPrivilegeEscalation: false, allowPrivilegeEscalation: true}"),
    "on Windows": manifest(pod="os: {name: windows}"),
    "on nodes of Windows by the old label": manifest(pod="nodeSelector: {beta.kubernetes.io/os: Windows}"),
    "on a system that is a template": manifest(pod="os: {{ .Values.os }}"),
    "on nodes that are a template": manifest(pod="nodeSelector: {{ .Values.nodes }}"),
    "on a system that a template names": manifest(pod="os: {name: '${OS}'}"),
    "left out by a patch": manifest(kind="Deployment", spec=""),
    "left out by a container without an image": manifest().replace("image: ghcr.io/acme/app:1.4.2", "env: []"),
    "by a merge key": "x: &s {allowPrivilegeEscalation: false}\n" + manifest("securityContext: {<<: *s}"),
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert containers(RULE, text) == ["app"]


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


def test_what_is_missing_is_told_on_the_line_of_the_image() -> None:
    text = manifest(kind="Deployment")
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, "image:")
    assert finding.field == "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation"


def test_what_is_written_is_told_on_its_own_line_and_keeps_the_fingerprint() -> None:
    text = manifest("securityContext:\n  allowPrivilegeEscalation: true")
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, "allowPrivilegeEscalation")
    assert finding.fingerprint == findings(RULE, manifest())[0].fingerprint

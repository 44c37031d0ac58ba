"""Only `readOnlyRootFilesystem: true` of the container itself keeps its root filesystem as it is."""

import pytest

from tests.findings.rules.workloads import container, containers, findings, line_with, manifest

RULE = "writable-root-filesystem"
READ_ONLY = "securityContext: {readOnlyRootFilesystem: true}"

FOUND = {
    "nothing is written": manifest(),
    "an empty context": manifest("securityContext: {}"),
    "null": manifest("securityContext: {readOnlyRootFilesystem: ~}"),
    "false": manifest("securityContext: {readOnlyRootFilesystem: false}"),
    "false as YAML 1.1 may write it": manifest("securityContext: {readOnlyRootFilesystem: no}"),
    "read-only for the pod, which knows no such key": manifest(pod=READ_ONLY),
    "with a read-only volume": manifest("volumeMounts: [{name: data, mountPath: /, readOnly: true}]"),
    "in a StatefulSet": manifest(kind="StatefulSet"),
    "in a CronJob": manifest(kind="CronJob"),
    "in a service of Knative": manifest(kind="Service"),
    "privileged": manifest("securityContext: {privileged: true}"),
    "an init container": manifest(READ_ONLY, init=container()),
    "an ephemeral container": manifest(READ_ONLY, ephemeral=container()),
    "false in a patch": manifest("securityContext: {readOnlyRootFilesystem: false}", kind="Deployment", spec=""),
}
SILENT = {
    "true": manifest(READ_ONLY),
    "true as YAML 1.1 may write it": manifest("securityContext: {readOnlyRootFilesystem: Yes}"),
    "a text": manifest("securityContext: {readOnlyRootFilesystem: 'true'}"),
    "a template": manifest("securityContext: {readOnlyRootFilesystem: {{ .Values.readOnly }}}"),
    "the whole context is a template": manifest("securityContext: {{ .Values.context }}"),
    "the whole context is a list": manifest("securityContext: [readOnlyRootFilesystem]"),
    "written twice": manifest("securityContext: {readOnlyRootFilesystem: true, readOnlyRootFilesystem: false}"),
    "on Windows": manifest(pod="os: {name: windows}"),
    "left out by a patch": manifest(kind="Deployment", spec=""),
    "by an alias": manifest(READ_ONLY.replace("{", "&s {"), more=container("securityContext: *s", name="other")),
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert containers(RULE, text) == ["app"]


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


@pytest.mark.parametrize(
    ("keys", "told_at"),
    [("", "image:"), ("securityContext:\n  readOnlyRootFilesystem: false", "readOnlyRootFilesystem")],
)
def test_it_is_told_where_it_is_written_or_at_the_image(keys: str, told_at: str) -> None:
    text = manifest(keys, kind="Deployment")
    (finding,) = findings(RULE, text)

    assert finding.line == line_with(text, told_at)

"""A container requests processor time and memory, itself, by its limits, or by its pod."""

import pytest

from bot.policies.findings import settings_of
from bot.policies.rules import RULES_BY_ID
from tests.findings.rules.workloads import container, containers, findings, line_with, manifest

RULE = "missing-resource-requests"
BOTH = "resources: {requests: {cpu: 100m, memory: 128Mi}}"

FOUND = {
    "nothing is written": manifest(),
    "empty resources": manifest("resources: {}"),
    "empty requests": manifest("resources: {requests: {}}"),
    "null": manifest("resources: {requests: ~}"),
    "no memory": manifest("resources: {requests: {cpu: 100m}}"),
    "no processor time": manifest("resources: {requests: {memory: 128Mi}}"),
    "a limit of one of them": manifest("resources: {limits: {memory: 128Mi}}"),
    "a processor time of zero": manifest("resources: {requests: {cpu: 0, memory: 128Mi}}"),
    "zero with a unit": manifest("resources: {requests: {cpu: 0m, memory: 128Mi}}"),
    "an empty text": manifest('resources: {requests: {cpu: "", memory: 128Mi}}'),
    "zero, whatever the limit": manifest(
        "resources: {requests: {cpu: 0, memory: 128Mi}, limits: {cpu: 1, memory: 1Gi}}"
    ),
    "a limit of zero": manifest("resources: {limits: {cpu: 0, memory: 1Gi}}"),
    "only a device": manifest("resources: {limits: {nvidia.com/gpu: 1}}"),
    "only huge pages and a disk": manifest("resources: {requests: {hugepages-2Mi: 4Mi, ephemeral-storage: 1Gi}}"),
    "only claims": manifest("resources: {claims: [{name: gpu}]}"),
    "an init container": manifest(BOTH, init=container()),
    "a sidecar": manifest(BOTH, init=container("restartPolicy: Always")),
    "in a Job": manifest(kind="Job"),
    "in a CronJob": manifest(kind="CronJob"),
    "one of them of the pod": manifest(pod="resources: {requests: {cpu: 1}}"),
    "of the pod, but zero": manifest(pod="resources: {requests: {cpu: 0, memory: 1Gi}}"),
    "of another container": manifest(more=container(BOTH, name="other")),
    "on Windows": manifest(pod="os: {name: windows}"),
}
SILENT = {
    "both": manifest(BOTH),
    "both limits, which are requested then": manifest("resources: {limits: {cpu: 1, memory: 1Gi}}"),
    "one request and one limit": manifest("resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}"),
    "whole numbers": manifest("resources: {requests: {cpu: 1, memory: 134217728}}"),
    "texts": manifest('resources: {requests: {"cpu": "0.5", "memory": "1e8"}}'),
    "both of the pod": manifest(pod=BOTH),
    "both limits of the pod": manifest(pod="resources: {limits: {cpu: 1, memory: 1Gi}}"),
    "one of the pod, one of the container": manifest(
        "resources: {requests: {cpu: 1}}", pod="resources: {requests: {memory: 1Gi}}"
    ),
    "templates": manifest("resources: {requests: {cpu: {{ .cpu }}, memory: '{{ .memory }}'}}"),
    "substitutions": manifest("resources: {requests: {cpu: ${CPU}, memory: $(MEMORY)}}"),
    "the whole is a template": manifest("resources: {{ .Values.resources }}"),
    "the whole is a substitution": manifest("resources: ${RESOURCES}"),
    "what is no quantity": manifest("resources: {requests: {cpu: much, memory: [1]}}"),
    "a list": manifest("resources: [requests]"),
    "written twice": manifest("resources: {requests: {cpu: 1}, requests: {memory: 1Gi}}"),
    "by an alias": manifest(BOTH.replace("{r", "&r {r"), more=container("resources: *r", name="other")),
    "by a merge key": "x: &r {cpu: 1, memory: 1Gi}\n" + manifest("resources: {requests: {<<: *r}}"),
    "an ephemeral container, which may request nothing": manifest(BOTH, ephemeral=container()),
    "left out by a patch": manifest(kind="Deployment", spec=""),
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_it_is_found(text: str) -> None:
    assert containers(RULE, text) == ["app"]


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_nothing_is_found(text: str) -> None:
    assert findings(RULE, text) == []


@pytest.mark.parametrize(
    ("keys", "said", "advised"),
    [
        ("", "no processor time and no memory", ["cpu: 100m", "memory: 128Mi"]),
        ("resources: {requests: {cpu: 1}}", "no memory", ["memory: 128Mi"]),
        ("resources: {requests: {memory: 1Gi}}", "no processor time", ["cpu: 100m"]),
    ],
)
def test_it_says_what_is_missing_and_advises_just_that(keys: str, said: str, advised: list[str]) -> None:
    (finding,) = findings(RULE, manifest(keys))

    assert f" requests {said}:" in finding.message
    assert [each for each in ("cpu: 100m", "memory: 128Mi") if each in finding.mend] == advised


@pytest.mark.parametrize(
    ("keys", "told_at"),
    [
        ("", "image:"),
        ("resources:\n  requests:\n    memory: 1Gi", "image:"),
        ("resources:\n  requests:\n    cpu: 0", "cpu: 0"),
    ],
)
def test_it_is_told_at_the_zero_or_at_the_image(keys: str, told_at: str) -> None:
    text = manifest(keys, kind="Deployment")

    assert findings(RULE, text)[0].line == line_with(text, told_at)


def test_the_fingerprint_stays_while_one_of_two_is_mended() -> None:
    before, after = manifest(), manifest("resources: {requests: {cpu: 1}}")

    assert findings(RULE, before)[0].fingerprint == findings(RULE, after)[0].fingerprint


@pytest.mark.parametrize("keys", ["", "resources:\n  requests:\n    cpu: 1", "resources:\n  limits:\n    memory: 1Gi"])
def test_the_fix_requests_what_the_options_say_and_leaves_nothing_to_find(keys: str) -> None:
    text = manifest(keys, kind="Deployment")
    (finding,) = findings(RULE, text, cpu="7m", memory="7Mi")
    assert finding.fix is not None
    start, end, replacement = finding.fix
    mended = (text.encode()[:start] + replacement + text.encode()[end:]).decode()

    assert findings(RULE, mended) == []
    assert ("7m" in mended, "7Mi" in mended) == ("cpu" not in keys, "memory" not in keys)


def test_there_is_no_fix_where_somebody_wrote_a_zero() -> None:
    (finding,) = findings(RULE, manifest("resources:\n  requests:\n    cpu: 0"))

    assert finding.fix is None


def test_the_options_have_the_amounts_that_are_documented() -> None:
    assert dict(settings_of(RULES_BY_ID[RULE]).options) == {"cpu": "100m", "memory": "128Mi"}

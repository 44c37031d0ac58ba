"""Truth values and numbers are what Kubernetes reads, however they are spelled.

The tables are what `YAMLToJSON` of sigs.k8s.io/yaml makes of each text.
"""

import pytest

from bot.findings.plain_values import whole_number
from tests.findings.rules.workloads import findings, manifest

TRUE = (
    "true",
    "True",
    "y",
    "Y",
    "yes",
    "ON",
    "!!bool true",
    '!!bool "true"',
    "!!bool 'y'",
    "!<tag:yaml.org,2002:bool> on",
)
NOT_TRUE = ("n", "N", "'true'", '"y"', "!!str true", "! true", "!mine true", "tRue", "1", "!!bool false")
ZERO = (
    *("0", "0x0", "0X0", "0b0", "0o0", "00", "0_0", "+0", "-0", "0.0", ".0", "0.", "0e5", "-0b0"),
    *("!!int 0", '!!int "0"', '!!int "0x0"', "!!float 0", "!!float '0.0'"),
)
NOT_ZERO = ("1000", "'0'", "!!str 0", "!mine 0", "0:0", "_0", "0x", "0.5", "1e3")


@pytest.mark.parametrize("spelled", TRUE)
def test_a_privileged_container_is_found_however_true_is_spelled(spelled: str) -> None:
    assert findings("privileged-container", manifest(f"securityContext: {{privileged: {spelled} }}"))


@pytest.mark.parametrize("spelled", NOT_TRUE)
def test_what_is_not_true_makes_no_container_privileged(spelled: str) -> None:
    assert not findings("privileged-container", manifest(f"securityContext: {{privileged: {spelled} }}"))


@pytest.mark.parametrize("spelled", TRUE)
@pytest.mark.parametrize("key", ["hostNetwork", "hostPID", "hostIPC"])
def test_a_namespace_of_the_node_is_found_however_true_is_spelled(key: str, spelled: str) -> None:
    assert findings("host-namespace", manifest(pod=f"{key}: {spelled}"))


@pytest.mark.parametrize("spelled", ["n", "N", "off", "!!bool no", '!!bool "n"'])
def test_a_writable_root_is_found_however_false_is_spelled(spelled: str) -> None:
    assert findings("writable-root-filesystem", manifest(f"securityContext: {{readOnlyRootFilesystem: {spelled} }}"))


@pytest.mark.parametrize("spelled", ZERO)
def test_root_is_found_however_its_number_is_spelled(spelled: str) -> None:
    found = findings("run-as-root", manifest(f"securityContext: {{runAsUser: {spelled} , runAsNonRoot: true}}"))

    assert found


@pytest.mark.parametrize("spelled", NOT_ZERO)
def test_what_is_not_zero_is_not_the_number_of_root(spelled: str) -> None:
    found = findings("run-as-root", manifest(f"securityContext: {{runAsUser: {spelled} , runAsNonRoot: true}}"))

    assert not found


@pytest.mark.parametrize("spelled", ["!!null ''", "!!null ~", "!!null null"])
def test_what_is_null_by_its_tag_is_not_there(spelled: str) -> None:
    assert findings("run-as-root", manifest(f"securityContext: {{runAsNonRoot: {spelled} }}"))
    assert findings("missing-health-probes", manifest(f"readinessProbe: {spelled}\nlivenessProbe: {spelled}"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("0x1F", 31), ("-0x1f", -31), ("0b11", 3), ("-0b1", -1), ("0o17", 15), ("017", 15), ("08", 8)),
        *(("1_000", 1_000), ("1.0", 1), ("1e3", 1_000), ("1.5", None), ("0:1", None), (".inf", None), ("", None)),
        *(("-", None), ("+.", None), ("0x", None), ("1__0", 10), ("12345678901", 12_345_678_901), ("9" * 50, None)),
        *(("1e99999999", None), ("\u0661", None), ("0xé", None), (" 1", None)),
    ],
)
def test_a_text_is_a_whole_number_as_kubernetes_reads_it(text: str, number: int | None) -> None:
    assert whole_number(text) == number

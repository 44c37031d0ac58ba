"""What is written counts where a template is to name the operating system; what is left out does not."""

import pytest

from tests.findings.rules.workloads import findings, manifest

UNTOLD = "nodeSelector: {kubernetes.io/os: '${OS}'}"
WINDOWS = "nodeSelector: {kubernetes.io/os: windows}"
# The rule, what is written in the container, and in the pod.
WRITTEN = {
    "privileged-container": ("securityContext: {privileged: true}", ""),
    "host-namespace": ("", "hostNetwork: true"),
    "allow-privilege-escalation": ("securityContext: {allowPrivilegeEscalation: true}", ""),
    "run-as-root": ("securityContext: {runAsUser: 0}", ""),
    "dangerous-capabilities": ("securityContext: {capabilities: {add: [SYS_ADMIN], drop: [ALL]}}", ""),
    "writable-root-filesystem": ("securityContext: {readOnlyRootFilesystem: false}", ""),
}
LEFT_OUT = ["allow-privilege-escalation", "run-as-root", "dangerous-capabilities", "writable-root-filesystem"]


@pytest.mark.parametrize(("system", "count"), [("", 1), (UNTOLD, 1), (WINDOWS, 0)])
@pytest.mark.parametrize(("rule", "keys"), WRITTEN.items(), ids=WRITTEN)
def test_what_is_written_counts_but_on_windows(rule: str, keys: tuple[str, str], system: str, count: int) -> None:
    assert len(findings(rule, manifest(keys[0], pod=f"{keys[1]}\n{system}\n"))) == count


@pytest.mark.parametrize(("system", "count"), [("", 1), (UNTOLD, 0), (WINDOWS, 0)])
@pytest.mark.parametrize("rule", LEFT_OUT)
def test_what_is_left_out_counts_where_the_system_is_told(rule: str, system: str, count: int) -> None:
    assert len(findings(rule, manifest(pod=system))) == count

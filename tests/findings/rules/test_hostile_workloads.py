"""Whatever a manifest holds, the rules about workloads answer, and in sentences of bounded length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings import check
from bot.policies.rules import RULES, Severity
from tests.findings.rules.workloads import container, manifest

EVERYTHING = {rule.id: Severity.LOW for rule in RULES}
# Keys that rules look at, and what may stand there although it does not belong there.
KEYS = (
    "name",
    "image",
    "resources",
    "securityContext",
    "readinessProbe",
    "livenessProbe",
    "restartPolicy",
    "volumes",
    "hostNetwork",
    "hostUsers",
    "nodeSelector",
    "os",
    "replicas",
    "serviceAccountName",
    "automountServiceAccountToken",
    "containers",
    "initContainers",
    "ephemeralContainers",
)
ODD = st.recursive(
    st.sampled_from(["", "~", "1", "-1", "'x'", "[]", "{}", "{{ .x }}", "${X}", "!t y", "true", "0m", "'\\0'", "é"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]")
        | st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=8,
)


@given(
    st.lists(st.tuples(st.sampled_from(KEYS), ODD), max_size=6),
    st.lists(st.tuples(st.sampled_from(KEYS), ODD), max_size=6),
)
def test_odd_values_are_answered(in_pod: list[tuple[str, str]], in_container: list[tuple[str, str]]) -> None:
    pod, keys = ("\n".join(f"{key}: {value}" for key, value in pairs) for pairs in (in_pod, in_container))

    check({"a.yaml": manifest(keys, pod=pod, kind="Deployment").encode()}, EVERYTHING)


LONG = "x" * 100_000
NAMES = {
    "a container": manifest().replace("name: app", f"name: {LONG}"),
    "a volume and its path": manifest(pod=f"volumes: [{{name: {LONG}, hostPath: {{path: {LONG}}}}}]"),
    "a capability": manifest(f"securityContext: {{capabilities: {{add: [{LONG}]}}}}"),
    "a service account": manifest(pod=f"serviceAccountName: {LONG}"),
    "an object": manifest(kind="Deployment", metadata=f"{{name: {LONG}, namespace: {LONG}}}"),
}


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_names_longer_than_anybodys_are_shortened(text: str) -> None:
    found = check({"a.yaml": text.encode()}, EVERYTHING)

    assert found
    assert max(len(repr(each)) for each in found) < 10_000


def test_a_pod_of_very_many_containers_is_looked_at_to_the_last() -> None:
    text = manifest(more="".join(container(name=f"c{number}") for number in range(1_000)))
    found = check({"a.yaml": text.encode()}, {"run-as-root": Severity.LOW})

    assert len({each.fingerprint for each in found}) == 1_001


def test_a_container_without_a_name_is_called_so() -> None:
    (finding,) = check(
        {"a.yaml": manifest().replace("- name: app\n     ", "-").encode()}, {"run-as-root": Severity.LOW}
    )

    assert finding.message.startswith("A container without a name may run as root")

"""What stood before and is made worse where it stands is new; what only moves in its file is not."""

from __future__ import annotations

import pytest

from bot.findings import Known
from bot.findings.finding import FINGERPRINT, KIND
from bot.findings.judging import Sides, reported
from bot.manifests import Skipped, SkipReason
from bot.policies import load
from tests.findings.told import TODAY

POLICY = """\
version: 1
findings:
  rules:
    image-registry-not-allowed: {severity: high, allow: [ghcr.io]}
    missing-resource-limits: {severity: low, cpu-limit: true}
    image-not-pinned-to-digest: low
    service-account-token-automount: low
    run-as-root: low
"""


def report(before: str, after: str, path: str = "app.yaml"):
    sides = Sides({path: before.encode()}, {path: after.encode()})
    return reported(sides, load(POLICY), Known(), TODAY)


def new(before: str, after: str, path: str = "app.yaml"):
    return sorted({finding.rule for finding in report(before, after, path).new})


def pod(spec: str = "", container: str = "", image: str = "ghcr.io/acme/app:1.4.2") -> str:
    """Write a pod; `spec` and `container` are flow mappings without their braces."""
    first = f"name: app, image: '{image}'{', ' if container else ''}{container}"
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: app}}
spec: {{{spec}{", " if spec else ""}containers: [{{{first}}}]}}
"""


def volume(path: str) -> str:
    return pod(f"volumes: [{{name: data, hostPath: {{path: {path}}}}}]")


def drops(*names: str) -> str:
    return pod(container=f"securityContext: {{capabilities: {{drop: [{', '.join(names)}]}}}}")


@pytest.mark.parametrize(
    ("rule", "before", "after", "is_new"),
    [
        ("image-registry-not-allowed", pod(image="nginx"), pod(image="evil.example/backdoor"), True),
        ("image-registry-not-allowed", pod(image="nginx:1"), pod(image="docker.io/library/nginx:2"), False),
        ("latest-image-tag", pod(image="nginx:latest"), pod(image="evil.example/x:latest"), True),
        ("latest-image-tag", pod(image="nginx:latest"), pod(image="nginx"), False),
        ("image-not-pinned-to-digest", pod(image="nginx:1"), pod(image="redis:1"), True),
        ("image-not-pinned-to-digest", pod(image="nginx:1"), pod(image="nginx:2"), False),
        (
            "image-pull-policy",
            pod(image="nginx:latest", container="imagePullPolicy: Never"),
            pod(image="redis:latest", container="imagePullPolicy: Never"),
            True,
        ),
        ("public-image-no-credential", pod(image="ghcr.io/acme/a:1"), pod(image="ghcr.io/acme/b:1"), False),
        ("public-image-no-credential", pod(image="ghcr.io/acme/a:1"), pod(image="quay.io/acme/a:1"), True),
        ("host-path-volume", volume("/var/log"), volume("/"), True),
        ("host-path-volume", volume("/var/log"), volume("/log"), True),
        ("host-path-volume", volume("/var/log"), volume("/var//log/"), False),
        ("docker-socket", volume("/run/docker.sock"), volume("/run/crio/crio.sock"), True),
        ("dangerous-capabilities", drops("CHOWN", "KILL"), drops("CHOWN"), True),
        ("dangerous-capabilities", drops("CHOWN"), drops("CHOWN", "KILL"), False),
        ("missing-resource-limits", pod(container="resources: {limits: {memory: 1Gi}}"), pod(), True),
        ("missing-resource-limits", pod(), pod(container="resources: {limits: {memory: 1Gi}}"), False),
        ("missing-resource-requests", pod(container="resources: {requests: {cpu: 1}}"), pod(), True),
        ("service-account-token-automount", pod("serviceAccountName: default"), pod(), False),
        ("run-as-root", pod(), pod(container="securityContext: {runAsUser: 0}"), True),
        ("run-as-root", pod(container="securityContext: {runAsUser: 0}"), pod(), False),
    ],
)
def test_another_thing_in_the_same_place_is_new_where_it_matters(rule, before, after, is_new):
    assert rule in new("", before)
    assert (rule in new(before, after)) is is_new


@pytest.mark.parametrize(
    ("before", "after"),
    [(pod(image="nginx:latest"), pod(image="evil.example/x:latest")), (volume("/var/log"), volume("/"))],
)
def test_what_is_made_worse_is_not_told_as_fixed(before, after):
    assert report(before, after).fixed == ()


STEPS = "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n"
ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w}\nspec:\n  templates:\n"
TEKTON = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps:\n"
KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n"
JOBS = "jobs:\n"
LIST = "apiVersion: v1\nkind: List\nitems:\n"


def item(name: str, image: str) -> str:
    pod_spec = f"{{containers: [{{name: c, image: '{image}'}}]}}"
    return f"  - apiVersion: v1\n    kind: Pod\n    metadata: {{name: {name}}}\n    spec: {pod_spec}\n"


@pytest.mark.parametrize(
    ("path", "head", "entry", "added"),
    [
        ("kustomization.yaml", KUSTOMIZATION, "  - {name: a, newTag: latest}\n", "  - {name: b, newTag: '1'}\n"),
        ("list.yaml", LIST, item("a", "nginx:latest"), item("b", "redis:1")),
        (".github/workflows/ci.yml", STEPS, "      - uses: docker://a:latest\n", "      - uses: docker://redis:7\n"),
        ("argo.yaml", ARGO, "    - {container: {image: 'a:latest'}}\n", "    - {container: {image: 'redis:1'}}\n"),
        ("tekton.yaml", TEKTON, "    - {name: a, image: 'a:latest'}\n", "    - {name: b, image: 'redis:1'}\n"),
        (
            "values.yaml",
            JOBS,
            "  - {image: {repository: a, tag: latest}}\n",
            "  - {image: {repository: b, tag: '1'}}\n",
        ),
    ],
)
def test_an_entry_above_it_makes_no_finding_new(path, head, entry, added):
    before, after = head + entry, head + added + entry
    told = report(before, after, path)
    assert "latest-image-tag" in new("", before, path)
    assert "latest-image-tag" not in {finding.rule for finding in told.new}
    assert told.fixed == ()


def test_of_two_objects_of_one_name_the_fixed_one_is_fixed_and_the_other_stands():
    latest, fixed = pod(image="nginx:latest"), pod(image="nginx:1.27.1")
    told = report(f"{latest}---\n{latest}", f"{fixed}---\n{latest}")
    assert [finding.rule for finding in told.fixed] == ["latest-image-tag"]
    assert told.new == ()


def test_a_file_that_breaks_is_neither_fixed_nor_new():
    told = report(pod(image="nginx:latest"), "a: [\n" + pod(image="nginx:latest"))
    assert (told.new, told.fixed, told.unread) == ((), (), {"app.yaml"})


def test_the_fingerprints_of_objects_of_one_name_differ_at_their_end():
    found = report("", "---\n".join([pod(image="nginx:latest")] * 3)).new
    prints = [finding.fingerprint for finding in found if finding.rule == "latest-image-tag"]
    assert len(set(prints)) == 3
    assert len({each[:KIND] for each in prints}) == 1
    assert {len(each) for each in prints} == {FINGERPRINT}


def test_a_file_that_is_no_plain_file_any_more_counts_once_and_is_not_fixed():
    unread = Skipped("app.yaml", None, SkipReason.NOT_A_FILE, "it is no plain file")
    sides = Sides({"app.yaml": pod(image="nginx:latest").encode()}, {}, unread=(unread,))
    told = reported(sides, load(POLICY), Known(), TODAY)
    assert (told.files, told.fixed) == (1, ())

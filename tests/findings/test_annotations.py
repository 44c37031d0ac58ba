"""Annotations that waive a rule are read where they stand, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings.annotations import Annotated, annotations_of

RULE = "single-replica"
APP = Annotated("Deployment", "shop", "app", RULE)


def a_deployment(annotations="{}", of_pods="{}", name="app"):
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: shop
  annotations: {annotations}
spec:
  selector: {{}}
  template:
    metadata:
      annotations: {of_pods}
    spec:
      containers: [{{name: app, image: nginx}}]
"""


WRITTEN = "{ignore.niro.bot/single-replica: one node}"

CASES = {
    "on the object": (a_deployment(WRITTEN), {APP: "one node"}),
    "on the template of its pods": (a_deployment(of_pods=WRITTEN), {APP: "one node"}),
    "on both, where the object's counts": (
        a_deployment(WRITTEN, "{ignore.niro.bot/single-replica: other}"),
        {APP: "one node"},
    ),
    "on the template, where the object's gives no reason": (
        a_deployment('{ignore.niro.bot/single-replica: ""}', WRITTEN),
        {APP: "one node"},
    ),
    "several rules": (
        a_deployment("{ignore.niro.bot/single-replica: a, ignore.niro.bot/run-as-root: b, other/x: c}"),
        {APP: "a", APP._replace(rule="run-as-root"): "b"},
    ),
    "an empty reason": (a_deployment('{ignore.niro.bot/single-replica: ""}'), {APP: ""}),
    "a reason of spaces": (a_deployment('{ignore.niro.bot/single-replica: "  "}'), {APP: ""}),
    "null for a reason": (a_deployment("{ignore.niro.bot/single-replica: }"), {APP: ""}),
    "a mapping for a reason": (a_deployment("{ignore.niro.bot/single-replica: {a: b}}"), {APP: ""}),
    "a reason of several lines": (a_deployment('{ignore.niro.bot/single-replica: "one\\nnode"}'), {APP: "one node"}),
    "a rule that there is not": (
        a_deployment("{ignore.niro.bot/single-replicas: x}"),
        {APP._replace(rule="single-replicas"): "x"},
    ),
    "no rule": (a_deployment("{ignore.niro.bot/: x}"), {APP._replace(rule=""): "x"}),
    "another prefix": (a_deployment("{evil.ignore.niro.bot/single-replica: x}"), {}),
    "a key that stands twice": (
        a_deployment("{ignore.niro.bot/single-replica: x, ignore.niro.bot/single-replica: y}"),
        {},
    ),
    "annotations that are no mapping": (a_deployment("[ignore.niro.bot/single-replica]"), {}),
    "in a label": (a_deployment().replace("annotations: {}", f"labels: {WRITTEN}", 1), {}),
    "in a text": (a_deployment('{note: "ignore.niro.bot/single-replica: x"}'), {}),
    "in a comment": (a_deployment() + f"# {WRITTEN}\n", {}),
    "a bare pod": (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a, annotations: {WRITTEN}}}\nspec: {{containers: []}}\n",
        {Annotated("Pod", "", "a", RULE): "one node"},
    ),
    "an object without pods": (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, annotations: {WRITTEN}}}\n",
        {Annotated("ConfigMap", "", "a", RULE): "one node"},
    ),
    "a cron job's pods": (
        f"""\
apiVersion: batch/v1
kind: CronJob
metadata: {{name: a}}
spec: {{jobTemplate: {{spec: {{template: {{metadata: {{annotations: {WRITTEN}}}, spec: {{containers: []}}}}}}}}}}
""",
        {Annotated("CronJob", "", "a", RULE): "one node"},
    ),
    "one of an object's several templates": (
        f"""\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{name: a}}
spec:
  replicatedJobs:
    - template: {{spec: {{template: {{spec: {{containers: []}}}}}}}}
    - template: {{spec: {{template: {{metadata: {{annotations: {WRITTEN}}}, spec: {{containers: []}}}}}}}}
""",
        {Annotated("JobSet", "", "a", RULE): "one node"},
    ),
    "an item of a list": (
        f"""\
apiVersion: v1
kind: List
items:
  - {{kind: Deployment, apiVersion: apps/v1, metadata: {{name: app, annotations: {WRITTEN}}}}}
""",
        {APP._replace(namespace=""): "one node"},
    ),
    "one of several documents": (
        a_deployment(name="other") + "---\n" + a_deployment(WRITTEN),
        {APP: "one node"},
    ),
    "one of two objects of the same name": (a_deployment() + "---\n" + a_deployment(WRITTEN), {}),
    "both objects of the same name": (
        a_deployment(WRITTEN) + "---\n" + a_deployment(WRITTEN),
        {APP: "one node"},
    ),
    "two of one name, one without a reason": (
        a_deployment(WRITTEN) + "---\n" + a_deployment('{ignore.niro.bot/single-replica: ""}'),
        {APP: ""},
    ),
    "what is no object": (f"metadata: {{annotations: {WRITTEN}}}\nimage: nginx\n", {}),
    "broken YAML": ("metadata: {annotations: {ignore.niro.bot/single-replica: x\n", {}),
}


@pytest.mark.parametrize(("manifest", "expected"), CASES.values(), ids=CASES)
def test_annotations_are_read(manifest, expected):
    assert annotations_of("app.yaml", manifest.encode()) == expected


def test_a_long_reason_is_cut():
    written = f"{{ignore.niro.bot/single-replica: {'x' * 10_000}}}"
    assert len(annotations_of("app.yaml", a_deployment(written).encode())[APP]) == 500


def test_at_most_a_thousand_are_read():
    written = ", ".join(f"ignore.niro.bot/rule-{number}: x" for number in range(2_000))
    assert len(annotations_of("app.yaml", a_deployment(f"{{{written}}}").encode())) == 1_000


def test_a_dockerfile_holds_none():
    assert annotations_of("Dockerfile", b"FROM nginx\n# ignore.niro.bot/single-replica: x\n") == {}


@given(st.text(alphabet=st.sampled_from("ignore.niro.bot/: {}[]&*<-\n\"'"), max_size=80))
def test_nothing_that_a_file_holds_raises(text):
    content = a_deployment().replace("annotations: {}", f"annotations: {text}", 1) + "# ignore.niro.bot/x"
    assert isinstance(annotations_of("app.yaml", content.encode()), dict)

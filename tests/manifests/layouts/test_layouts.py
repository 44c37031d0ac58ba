"""Where images stand in Kubernetes objects, told by the kind of the object."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests import SkipReason
from bot.manifests.layouts import argo_workflows, findings_in, pod_specs_in, pods, tekton
from bot.manifests.layouts.objects import objects_in
from bot.manifests.layouts.samples import IMAGE, sample
from bot.manifests.layouts.walking import Steps, walk
from bot.manifests.places import Inside, Note, Place
from bot.manifests.tree import Unreadable, grow

KINDS = (*pods.KINDS, *argo_workflows.KINDS, *tekton.KINDS)


def tree(text: str):
    (root,) = grow(text.encode())
    return root


def found(text: str, kind: type):
    return [each for each in findings_in(tree(text), "deploy/app.yaml") if isinstance(each, kind)]


def fields_of(text: str) -> list[str]:
    return [place.field for place in found(text, Place)]


def notes_of(text: str) -> list[tuple[int, SkipReason]]:
    return [(note.line, note.reason) for note in found(text, Note)]


def reached(text: str, *ways: str) -> list[str]:
    return [each.way for each in walk(tree(text), Steps.along(*ways)).reached]


def list_in_list(depth: int) -> str:
    text = json.dumps({"kind": "Pod", "spec": {"containers": [{"name": "app", "image": IMAGE}]}})
    for _ in range(depth):
        text = f"{{kind: List, items: [{text}]}}"
    return text


def aliases_in_a_row(count: int) -> str:
    """A List whose item is an alias of a List whose item is an alias, and so on."""
    lines = ["- &l0 {kind: List, items: []}"]
    lines += [f"- &l{number} {{kind: List, items: [*l{number - 1}]}}" for number in range(1, count)]
    return "\n".join(["x:", *lines, "kind: List", f"items: [*l{count - 1}]"]) + "\n"


def pod(*containers: str) -> str:
    return (
        "\n".join(["kind: Pod", "spec:", "  containers:", *(f"    - {container}" for container in containers)]) + "\n"
    )


every_way = pytest.mark.parametrize(
    ("kind", "version", "way"),
    [(kind, row.versions[0], way) for row in KINDS for kind in row.kinds for way in row.ways()],
)


@every_way
def test_an_image_is_found_at_each_way_of_each_kind(kind, version, way):
    field = way.replace("[]", "[0]").replace("*", "worker")
    assert fields_of(sample(kind, version, way)) == [field]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("kind: Pod\nspec: {containers: [{image: app}]}", "spec.containers[0].image"),
        ("apiVersion: v7\nkind: Pod\nspec: {containers: [{image: app}]}", "spec.containers[0].image"),
        ("apiVersion: apps/v9\nkind: Deployment\nspec: {template: {spec: {containers: [{image: app}]}}}",
         "spec.template.spec.containers[0].image"),
        ("kind: Task\nspec: {steps: [{image: app}]}", "spec.steps[0].image"),
    ],
)  # fmt: skip
def test_neither_a_tag_nor_a_known_version_is_asked_of_a_kind_that_is_known(text, field):
    assert fields_of(text) == [field]


@pytest.mark.parametrize(
    "text",
    [
        "kind: Service\nspec: {template: {spec: {containers: [{name: app, image: 'a/b:1'}]}}}",
        "apiVersion: v1\nkind: Secret\nstringData: {image: 'a/b:1'}",
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {image: 'a/b:1'}",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {image: 'a/b:1'}",
        "kind: CustomResourceDefinition\nspec: {image: 'a/b:1'}",
        "kind: Deployment\nspec: {containers: [{name: app, image: 'a/b:1'}]}",
        "kind: Rollout\nspec: {workloadRef: {kind: Deployment, name: shop}}",
        "kind: ConfigMap\nbinaryData: {image: 'a/b:1'}\nmetadata: {image: 'a/b:1'}",
        "a text",
        "[a, [b], {}]",
        "",
    ],
)
def test_no_image_is_looked_for_where_none_can_be(text):
    roots = list(grow(text.encode()))
    assert [each for root in roots for each in findings_in(root, "deploy/app.yaml")] == []


@pytest.mark.parametrize(
    ("text", "container"),
    [
        (pod(f"{{name: web, image: {IMAGE}}}"), "web"),
        (pod(f"{{image: {IMAGE}}}"), ""),
        (pod(f"{{name: [a], image: {IMAGE}}}"), ""),
        (sample("Pod", "v1", "spec.volumes[].image.reference"), "app"),
        (sample("Job", "batch.volcano.sh/v1alpha1", "spec.tasks[].template.spec.containers[].image"), "app"),
        (sample("Workflow", "argoproj.io/v1alpha1", "spec.templates[].container.image"), "app"),
        (sample("StepAction", "tekton.dev/v1", "spec.image"), ""),
    ],
)  # fmt: skip
def test_an_image_belongs_to_the_nearest_named_element_around_it(text, container):
    assert [place.container for place in found(text, Place)] == [container]


def test_the_object_around_an_image_is_its_owner():
    shop = "{kind: Pod, metadata: {name: shop, namespace: front}, spec: {containers: [{image: a}]}}"
    (place,) = found(f"kind: List\nmetadata: {{name: all}}\nitems: [{shop}]", Place)
    assert place.owner == ("Pod", "front", "shop")
    assert place.field == "items[0].spec.containers[0].image"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("kind: Pod\nkind: Pod\nspec: {containers: [{image: a}]}", 2, "kind"),
        ("kind: Pod\nspec: {}\nspec: {containers: [{image: a}]}", 3, "spec"),
        (pod("{image: a, image: b}"), 4, "image"),
        ("kind: List\nitems: []\nitems: [{kind: Pod}]", 3, "items"),
        ("kind: ConfigMap\ndata: {a: image, a: image}", 2, "a"),
    ],
)
def test_a_key_that_stands_twice_on_the_way_is_noted_and_not_followed(text, line, key):
    assert findings_in(tree(text), "a.yaml") == [
        Note(line, SkipReason.DUPLICATE_KEY, f"the key '{key}' stands twice in one mapping")
    ]


def test_a_key_that_stands_twice_off_the_way_harms_nothing():
    assert fields_of("kind: Pod\nspec: {nodeName: a, nodeName: b, containers: [{image: a}]}") == [
        "spec.containers[0].image"
    ]


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("{name: a}", SkipReason.NOT_A_TEXT),
        ("[a]", SkipReason.NOT_A_TEXT),
        ("{{ .Values.image }}", SkipReason.TEMPLATE),
    ],
)
def test_an_image_that_is_no_text_is_noted(image, reason):
    assert notes_of(pod(f"image: {image}")) == [(4, reason)]


@pytest.mark.parametrize(
    "text",
    [
        "x: &c [{name: a, image: b}]\nkind: Pod\nspec: {containers: *c, initContainers: *c}",
        "x: &s {containers: [{name: a, image: b}]}\nkind: Pod\nspec: {<<: *s}",
        "x: &c {image: b}\nkind: Pod\nspec: {containers: [{<<: *c, name: a}, {<<: *c, name: c}]}",
        "kind: List\nitems: [&p {kind: Pod, spec: {containers: [{image: b}]}}, *p, *p]",
        "- &p {kind: Pod, spec: {containers: [{image: b}]}}\n- *p",
    ],
)
def test_one_value_is_found_once_however_many_ways_lead_to_it(text):
    assert len(found(text, Place)) == 1


def test_an_object_that_aliases_stand_for_is_read_once():
    text = "kind: List\nitems: [&p {kind: Pod}, *p, {kind: List, items: [*p]}]"
    assert [each.way for each in objects_in(tree(text), "a.yaml")] == ["items[0]"]


def test_two_aliases_of_one_value_are_two_places():
    text = "x: &i b\nkind: Pod\nspec: {containers: [{image: *i}, {image: *i}]}"
    assert fields_of(text) == ["spec.containers[0].image", "spec.containers[1].image"]


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ("  app.yaml: |\n    image: b\n", ['data["app.yaml"]']),
        ("  app: |-\n    image: b\n", ["data.app"]),
        ("  app: >\n    image: b\n", ["data.app"]),
        ('  app: "image: b\\n"\n', ["data.app"]),
        ("  x: &x |\n    image: b\n  y: *x\n", ["data.x"]),
        ("  line: b\n  map: {a: b}\n  quoted: 'image: b'\n", []),
    ],
)
def test_the_files_of_a_config_map_are_texts_of_their_own(data, fields):
    files = found(f"kind: ConfigMap\nmetadata: {{name: shop}}\ndata:\n{data}", Inside)
    assert [(each.owner.name, each.field) for each in files] == [("shop", field) for field in fields]


def test_the_texts_of_another_group_s_config_map_are_not_read():
    text = "apiVersion: acme.example/v1\nkind: ConfigMap\ndata: {app.yaml: 'image: b'}"
    assert found(text, Inside) == []


@pytest.mark.parametrize("depth", [0, 1, 10])
def test_lists_are_followed_into_lists(depth):
    assert fields_of(list_in_list(depth)) == ["items[0]." * depth + "spec.containers[0].image"]


def test_lists_are_followed_to_a_bound():
    assert findings_in(tree(list_in_list(11)), "a.yaml") == [
        Note(1, SkipReason.TOO_DEEP, "objects hold objects deeper than 10 levels")
    ]


def test_a_chain_of_hundreds_of_aliases_ends_at_the_same_bound():
    assert [reason for _, reason in notes_of(aliases_in_a_row(500))] == [SkipReason.TOO_DEEP]


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        (["a"], ["a"]),
        (["a.b"], ["a.b"]),
        (["a.c[]"], ["a.c[0]", "a.c[1]"]),
        (["a.c[].d"], ["a.c[1].d"]),
        (["a.*"], ["a.b", "a.c", 'a["e.f"]']),
        (["a.*.g"], ['a["e.f"].g']),
        (["a.c[][]"], []),
        (["a", "a.b"], ["a", "a.b"]),
        (["missing", "a.missing", "a.b.c", "a[]"], []),
    ],
)
def test_a_way_leads_through_keys_elements_and_values(ways, expected):
    assert reached("{a: {b: 1, c: [2, {d: 3}], e.f: {g: 4}}}", *ways) == expected


def test_a_collection_is_entered_once_at_each_step():
    assert reached("{a: &c [1, 2], b: *c, d: {<<: {a: *c}}}", "*[]", "a[]") == ["a[0]", "a[1]", "a[0]", "a[1]"]


@pytest.mark.parametrize(
    ("kind", "version", "way"),
    [(kind, row.versions[0], way) for row in pods.KINDS for kind in row.kinds for way in row.pod_specs],
)
def test_the_pod_spec_of_each_kind_is_given(kind, version, way):
    text = sample(kind, version, f"{way}.containers[].image")
    assert [spec.way for spec in pod_specs_in(tree(text), "a.yaml")] == [
        way.replace("[]", "[0]").replace("*", "worker")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: List\nitems: [{kind: Pod, metadata: {name: a}, spec: {}}]", [("a", "items[0].spec")]),
        ("x: &s {}\nkind: Pod\nspec: *s", [("", "spec")]),
        ("kind: List\nitems: [{kind: Pod, spec: &s {}}, {kind: Pod, spec: *s}]", [("", "items[0].spec")]),
        ("kind: Pod\nspec: text", []),
        ("kind: Pod\nspec: {}\nspec: {}", []),
        ("kind: Service\nspec: {template: {spec: {}}}", []),
        ("apiVersion: acme.example/v1\nkind: Deployment\nspec: {template: {spec: {}}}", []),
        ("apiVersion: apps.kruise.io/v1alpha1\nkind: SidecarSet\nspec: {containers: []}", []),
        ("spec: {containers: []}", []),
    ],
)
def test_pod_specs_are_those_of_known_kinds(text, expected):
    assert [(spec.owner.name, spec.way) for spec in pod_specs_in(tree(text), "a.yaml")] == expected


WORDS = st.sampled_from(
    [
        *("kind", "apiVersion", "metadata", "name", "spec", "template", "containers", "image", "items", "data", "<<"),
        *("List", "Pod", "Deployment", "ConfigMap", "Workflow", "Task", "CronJob", "v1", "a/b:1", "{{ x }}", ""),
        *("jobTemplate", "templates", "steps", "volumes", "reference", "inline", "dag", "tasks", "container"),
    ]
)
DOCUMENTS = st.recursive(
    WORDS | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=40,
)


@given(DOCUMENTS)
def test_no_document_is_too_odd(document):
    root = tree(json.dumps(document))
    try:
        findings = findings_in(root, "deploy/app.yaml")
        pod_specs_in(root, "deploy/app.yaml")
    except Unreadable:
        return
    places = [each for each in findings if isinstance(each, Place)]
    assert len({id(place.pieces[0].node) for place in places}) == len(places)


def listed(kind: str, version: str, item: str) -> str:
    return f"apiVersion: {version}\nkind: {kind}\nitems: [{item}]"


DEPLOYED = "spec: {template: {spec: {containers: [{image: app}]}}}"


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        (listed("DeploymentList", "apps/v1", f"{{metadata: {{name: a}}, {DEPLOYED}}}"), [("Deployment", "a")]),
        (listed("PodList", "v1", "{spec: {containers: [{image: app}]}}"), [("Pod", "")]),
        (listed("JobList", "batch/v1", f"{{apiVersion: batch/v1, {DEPLOYED}}}"), [("Job", "")]),
        (listed("PodList", "v1", f"{{kind: Deployment, {DEPLOYED}}}"), [("Deployment", "")]),
        (listed("List", "v1", "{spec: {containers: [{image: app}]}}"), []),
        (listed("SecretList", "v1", "{data: {image: 'app:1'}}"), []),
        (listed("JobList", "batch.volcano.sh/v1alpha1", f"{{{DEPLOYED}}}"), []),
    ],
)
def test_an_item_that_says_no_kind_is_of_the_kind_of_its_list(text, owners):
    assert [(place.owner.kind, place.owner.name) for place in found(text, Place)] == owners


def test_pods_of_a_list_that_says_their_kind_are_pods():
    (spec,) = pod_specs_in(tree(listed("PodList", "v1", "{spec: {containers: []}}")), "pods.yaml")
    assert (spec.owner.kind, spec.way) == ("Pod", "items[0].spec")

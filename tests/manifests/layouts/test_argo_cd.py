"""An Application of Argo CD names images in the parameters and values of Helm, and in the images of kustomize."""

from __future__ import annotations

import json

import pytest

from bot.manifests import find_images, read_manifest

HEADING = "apiVersion: argoproj.io/v1alpha1\nkind: {}\nmetadata: {{name: images, namespace: argocd}}\n"
APPLICATION = HEADING.format("Application")
DIGEST = "sha256:" + "a" * 64


def with_parameters(*parameters: str) -> str:
    listed = "".join(f"        - {parameter}\n" for parameter in parameters)
    return f"{APPLICATION}spec:\n  source:\n    helm:\n      parameters:\n{listed}"


def parameters(**values: str) -> str:
    return with_parameters(*(f"{{name: '{name.replace('__', '.')}', value: {each}}}" for name, each in values.items()))


def images(text: str) -> list[tuple[str, str]]:
    return [(occurrence.field, occurrence.text) for occurrence in find_images("a.yaml", text.encode())]


def skipped(text: str) -> list[tuple[int | None, str]]:
    return [(each.line, each.reason.value) for each in read_manifest("a.yaml", text.encode()).skipped]


WAY = "spec.source.helm.parameters"
ONE_IMAGE = {
    "a repository and a tag": ({"image__repository": "app", "image__tag": "v1"}, "image", "app:v1"),
    "in any order": ({"image__tag": "v1", "replicas": "3", "image__repository": "app"}, "image", "app:v1"),
    "all parts": (
        {"i__registry": "ghcr.io", "i__repository": "app", "i__tag": "v1", "i__digest": DIGEST},
        "i",
        f"ghcr.io/app:v1@{DIGEST}",
    ),
    "a digest alone": ({"image__repository": "app", "image__digest": DIGEST}, "image", f"app@{DIGEST}"),
    "an address that is no registry": (
        {"image__registry": "https://ghcr.io", "image__repository": "app", "image__tag": "v1"},
        "image",
        "app:v1",
    ),
    "an empty tag": ({"image__repository": "app", "image__tag": '""'}, "image", "app"),
    "a name for the repository": ({"image__name": "app", "image__tag": "v1"}, "image", "app:v1"),
    "a name below images": ({"images__web__name": "app", "images__web__tag": "v1"}, "images.web", "app:v1"),
    "a name beside the repository": (
        {"image__name": "web", "image__repository": "app", "image__tag": "v1"},
        "image",
        "app:v1",
    ),
    "deeper": ({"a__b__c__repository": "app", "a__b__c__tag": "v1"}, "a.b.c", "app:v1"),
    "a prefix that is a prefix of another": (
        {"image__repository": "app", "image__tag": "v1", "image__more__tag": "v2"},
        "image",
        "app:v1",
    ),
}


@pytest.mark.parametrize(("given", "prefix", "text"), ONE_IMAGE.values(), ids=ONE_IMAGE.keys())
def test_parameters_of_one_prefix_are_one_image(given, prefix, text):
    assert images(parameters(**given)) == [(f"{WAY} ({prefix})", text)]


def test_parameters_without_a_prefix_are_one_image():
    assert images(parameters(repository="app", tag="v1")) == [(WAY, "app:v1")]


NO_IMAGE = {
    "a tag alone": {"image__tag": "v1"},
    "a tag beside another repository": {"image__tag": "v1", "web__repository": "app"},
    "a repository without a tag": {"image__repository": "app"},
    "a repository with an empty digest": {"image__repository": "app", "image__digest": '""'},
    "a repository of git": {"image__repository": "https://github.com/acme/app", "image__tag": "v1"},
    "an empty repository": {"image__repository": '""', "image__tag": "v1"},
    "a name that is none of an image": {"release__name": "app", "release__tag": "v1"},
    "an image without a tag": {"image": "app"},
    "an image that is no reference": {"image": '"{{image}}"'},
    "a reference that is no image": {"proxy": "app:v1"},
    "a registry of images": {"images.registry": "localhost:5000"},
    "what is below one of several images": {"images.web.port": "web:80"},
    "an element of something else": {"hosts[0]": "web:80"},
}


@pytest.mark.parametrize("given", NO_IMAGE.values(), ids=NO_IMAGE.keys())
def test_parameters_that_name_no_image_are_left_alone(given):
    manifest = read_manifest("a.yaml", parameters(**given).encode())
    assert (manifest.occurrences, manifest.skipped) == ((), ())


@pytest.mark.parametrize(
    "name",
    [
        *("image", "worker.image", "sidecarImage", "workerimage", "IMAGE"),
        *("images[0]", "worker.extraImages[12]", "images.web", "worker.images.web"),
    ],
)
@pytest.mark.parametrize("value", ["app:v1", f"app@{DIGEST}", "ghcr.io/acme/app:v1"])
def test_a_parameter_for_an_image_may_be_the_whole_reference(name, value):
    assert images(with_parameters(f"{{name: '{name}', value: '{value}'}}")) == [(f"{WAY}[0].value", value)]


def test_a_prefix_is_never_shown_at_full_length_or_with_control_characters():
    text = with_parameters(
        r'{name: "a\u0007b.repository", value: app}',
        r'{name: "a\u0007b.tag", value: v1}',
        f"{{name: {'c' * 900}.repository, value: app}}",
        f"{{name: {'c' * 900}.tag, value: v1}}",
    )
    assert [field for field, _ in images(text)] == [rf'{WAY} ("a\u0007b")', f"{WAY} ({'c' * 200}...)"]


def test_a_parameter_that_stands_twice_is_told():
    text = parameters(image__repository="app", image__tag="v1") + "        - {name: image.tag, value: v2}\n"
    assert images(text) == []
    assert skipped(text) == [(10, "duplicate-key")]


def test_a_whole_reference_that_stands_twice_is_told():
    text = with_parameters("{name: image, value: 'app:v1'}", "{name: image, value: 'app:v2'}")
    assert images(text) == []
    assert skipped(text) == [(9, "duplicate-key")]


def test_a_parameter_that_names_no_image_may_stand_twice():
    text = with_parameters("{name: image.tag, value: v1}", "{name: image.tag, value: v2}", "{name: a, value: b}")
    assert skipped(text) == []


@pytest.mark.parametrize("value", ["[v1]", "{a: b}"])
def test_a_part_that_is_no_text_is_told(value):
    text = parameters(image__repository="app", image__tag=value)
    assert images(text) == []
    assert skipped(text) == [(9, "not-a-text")]


def test_a_part_that_is_an_unquoted_template_is_told():
    text = parameters(image__repository="app", image__tag="{{ tag }}")
    assert images(text) == []
    assert skipped(text) == [(9, "template")]


@pytest.mark.parametrize("key", ["name", "value"])
def test_a_parameter_with_a_key_twice_is_told(key):
    text = with_parameters("{name: image.repository, value: app}", f"{{name: image.tag, value: v1, {key}: x}}")
    assert images(text) == []
    assert skipped(text) == [(9, "duplicate-key")]


def test_values_hold_images():
    text = APPLICATION + "spec: {source: {helm: {valuesObject: {image: {repository: app, tag: v1}}}}}\n"
    assert images(text) == [("spec.source.helm.valuesObject.image", "app:v1")]


def test_a_text_of_values_holds_images():
    text = APPLICATION + "spec:\n  source:\n    helm:\n      values: |\n        image: {repository: app, tag: v1}\n"
    assert images(text) == [("spec.source.helm.values: image", "app:v1")]


KUSTOMIZE = {
    "app:v1": "app:v1",
    "app=app:v1": "app:v1",
    "'app=ghcr.io/acme/app:v1'": "ghcr.io/acme/app:v1",
    f"app=app@{DIGEST}": f"app@{DIGEST}",
    f"app=app:v1@{DIGEST}": f"app:v1@{DIGEST}",
    "app=app": "app",
    "'*:v1'": "*:v1",
    "5": "5",
}


@pytest.mark.parametrize(("image", "text"), KUSTOMIZE.items())
def test_an_image_of_kustomize_stands_behind_the_name_it_replaces(image, text):
    application = f"{APPLICATION}spec: {{source: {{kustomize: {{images: [{image}]}}}}}}\n"
    assert images(application) == [("spec.source.kustomize.images[0]", text)]


@pytest.mark.parametrize(
    ("image", "obstacle"),
    [("app=app", "no-tag"), ("app", "no-tag"), ("app=", None), ("app:v1", None), (f"app@{DIGEST}", None)],
)
def test_an_image_of_kustomize_without_a_tag_and_a_digest_has_none_to_move(image, obstacle):
    application = f"{APPLICATION}spec: {{source: {{kustomize: {{images: ['{image}']}}}}}}\n"
    (occurrence,) = find_images("a.yaml", application.encode())
    assert (occurrence.obstacle and occurrence.obstacle.reason) == obstacle


def test_an_image_of_kustomize_that_is_no_text_is_told():
    text = APPLICATION + "spec:\n  source:\n    kustomize:\n      images:\n        - {name: app, newTag: v1}\n"
    assert images(text) == []
    assert skipped(text) == [(8, "not-a-text")]


SOURCES = {
    "Application": {
        "spec: {{source: {}}}": "spec.source",
        "spec: {{sources: [{{}}, {}]}}": "spec.sources[1]",
    },
    "ApplicationSet": {
        "spec: {{template: {{spec: {{source: {}}}}}}}": "spec.template.spec.source",
        "spec: {{template: {{spec: {{sources: [{}]}}}}}}": "spec.template.spec.sources[0]",
        "spec: {{generators: [{{git: {{template: {{spec: {{source: {}}}}}}}}}]}}": (
            "spec.generators[0].git.template.spec.source"
        ),
    },
}


@pytest.mark.parametrize(
    ("kind", "spec", "way"), [(kind, spec, way) for kind, ways in SOURCES.items() for spec, way in ways.items()]
)
def test_each_source_is_read(kind, spec, way):
    text = HEADING.format(kind) + spec.format("{kustomize: {images: [app=app:v1]}}")
    assert images(text) == [(f"{way}.kustomize.images[0]", "app:v1")]


def test_a_source_that_an_alias_stands_for_is_read_once():
    text = APPLICATION + "spec: {source: &s {kustomize: {images: ['app:v1']}}, sources: [*s, *s]}\n"
    assert images(text) == [("spec.source.kustomize.images[0]", "app:v1")]


def test_a_source_that_stands_twice_is_told_once():
    text = APPLICATION + "spec:\n  source: {helm: {values: image}}\n  source: {}\n"
    assert skipped(text) == [(6, "duplicate-key")]


ODD = [None, "text", 5, [], {}, [[]], [None], [{}], [{"name": "image.tag"}], [{"name": ["image"], "value": {}}]]
WAYS = [
    ("spec",),
    ("spec", "source"),
    ("spec", "sources"),
    ("spec", "source", "helm"),
    ("spec", "source", "helm", "parameters"),
    ("spec", "source", "helm", "valuesObject"),
    ("spec", "source", "kustomize"),
]


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("way", WAYS)
def test_any_other_shape_holds_no_images(way, value):
    for key in reversed(way):
        value = {key: value}
    application = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "image": "", **value}
    manifest = read_manifest("a.yaml", json.dumps(application).encode())
    assert (manifest.occurrences, manifest.skipped) == ((), ())

"""The services of a Compose file run images."""

from __future__ import annotations

import json

import pytest

from bot.manifests import find_images, read_manifest

PATH = "compose.yaml"


def compose(*services: str, before: str = "") -> str:
    listed = "".join(f"  s{number}: {service}\n" for number, service in enumerate(services))
    return f"{before}services:\n{listed}"


def images(text: str, path: str = PATH) -> list[tuple[str, str, str]]:
    occurrences = find_images(path, text.encode())
    return [(occurrence.container, occurrence.field, occurrence.text) for occurrence in occurrences]


def skipped(text: str) -> list[tuple[int | None, str]]:
    return [(each.line, each.reason.value) for each in read_manifest(PATH, text.encode()).skipped]


ONE = [("s0", "services.s0.image", "app:v1")]


@pytest.mark.parametrize(
    "path",
    [
        "compose.yaml",
        "compose.yml",
        "compose.prod.yaml",
        "docker-compose.yml",
        "deploy/docker-compose.override.yaml",
        "docker-compose-dev.yml",
    ],
)
def test_a_compose_file_is_known_by_its_name(path):
    assert images(compose("{image: app}", before="unknown: true\n"), path) == [("s0", "services.s0.image", "app")]


STRUCTURES = {
    "an image": "{image: app}",
    "one service that is built, one that is not": "{build: .}\n  s1: {image: app}",
    "something else beside": "{image: app}\nvolumes: {data: }\nnetworks: {}\nx-more: [1]\nversion: '3'\nname: shop",
}


@pytest.mark.parametrize("services", STRUCTURES.values(), ids=STRUCTURES.keys())
def test_a_compose_file_is_known_by_what_it_holds(services):
    assert [text for _, _, text in images(compose(services), "stack.yaml")] == ["app"]


OTHER_STRUCTURES = {
    "an object": "kind: Stack\n" + compose("{image: app}"),
    "a key that Compose does not know": compose("{image: app}") + "steps: []\n",
    "an image as a mapping": compose("{image: {name: app}}"),
    "services without images": compose("{port: 80}") + "x-image: app\n",
    "services in a list": "services: [{image: app}]\n",
    "services that are no mappings": "services: {image: app}\n",
}


@pytest.mark.parametrize("text", OTHER_STRUCTURES.values(), ids=OTHER_STRUCTURES.keys())
def test_other_files_are_no_compose_files(text):
    assert images(text, "stack.yaml") == []


def test_values_of_a_chart_are_no_compose_file():
    assert [text for _, _, text in images(compose("{image: app, tag: v1}"), "values.yaml")] == ["app:v1"]


def test_an_object_is_no_compose_file_whatever_its_file_is_called():
    pod = "kind: Pod\nspec: {containers: [{name: app, image: 'app:v1'}]}\nservices: {web: {image: 'app:v2'}}\n"
    assert images(pod) == [("app", "spec.containers[0].image", "app:v1")]
    assert images("kind: Stack\n" + compose("{image: app}")) == []


BUILT = {
    "{build: ., image: 'app:v1'}": [],
    "{build: {context: .}, image: 'app:v1'}": [],
    "{image: 'app:v1', build: ., build: ./app}": [],
    "{build: , image: 'app:v1'}": ONE,
    "{build: null, image: 'app:v1'}": ONE,
    "{build: !reset null, image: 'app:v1'}": ONE,
}


@pytest.mark.parametrize(("service", "found"), BUILT.items())
def test_what_is_built_is_not_in_use(service, found):
    assert images(compose(service)) == found


@pytest.mark.parametrize("image", ["${IMAGE}", "app:${TAG:-v1}", "app:$TAG", "${REGISTRY-ghcr.io}/app:v1", "APP"])
def test_a_value_that_is_no_image_is_reported_as_it_is(image):
    (occurrence,) = find_images(PATH, compose(f'{{image: "{image}"}}').encode())
    assert (occurrence.text, occurrence.reference) == (image, None)


def test_an_image_that_is_taken_back_is_none():
    assert images(compose("{image: !reset null}")) == []


VOLUMES = {
    "{type: image, source: 'app:v1', target: /a}": ["app:v1"],
    "{type: image, source: app, target: /a}": ["app"],
    "{type: bind, source: app, target: /a}": [],
    "{type: image, target: /a}": [],
    "app:/a": [],
    "[]": [],
}


@pytest.mark.parametrize(("volume", "found"), VOLUMES.items())
def test_an_image_may_be_mounted(volume, found):
    text = compose(f"{{volumes: [{volume}]}}", before="x-image:\n")
    assert images(text) == [("s0", "services.s0.volumes[0].source", image) for image in found]


def test_an_image_that_a_merge_brings_is_found_once():
    text = compose("{<<: *base}", "{<<: *base, command: run}", before="x-base: &base {image: 'app:v1'}\n")
    assert images(text) == ONE


def test_the_image_of_a_service_counts_before_the_one_that_a_merge_brings():
    text = compose("{<<: *base, image: 'app:v1'}", before="x-base: &base {image: 'app:v0'}\n")
    assert images(text) == ONE


def test_a_merge_may_bring_what_is_built():
    assert images(compose("{<<: *base, image: 'app:v1'}", before="x-base: &base {build: .}\n")) == []


def test_each_alias_of_an_image_is_a_place():
    text = compose("{image: &image 'app:v1'}", "{image: *image}")
    assert images(text) == [*ONE, ("s1", "services.s1.image", "app:v1")]


def test_what_no_service_takes_is_not_in_use():
    assert images(compose("{image: 'app:v1'}", before="x-base: &base {image: 'app:v0'}\n")) == ONE


@pytest.mark.parametrize(
    ("service", "reason"),
    [
        ("{image: [app]}", "not-a-text"),
        ("{image: {{ image }}}", "template"),
        ("{image: app, image: app}", "duplicate-key"),
        ("{volumes: [], volumes: []}", "duplicate-key"),
        ("{volumes: [{type: image, source: app, source: app}]}", "duplicate-key"),
    ],
)
def test_what_cannot_be_read_is_told(service, reason):
    text = compose("{image: 'app:v1'}", service)
    assert images(text) == ONE
    assert skipped(text) == [(3, reason)]


def test_a_service_that_stands_twice_is_told():
    text = compose("{image: 'app:v1'}") + "  s1: {image: a}\n  s1: {image: b}\n"
    assert images(text) == ONE
    assert skipped(text) == [(4, "duplicate-key")]


def test_services_that_stand_twice_are_told():
    assert skipped(compose("{image: a}") + "services: {}\n") == [(3, "duplicate-key")]


@pytest.mark.parametrize("value", [None, "text", 5, [], {}, [[]], {"app": None}, {"app": {}}, {"app": []}])
@pytest.mark.parametrize("way", [("services",), ("services", "app"), ("services", "app", "volumes")])
def test_any_other_shape_holds_no_images(way, value):
    for key in reversed(way):
        value = {key: value}
    manifest = read_manifest(PATH, json.dumps({"x-image": "", **value}).encode())
    assert (manifest.occurrences, manifest.skipped) == ((), ())

"""The entries of a kustomization name images, in whatever file and shape they stand."""

from __future__ import annotations

import json

import pytest

from bot.manifests import find_images, read_manifest

HEADING = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
DIGEST = "sha256:" + "a" * 64


def kustomization(*entries: str, heading: str = HEADING, key: str = "images") -> str:
    return heading + f"{key}:\n" + "".join(f"  - {entry}\n" for entry in entries)


def images(text: str, path: str = "a.yaml") -> list[tuple[str, str]]:
    return [(occurrence.field, occurrence.text) for occurrence in find_images(path, text.encode())]


def obstacles(text: str) -> list[str | None]:
    occurrences = find_images("a.yaml", text.encode())
    return [occurrence.obstacle and occurrence.obstacle.reason.value for occurrence in occurrences]


def skipped(text: str) -> list[tuple[int | None, str]]:
    return [(each.line, each.reason.value) for each in read_manifest("a.yaml", text.encode()).skipped]


ENTRIES = {
    "{name: app, newTag: v1}": "app:v1",
    "{name: app, newName: acme/app}": "acme/app",
    "{name: app, newName: acme/app, newTag: v1}": "acme/app:v1",
    "{newTag: v1, newName: acme/app, name: app}": "acme/app:v1",
    f"{{name: app, digest: '{DIGEST}'}}": f"app@{DIGEST}",
    f"{{name: app, newTag: v1, digest: '{DIGEST}'}}": f"app:v1@{DIGEST}",
    "{newName: acme/app, newTag: v1}": "acme/app:v1",
    "{name: app, newName: '', newTag: v1}": "app:v1",
    "{name: app, newName: null, newTag: v1}": "app:v1",
    "{name: app, newName: , newTag: v1}": "app:v1",
    "{name: app, newTag: 1.10}": "app:1.10",
    "{name: app, newTag: 010}": "app:010",
    "{name: app, newTag: 5}": "app:5",
    "{name: app, newTag: on}": "app:on",
    "{name: app, newTag: ''}": "app",
    "{name: app, newTag: ~}": "app",
    "{name: app, tagSuffix: -debug}": "app",
    "{name: 'localhost:5000/app', newTag: v1}": "localhost:5000/app:v1",
    "{name: app}": "app",
}


@pytest.mark.parametrize(("entry", "text"), ENTRIES.items())
def test_an_entry_is_one_image(entry, text):
    assert images(kustomization(entry)) == [("images[0]", text)]


@pytest.mark.parametrize("entry", ["{newTag: v1}", "{name: '', newTag: v1}", "{name: ~}", "app:v1", "[]", "", "{}"])
def test_an_entry_without_a_name_is_no_image(entry):
    manifest = read_manifest("a.yaml", kustomization(entry).encode())
    assert (manifest.occurrences, manifest.skipped) == ((), ())


@pytest.mark.parametrize(
    "entry", ["{name: app}", "{name: app, newName: a}", "{name: app, newTag: }", "{name: app, digest: ''}"]
)
def test_an_entry_without_a_tag_and_a_digest_has_none_to_move(entry):
    assert obstacles(kustomization(entry)) == ["no-tag"]


@pytest.mark.parametrize("key", ["name", "newName", "newTag", "digest"])
@pytest.mark.parametrize(
    ("value", "reason"), [("[v1]", "not-a-text"), ("{a: b}", "not-a-text"), ("{{ x }}", "template")]
)
def test_a_part_that_is_no_text_is_told(key, value, reason):
    parts = {"name": "app", "newTag": "v1", key: value} if key != "name" else {"name": value, "newTag": "v1"}
    entry = "{" + ", ".join(f"{part}: {text}" for part, text in parts.items()) + "}"
    assert images(kustomization(entry)) == []
    assert skipped(kustomization(entry)) == [(4, reason)]


@pytest.mark.parametrize("key", ["name", "newName", "newTag", "digest"])
def test_a_part_that_stands_twice_is_told(key):
    entry = f"{{name: app, newTag: v1, {key}: a, {key}: b}}"
    assert images(kustomization(entry)) == []
    assert {reason for _, reason in skipped(kustomization(entry))} == {"duplicate-key"}


def test_images_that_stand_twice_are_told():
    assert skipped(kustomization("{name: app, newTag: v1}") + "images: []\n") == [(5, "duplicate-key")]


FILES = {
    "kustomization.yaml": "",
    "deploy/kustomization.yml": "",
    "deploy/Kustomization": "",
    "deploy/kustomization.yaml": "kind: Kustomise\n",
    "a.yaml": HEADING,
    "component.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
}


@pytest.mark.parametrize(("path", "heading"), FILES.items())
def test_a_kustomization_is_known_by_its_kind_or_by_the_name_of_its_file(path, heading):
    assert images(kustomization("{name: app}", heading=heading), path) == [("images[0]", "app")]


@pytest.mark.parametrize(
    "heading",
    ["", "kind: Kustomization\n", "apiVersion: kustomize.config.k8s.io/v1\nkind: Other\n", "kind: Component\n"],
)
def test_other_files_are_no_kustomizations(heading):
    assert images(kustomization("{name: app}", heading=heading)) == []


def test_a_kustomization_of_flux_has_its_images_in_its_spec():
    text = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nimages: [{name: no, newTag: v1}]\n"
        "spec: {images: [{name: app, newTag: v1}]}\n"
    )
    assert images(text) == [("spec.images[0]", "app:v1")]
    assert images(text, "kustomization.yaml") == [("spec.images[0]", "app:v1")]


def test_an_entry_that_aliases_stand_for_is_one_image():
    assert images(kustomization("&a {name: app, newTag: v1}", "*a")) == [("images[0]", "app:v1")]


def test_an_entry_that_takes_another_name_through_a_merge_is_another_image():
    text = kustomization("&a {name: app, newTag: v1}", "{<<: *a, newName: acme/app}")
    assert images(text) == [("images[0]", "app:v1"), ("images[1]", "acme/app:v1")]


def test_a_chart_that_is_inflated_has_its_images_in_its_values():
    text = kustomization("{name: shop, valuesInline: {image: {repository: app, tag: v1}}}", key="helmCharts")
    assert images(text) == [("helmCharts[0].valuesInline.image", "app:v1")]


POD = "kind: Pod\n      spec: {containers: [{name: app, image: 'app:v1'}]}"
PATCHES = {
    "patches": f"patch: |\n      {POD}",
    "patchesStrategicMerge": f"|\n      {POD}",
    "patchesJson6902": f"patch: |\n      {POD}",
}


@pytest.mark.parametrize(("key", "patch"), PATCHES.items())
def test_the_text_of_a_patch_holds_images(key, patch):
    (field, text), *more = images(kustomization(patch, key=key))
    assert field.startswith(f"{key}[0]")
    assert field.endswith("spec.containers[0].image")
    assert (text, more) == ("app:v1", [])


@pytest.mark.parametrize("patch", ["pod.yaml", "{path: pod.yaml}", "{patch: {kind: Pod}}", "{patch: [a]}", "~"])
@pytest.mark.parametrize("key", PATCHES)
def test_a_patch_elsewhere_holds_none(key, patch):
    manifest = read_manifest("a.yaml", kustomization(patch, key=key).encode())
    assert (manifest.occurrences, manifest.skipped) == ((), ())


@pytest.mark.parametrize("value", [None, "text", 5, [], {}, [[]], {"images": []}, [{"name": ["app"]}], ["app:v1"]])
@pytest.mark.parametrize("key", ["images", "helmCharts", "patches", "patchesStrategicMerge", "patchesJson6902"])
def test_any_other_shape_holds_no_images(key, value):
    manifest = read_manifest("kustomization.yaml", json.dumps({"name": "image", key: value}).encode())
    assert manifest.occurrences == ()


def transformer(entry: str, heading: str = "apiVersion: builtin\nkind: ImageTagTransformer\n") -> str:
    return f"{heading}imageTag: {entry}\n"


@pytest.mark.parametrize(("entry", "text"), ENTRIES.items())
def test_the_image_of_a_transformer_is_an_entry(entry, text):
    assert images(transformer(entry)) == [("imageTag", text)]


def test_a_transformer_of_another_api_group_is_none_of_kustomize():
    assert images(transformer("{name: app, newTag: v1}", "apiVersion: a.io/v1\nkind: ImageTagTransformer\n")) == []

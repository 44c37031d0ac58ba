"""A HelmRelease names images in the values of its chart and in what is put over what the chart renders."""

from __future__ import annotations

import json

import pytest

from bot.manifests import find_images, read_manifest

HEADING = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop, namespace: team}\n"
VALUES = "spec: {values: {image: {repository: app, tag: v1}}}\n"


def images(text: str) -> list[tuple[str, str]]:
    return [(occurrence.field, occurrence.text) for occurrence in find_images("a.yaml", text.encode())]


def test_values_hold_images():
    assert images(HEADING + VALUES) == [("spec.values.image", "app:v1")]


def test_the_images_belong_to_the_release():
    (occurrence,) = find_images("a.yaml", (HEADING + VALUES).encode())
    assert (occurrence.kind, occurrence.namespace, occurrence.name) == ("HelmRelease", "team", "shop")


@pytest.mark.parametrize("version", ["helm.toolkit.fluxcd.io/v2beta1", "helm.fluxcd.io/v1"])
def test_older_releases_are_read_too(version):
    assert images(f"apiVersion: {version}\nkind: HelmRelease\n{VALUES}") == [("spec.values.image", "app:v1")]


def test_values_behind_an_alias_are_read():
    text = HEADING + "x: &values {image: {repository: app, tag: v1}}\nspec: {values: *values}\n"
    assert images(text) == [("spec.values.image", "app:v1")]


def test_post_renderers_name_images():
    text = HEADING + "spec: {postRenderers: [{}, {kustomize: {images: [{name: a, newName: app, newTag: v1}]}}]}\n"
    assert images(text) == [("spec.postRenderers[1].kustomize.images[0]", "app:v1")]


def test_only_values_and_post_renderers_are_read():
    text = HEADING + "spec: {image: 'app:v1', chart: {values: {image: {repository: app, tag: v1}}}}\n"
    assert images(text) == []


def test_values_that_stand_twice_are_told():
    text = HEADING + "spec:\n  values: {image: 'app:v1'}\n  values: {image: 'app:v2'}\n"
    manifest = read_manifest("a.yaml", text.encode())
    assert manifest.occurrences == ()
    assert [(each.line, each.reason.value) for each in manifest.skipped] == [(6, "duplicate-key")]


@pytest.mark.parametrize("value", [None, "text", 5, [], {}, [[]], [{}], {"image": None}])
@pytest.mark.parametrize("way", [("spec",), ("spec", "values"), ("spec", "postRenderers")])
def test_any_other_shape_holds_no_images(way, value):
    for key in reversed(way):
        value = {key: value}
    release = {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "image": "", **value}
    assert read_manifest("a.yaml", json.dumps(release).encode()).occurrences == ()

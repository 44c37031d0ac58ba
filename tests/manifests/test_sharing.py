"""An anchor is not edited where an alias, or the anchor itself, makes its value something else too."""

from __future__ import annotations

import pytest

from bot.manifests import SkipReason, update

IMAGE = "image: {repository: ghcr.io/acme/app, tag: %s}\n"


@pytest.mark.parametrize(
    "text",
    [
        IMAGE % "&v 1.0.0" + "other: {repository: ghcr.io/acme/other, tag: *v}\n",
        IMAGE % "&v 1.0.0" + "chart: {name: app, version: *v}\n",
        "chart: {spec: {chart: app, version: &v 1.0.0}}\nvalues: {image: {repository: ghcr.io/acme/app, tag: *v}}\n",
        "kind: Pod\nspec:\n  containers: [{image: &i ghcr.io/acme/app:1.0.0}]\nx: {targetRevision: *i}\n",
        "? &v 1.0.0\n: x\n" + IMAGE % "*v",
        IMAGE % "&v 1.0.0" + "seen: {*v : yes}\n",
    ],
)
def test_a_value_that_is_the_version_of_something_else_too_is_left_alone_with_the_reason(target, text):
    changed = update({"values.yaml": text.encode()}, [target()])
    assert changed.files == {}
    assert [skipped.reason for skipped in changed.skipped] == [SkipReason.ALIAS]


@pytest.mark.parametrize(
    "text",
    [
        "version: &v 1.0.0\n" + IMAGE % "*v",
        "global: {tag: &v 1.0.0}\n" + IMAGE % "*v",
        IMAGE % "&v 1.0.0" + "labels: {version: *v}\n",
        IMAGE % "&v 1.0.0" + "env: [{name: VERSION, value: *v}]\n",
        "kind: Pod\nspec:\n  containers: [{image: &i ghcr.io/acme/app:1.0.0, args: [--image, *i]}]\n",
        IMAGE % "&v 1.0.0" + "worker: {image: {repository: ghcr.io/acme/app, tag: *v}}\n",
    ],
)
def test_labels_and_arguments_carry_the_value_along(target, text):
    changed = update({"values.yaml": text.encode()}, [target()])
    assert changed.files["values.yaml"].decode() == text.replace("1.0.0", "2.0.0")

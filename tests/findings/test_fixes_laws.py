"""Laws of fixes that hold for any manifest: what is written reads as it should, and nothing else changes."""

from __future__ import annotations

from copy import deepcopy

import yaml
from hypothesis import given

from bot.findings import fixes
from bot.findings.subjects import read_file
from bot.findings.suggesting import applied
from bot.manifests.adding.additions import Addition
from bot.manifests.adding.changed import changed_document
from bot.manifests.adding.proving import changes_nothing_else
from tests.findings.drawn_manifests import DIGEST, IMAGE, manifests
from tests.manifests.drawn_files import damaged_files

PATH = "app.yaml"
CPU, MEMORY = "100m", "128Mi"


def read(content: bytes) -> list:
    return list(yaml.safe_load_all(content.decode("utf-8-sig")))


def pod_spec(document: dict) -> dict:
    return document["spec"] if document["kind"] == "Pod" else document["spec"]["template"]["spec"]


def lacking_in(container: dict) -> dict:
    stands = (container.get("resources") or {}).get("requests") or {}
    return {name: quantity for name, quantity in (("cpu", CPU), ("memory", MEMORY)) if name not in stands}


def requesting(container: dict, requests: dict) -> None:
    resources = container.get("resources") or {}
    container["resources"] = resources | {"requests": (resources.get("requests") or {}) | requests}


def is_in_crlf(content: bytes) -> bool:
    return content.count(b"\n") == content.count(b"\r\n")


def holds(content: bytes, edit, expected: list) -> None:
    after = applied(content, edit)
    assert read(after) == expected
    assert not is_in_crlf(content) or is_in_crlf(after) or b"\n" not in content
    assert after.endswith(b"\n") == content.endswith(b"\n")
    assert changes_nothing_else(PATH, content, after, Addition(*edit))


def holds_of_image(content: bytes, edit, image, documents: list, text: str) -> None:
    assert edit is not None
    expected = deepcopy(documents)
    containers = pod_spec(expected[image.occurrence.document])["containers"]
    containers[image.pod.containers.index(image.container)]["image"] = text
    holds(content, edit, expected)


@given(content=manifests())
def test_requests_are_written_for_the_one_container_that_lacks_them(content):
    file, documents = read_file(PATH, content), read(content)
    for number, pod in enumerate(file.pods):
        for index, container in enumerate(pod.containers):
            expected = deepcopy(documents)
            wanted = lacking_in(pod_spec(expected[number])["containers"][index])
            edit = fixes.requests(container, file, wanted.get("cpu"), wanted.get("memory"))
            assert (edit is None) == (not wanted)
            if edit is not None:
                requesting(pod_spec(expected[number])["containers"][index], wanted)
                holds(content, edit, expected)


@given(content=manifests())
def test_pull_secrets_are_named_in_the_one_pod_that_lacks_them(content):
    file, documents = read_file(PATH, content), read(content)
    for number, pod in enumerate(file.pods):
        edit = fixes.pull_secrets(pod, ("ghcr-pull",), file)
        assert edit is not None
        expected = deepcopy(documents)
        spec = pod_spec(expected[number])
        spec["imagePullSecrets"] = [{"name": "ghcr-pull"}, *(spec.get("imagePullSecrets") or [])]
        holds(content, edit, expected)


@given(content=manifests())
def test_one_image_is_pinned(content):
    file, documents = read_file(PATH, content), read(content)
    for image in file.images:
        holds_of_image(content, fixes.pinned(image, DIGEST), image, documents, f"{IMAGE}@{DIGEST}")


@given(content=manifests())
def test_one_image_gets_another_tag(content):
    file, documents = read_file(PATH, content), read(content)
    for image in file.images:
        holds_of_image(content, fixes.retagged(image, "1.4.2"), image, documents, "ghcr.io/acme/app:1.4.2")


@given(file=damaged_files())
def test_whatever_a_file_holds_what_is_written_there_changes_nothing_else(file):
    path, content = file
    manifest = read_file(path, content)
    edits = [fixes.pinned(image, DIGEST, manifest) for image in manifest.images]
    edits += [fixes.retagged(image, "v9", manifest) for image in manifest.images]
    for pod in manifest.pods:
        edits.append(fixes.pull_secrets(pod, ("ghcr-pull",), manifest))
        edits += [fixes.requests(container, manifest, CPU, MEMORY) for container in pod.containers]
    for edit in filter(None, edits):
        changed = changed_document(path, content, Addition(*edit))
        assert changes_nothing_else(path, changed.content, changed.after, changed.edit)

"""What is written where a finding is mended, and where nothing is because nobody could be sure."""

from __future__ import annotations

import pytest

from bot.findings import fixes
from bot.findings.subjects import read_file
from bot.findings.suggesting import applied

DIGEST = "sha256:" + "a" * 64
POD = "apiVersion: v1\nkind: Pod\nspec:\n"


def fixed(path: str, text: str, make) -> str | None:
    """Write the fix that `make` gives for a file; None where it gives none."""
    content = text.encode()
    edit = make(read_file(path, content))
    return None if edit is None else applied(content, edit).decode()


def pinned(path: str, text: str, *, with_file: bool = True, digest: str = DIGEST) -> str | None:
    return fixed(path, text, lambda file: fixes.pinned(file.images[-1], digest, file if with_file else None))


def retagged(path: str, text: str, *, with_file: bool = True, tag: str = "1.4.2") -> str | None:
    return fixed(path, text, lambda file: fixes.retagged(file.images[-1], tag, file if with_file else None))


def with_secrets(text: str, *names: str) -> str | None:
    return fixed("app.yaml", text, lambda file: fixes.pull_secrets(file.pods[-1], names, file))


def with_requests(text: str, cpu: str | None = "100m", memory: str | None = "128Mi") -> str | None:
    return fixed("app.yaml", text, lambda file: fixes.requests(file.pods[-1].containers[-1], file, cpu, memory))


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Dockerfile", "FROM nginx:latest AS base\n", f"FROM nginx:latest@{DIGEST} AS base\n"),
        ("Dockerfile", "FROM nginx\n", f"FROM nginx@{DIGEST}\n"),
        ("compose.yaml", "services:\n  a:\n    image: 'nginx:latest' # c\n", f"'nginx:latest@{DIGEST}' # c\n"),
        ("values.yaml", 'image:\n  repository: nginx\n  tag: latest\n  digest: ""\n', f'digest: "{DIGEST}"\n'),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container: nginx:latest\n",
            f"container: nginx:latest@{DIGEST}\n",
        ),
    ],
)
def test_an_image_is_pinned_beside_its_tag(path, before, after):
    assert pinned(path, before).endswith(after)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("Dockerfile", "ARG TAG=latest\nFROM nginx:${TAG}\n", "ARG TAG=1.4.2\nFROM nginx:${TAG}\n"),
        ("compose.yaml", "services: {a: {image: nginx}}\n", "services: {a: {image: nginx:1.4.2}}\n"),
        ("kustomization.yaml", "images:\n- name: nginx\n  newTag: latest\n", "  newTag: 1.4.2\n"),
        ("values.yaml", "image:\n  repository: nginx\n  tag: latest # c\n", "  tag: 1.4.2 # c\n"),
    ],
)
def test_an_image_gets_another_tag(path, before, after):
    assert retagged(path, before).endswith(after)


def test_a_tag_that_reads_as_a_number_is_put_in_quotes():
    assert retagged("kustomization.yaml", "images: [{name: nginx, newTag: latest}]\n", tag="1.4") == (
        'images: [{name: nginx, newTag: "1.4"}]\n'
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("compose.yaml", 'services: {a: {image: "nginx:\\x6catest"}}\n', id="escapes"),
        pytest.param("compose.yaml", "x-a: &a nginx:latest\nservices: {\n a: {image: *a}}\n", id="alias"),
        pytest.param("compose.yaml", "services:\n  a:\n    image: ${IMAGE}:latest\n", id="substitution"),
        pytest.param(
            "app.yaml",
            POD + '  containers:\n  - image: nginx:latest # {"$imagepolicy": "apps:nginx"}\n',
            id="marker of Flux",
        ),
        pytest.param(
            "values.yaml",
            "a: {image: {repository: nginx, tag: &t latest}}\nb: {image: {repository: redis, tag: *t}}\n",
            id="tag that two images share",
        ),
        pytest.param(
            "values.yaml",
            "d: &d {tag: latest}\na: {image: {repository: nginx, <<: *d}}\nb: {image: {repository: redis, <<: *d}}\n",
            id="tag that is merged into two images",
        ),
        pytest.param("Dockerfile", "ARG T=latest\nFROM nginx:$T\nFROM redis:$T\n", id="argument that two images share"),
        pytest.param("values.yaml", 'image: {repository: nginx, tag: ""}\n', id="no tag, which may stand elsewhere"),
        pytest.param(
            "app.yaml",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  pod.yaml: |\n    kind: Pod\n    spec:\n      containers:\n"
            "      - image: nginx:latest\n",
            id="text in a text",
        ),
    ],
)
def test_an_image_that_cannot_be_written_exactly_is_left_alone(path, text):
    assert (pinned(path, text), retagged(path, text)) == (None, None)


def test_a_digest_is_written_only_where_there_is_a_place_for_it():
    assert pinned("kustomization.yaml", "images:\n- name: nginx\n  newTag: latest\n") is None


def test_an_image_with_a_digest_gets_no_other_tag():
    assert retagged("Dockerfile", f"FROM nginx:1@{DIGEST}\n") is None


def test_an_image_in_parts_is_written_only_when_the_whole_file_can_be_seen():
    text = "image:\n  repository: nginx\n  tag: latest\n"
    assert retagged("values.yaml", text, with_file=False) is None


@pytest.mark.parametrize("tag", ["", "a b", "1/x:2", "1@sha256:" + "b" * 64, "x" * 129, "1\nfoo: bar"])
def test_what_is_no_tag_is_never_written(tag):
    assert retagged("Dockerfile", "FROM nginx:latest\n", tag=tag) is None


@pytest.mark.parametrize("digest", ["", "sha256:abc", "latest", "sha256:" + "G" * 64, DIGEST + "\n"])
def test_what_is_no_digest_is_never_written(digest):
    assert pinned("Dockerfile", "FROM nginx:latest\n", digest=digest) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "  containers:\n  - image: a\n",
            "  imagePullSecrets:\n  - name: one\n  - name: two\n  containers:\n  - image: a\n",
        ),
        (
            "  imagePullSecrets: []\n  containers:\n  - image: a\n",
            "  imagePullSecrets: [{name: one}, {name: two}]\n  containers:\n  - image: a\n",
        ),
    ],
)
def test_pull_secrets_are_named_in_the_way_of_the_file(before, after):
    assert with_secrets(POD + before, "one", "two") == POD + after


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param("  imagePullSecrets: [{name: other}]\n  containers: [{image: a}]\n", id="others stand"),
        pytest.param("  imagePullSecrets: ghcr\n  containers: [{image: a}]\n", id="no list"),
        pytest.param("  imagePullSecrets: []\n  imagePullSecrets: []\n  containers: [{image: a}]\n", id="twice"),
        pytest.param("  imagePullSecrets: &none []\n  x: *none\n  containers: [{image: a}]\n", id="anchored"),
        pytest.param("  containers: []\n", id="no images"),
    ],
)
def test_pull_secrets_that_cannot_be_named_exactly_are_not(spec):
    assert with_secrets(POD + spec, "ghcr-pull") is None


def test_without_names_of_secrets_nothing_is_written():
    assert with_secrets(POD + "  containers: [{image: a}]\n") is None


SHARED = """\
apiVersion: v1
kind: List
items:
- kind: Pod
  apiVersion: v1
  spec: &spec
    containers:
    - {name: a, image: b}
- kind: Pod
  apiVersion: v1
  spec: *spec
"""


def test_a_pod_spec_that_another_object_shares_is_left_alone():
    assert (with_secrets(SHARED, "ghcr-pull"), with_requests(SHARED)) == (None, None)


ABOVE = POD + "  containers:\n  - name: a\n    image: b\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "    resources:\n      requests:\n        cpu: 100m\n        memory: 128Mi\n"),
        ("    resources: {}\n", "    resources:\n      requests:\n        cpu: 100m\n        memory: 128Mi\n"),
        ("    resources: {} # c\n", "    resources: {requests: {cpu: 100m, memory: 128Mi}} # c\n"),
        ("    resources: # c\n", "    resources: # c\n      requests:\n        cpu: 100m\n        memory: 128Mi\n"),
        (
            "    resources:\n      limits: {cpu: 1}\n",
            "    resources:\n      requests:\n        cpu: 100m\n        memory: 128Mi\n      limits: {cpu: 1}\n",
        ),
        (
            "    resources: {limits: {cpu: 1}}\n",
            "    resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 1}}\n",
        ),
        (
            '    resources:\n      requests:\n        cpu: 0 # c\n        memory: ""\n',
            "    resources:\n      requests:\n        cpu: 100m # c\n        memory: 128Mi\n",
        ),
    ],
)
def test_requests_are_written_in_the_way_of_the_file(before, after):
    assert with_requests(ABOVE + before) == ABOVE + after


@pytest.mark.parametrize(
    ("stands", "wanted", "written"),
    [
        ("memory: 1Gi\n", {"memory": None}, "cpu: 100m\n        memory: 1Gi\n"),
        ("cpu: 5m # c\n", {"cpu": None}, "cpu: 5m # c\n        memory: 128Mi\n"),
        ("cpu: 5m", {"cpu": None}, "cpu: 5m\n        memory: 128Mi"),
    ],
)
def test_only_the_request_that_is_missing_is_written(stands, wanted, written):
    above = ABOVE + "    resources:\n      requests:\n        "
    assert with_requests(above + stands, **wanted) == above + written


@pytest.mark.parametrize(
    "container",
    [
        pytest.param("  x: &r {}\n  containers:\n  - image: b\n    resources: *r\n", id="alias"),
        pytest.param("  containers:\n  - image: b\n    resources: &r {}\n  - *r\n", id="anchor in use"),
        pytest.param("  containers:\n  - image: b\n    resources: {}\n    resources: {}\n", id="twice"),
        pytest.param("  containers:\n  - image: b\n    resources: big\n", id="no mapping"),
        pytest.param("  x: &x {resources: {limits: {}}}\n  containers:\n  - <<: *x\n    image: b\n", id="merged"),
        pytest.param("  x: &x {image: b}\n  containers:\n  - *x\n", id="container by an alias"),
        pytest.param("  containers:\n  - image: >-\n      b\n", id="no line to follow"),
        pytest.param("  containers:\n  - ? image\n    : b\n", id="explicit key"),
        pytest.param("  containers: [image: b]\n", id="pair between brackets"),
        pytest.param(
            '  containers:\n  - {name: a, image: b} # {"$imagepolicy": "apps:b"}\n', id="marker behind a bracket"
        ),
    ],
)
def test_requests_that_cannot_be_written_exactly_are_not(container):
    assert with_requests(POD + container) is None


def test_without_a_quantity_nothing_is_written():
    assert with_requests(ABOVE, None, None) is None


@pytest.mark.parametrize("image", ["!!binary bmdpbng6bGF0ZXN0", "!!binary |\n      bmdpbng6bGF0ZXN0", "!!binary nginx"])
def test_an_image_in_base64_is_never_written(image):
    text = f"{POD}  containers:\n  - name: a\n    image: {image}\n"

    assert pinned("app.yaml", text) is None
    assert retagged("app.yaml", text) is None


@pytest.mark.parametrize(
    "text",
    [
        f"x: &r resources\n{POD}  containers:\n  - name: a\n    image: a\n    *r :\n      limits: {{cpu: 1}}\n",
        f"{POD}  containers:\n  - name: a\n    image: a\n    resources:\n      requests: {{cpu: !!binary MA==}}\n",
        f"{POD}  containers:\n  - name: a\n    image: a\n    resources: !!null null\n",
    ],
)
def test_nothing_is_written_beside_a_key_or_over_a_value_that_is_spelled_otherwise(text):
    assert with_requests(text) is None

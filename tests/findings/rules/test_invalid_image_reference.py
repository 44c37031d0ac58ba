"""Where an image must stand, a text that is none is found; what is still to be filled in is not."""

import pytest

from tests.findings.rules.image_files import DIGEST, TRIGGERED, deployment, found, kustomization, pod

RULE = "invalid-image-reference"


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (
            "Uppercase:tag",
            "`Uppercase:tag` is no image reference: a repository and a digest are written in lower case.",
        ),
        (
            "ghcr.io/Org/App",
            "`ghcr.io/Org/App` is no image reference: a repository and a digest are written in lower case.",
        ),
        (
            "nginx:1@",
            "`nginx:1@` is no image reference: a digest is `sha256:` and 64 hexadecimal digits in lower case.",
        ),
        ("''", "An image must stand here, and the text is empty."),
        ("' '", "An image must stand here, and the text is empty."),
        ("':justtag'", "`:justtag` is no image reference: it has no name."),
        (f"'@{DIGEST}'", f"`@{DIGEST}` is no image reference: it has no name."),
        ("'nginx:'", "`nginx:` is no image reference: no tag stands behind the colon."),
        ("nginx:-1", "`nginx:-1` is no image reference: `-1` cannot be a tag."),
        ("nginx:a+b", "`nginx:a+b` is no image reference: `a+b` cannot be a tag."),
        ("a..b/c", "`a..b/c` is no image reference: `a..b/c` cannot be the name of an image."),
        ("-app:1", "`-app:1` is no image reference: `-app` cannot be the name of an image."),
        ("'nginx:1.25 '", "`nginx:1.25 ` is no image reference: there is white space in it."),
        ("nginx 1.25", "`nginx 1.25` is no image reference: there is white space in it."),
        ("docker://nginx:1", "`docker://nginx:1` is an address: an image reference has no `docker://`."),
        ("https://ghcr.io/a/b", "`https://ghcr.io/a/b` is an address: an image reference has no `https://`."),
        ("1.25", "`1.25` is read as a number or a truth value, and an image is a text."),
        ("1", "`1` is read as a number or a truth value, and an image is a text."),
        ("1e3", "`1e3` is read as a number or a truth value, and an image is a text."),
        ("true", "`true` is read as a number or a truth value, and an image is a text."),
    ],
)
def test_a_text_that_is_no_reference_is_found(image: str, message: str) -> None:
    assert [each.message for each in found(RULE, pod(image))] == [message]


@pytest.mark.parametrize(
    "image",
    [
        f"busybox@sha256:{'a' * 63}",
        f"busybox:1@SHA256:{'a' * 64}",
        f"busybox@sha256:{'A' * 64}",
        f"busybox@sha256:{'a' * 34}",
        f"busybox@sha256:{'g' * 64}",
        f"busybox@md5:{'a' * 32}",
        f"nginx:{'t' * 129}",
        f"{'n' * 256}:1",
        "a" * 64,
        "nginx/:1",
        "localhost:70000/app:1",
        "http:/nginx",
        "'[2001:db8::1]:5000/repo:+'",
    ],
)
def test_what_the_grammar_refuses_is_found(image: str) -> None:
    assert [each.rule for each in found(RULE, pod(image))] == [RULE]


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        "nginx:1.25",
        "'1.25'",
        "!!str 1.25",
        "1.25-alpine",
        "test.com:5000",
        "test:5000/repo",
        "LOCAL/app",
        "localhost/app",
        "'[2001:db8::1]:5000/repo:tag'",
        f"busybox:latest@{DIGEST}",
        "k8s.gcr.io/pause:3.9",
        "a__b/c-d.e:_tag",
    ],
)
def test_a_reference_is_not(image: str) -> None:
    assert found(RULE, pod(image)) == []


@pytest.mark.parametrize(
    "image",
    [
        "nginx:${TAG}",
        "$IMAGE",
        "$(IMAGE)",
        "'{{ .Values.image }}'",
        "'{{ .Values.repository }}:{{ .Values.tag }}'",
        "ko://github.com/acme/app/cmd/web",
        "'<image>'",
        "'%IMAGE%'",
        "'#{IMAGE}#'",
        "'@IMAGE@'",
        "'[[ .Image ]]'",
        "'((image))'",
        "~",
        "",
        "{{ .Values.image }}",
        "[a]",
    ],
)
def test_what_is_to_be_filled_in_is_not(image: str) -> None:
    assert found(RULE, pod(image)) == []


@pytest.mark.parametrize(
    ("path", "content", "count"),
    [
        ("compose.yaml", "services: {web: {image: Nginx}}", 1),
        ("compose.yaml", "services: {web: {image: 1.25}}", 1),
        ("compose.yaml", "services: {web: {image: ''}}", 1),
        ("compose.yaml", "services: {web: {image: Acme/App, build: .}}", 0),
        ("Dockerfile", "FROM Alpine:3\n", 1),
        ("Dockerfile", "ARG BASE=Alpine\nARG OTHER\nFROM $BASE AS Build\nFROM Build\nFROM $OTHER\nFROM scratch\n", 0),
        ("Dockerfile", "FROM alpine:3\nCOPY --from=Context /a /b\n", 0),
        (".github/workflows/test.yml", "jobs: {test: {container: Node}}", 1),
        (".github/workflows/test.yml", "jobs: {test: {steps: [{uses: 'docker://Node:22'}]}}", 1),
        (".github/workflows/test.yml", "jobs: {test: {container: '${{ matrix.image }}'}}", 0),
        (
            "task.yaml",
            "apiVersion: tekton.dev/v1\nkind: Task\nspec: {steps: [{image: Golang}, {image: $(params.i)}]}",
            1,
        ),
        ("values.yaml", "image: {repository: My App, tag: 1}", 0),
        ("values.yaml", "containers: [{name: web, image: My App}]", 0),
        ("custom.yaml", "apiVersion: acme.example/v1\nkind: Thing\nspec: {containers: [{name: a, image: A B}]}", 0),
        ("kustomization.yaml", "images: [{name: PLACEHOLDER, newTag: v1}]", 0),
        ("kustomization.yaml", "images: [{name: app, newName: ghcr.io/Org/App}]", 1),
        ("kustomization.yaml", "images:\n  - name: app\n    newName: 'ghcr.io/Org/App'\n", 1),
        ("kustomization.yaml", '{"images": [{"name": "app", "newName": "ghcr.io/Org/App", "newTag": "v1"}]}', 1),
        ("kustomization.yaml", "images: [{name: app, newTag: 1.10}]", 1),
        ("kustomization.yaml", "images: [{name: app, newTag: 12}]", 1),
        ("kustomization.yaml", "images: [{name: app, newTag: '1.10'}]", 0),
        ("kustomization.yaml", "images: [{name: app, newTag: 1.10.0}]", 0),
        ("kustomization.yaml", "images: [{name: app, newTag: 'v1 '}]", 1),
        ("kustomization.yaml", "images: [{name: app, newTag: '${TAG}'}]", 0),
        ("kustomization.yaml", "images: [{name: app, digest: 'sha256:12'}]", 1),
        ("kustomization.yaml", f"images: [{{name: app, digest: '{DIGEST}'}}]", 0),
    ],
)
def test_an_image_must_stand_there(path: str, content: str, count: int) -> None:
    assert len(found(RULE, content, path=path)) == count


def test_what_openshift_fills_in_is_not_found() -> None:
    assert found(RULE, deployment("' '", metadata=TRIGGERED)) == []


def test_what_an_image_trigger_fills_in_is_not_found() -> None:
    content = deployment("' '").replace("spec:\n", "spec:\n  triggers: [{type: ImageChange}]\n", 1)
    content = content.replace("apps/v1", "apps.openshift.io/v1").replace("kind: Deployment", "kind: DeploymentConfig")
    assert found(RULE, content) == []


@pytest.mark.parametrize(("image", "is_found"), [("PLACEHOLDER", False), ("PLACEHOLDER:v1", False), ("Other", True)])
def test_a_stand_in_that_a_kustomization_replaces_is_not_found(image: str, is_found: bool) -> None:
    others = {"kustomization.yaml": kustomization(images="{name: PLACEHOLDER, newName: ghcr.io/acme/app}")}
    assert bool(found(RULE, pod(image), others=others)) is is_found


@pytest.mark.parametrize("marker", ["shop:app", "shop:app:tag"])
def test_a_marked_value_that_is_no_image_is_not_found(marker: str) -> None:
    content = pod("nginx").replace("name: web,", "name: web, env: [{name: A, value: VERSION=1.9.0}],")
    content = content.replace("}],", f'}}], # {{"$imagepolicy": "{marker}"}}\n     ')
    assert found(RULE, content) == []


@pytest.mark.parametrize(
    ("image", "mend"),
    [
        ("docker://nginx:1", "Write `nginx:1`."),
        ("'nginx:1.25 '", "Write `nginx:1.25`."),
        ("Nginx", "Write `registry/repository:tag`, or `registry/repository@sha256:...`."),
    ],
)
def test_the_mend_says_what_to_write(image: str, mend: str) -> None:
    assert found(RULE, pod(image))[0].mend == mend


def test_a_long_text_is_cut_in_the_message() -> None:
    assert len(found(RULE, pod("A" * 900))[0].message) < 400


def test_both_places_of_an_alias_are_found() -> None:
    content = pod("&image Nginx").replace("\n    - ", "\n    - {name: a, image: nginx}\n    - ")
    content += "    - {name: other, image: *image }\n"
    assert [each.line for each in found(RULE, content)] == [7, 8]

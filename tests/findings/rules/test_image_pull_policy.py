"""A tag that moves is to be pulled again, as Kubernetes itself decides where no policy is written."""

import pytest

from bot.findings import Known
from tests.findings.rules.image_files import DIGEST, deployment, found, image_policy, kustomization, pod

RULE = "image-pull-policy"
MOVING = {"mutable-tags": ("latest", "stable")}


@pytest.mark.parametrize(
    ("image", "keys", "is_found"),
    [
        ("nginx:latest", "imagePullPolicy: IfNotPresent", True),
        ("nginx:latest", "imagePullPolicy: Never", True),
        ("nginx", "imagePullPolicy: IfNotPresent", True),
        ("localhost:5000/app", "imagePullPolicy: IfNotPresent", True),
        ("nginx:stable", "imagePullPolicy: IfNotPresent", True),
        ("nginx:stable", "", True),
        ("nginx:stable", "imagePullPolicy: null", True),
        ("nginx:LATEST", "", True),
        ("nginx:latest", "", False),
        ("nginx", "", False),
        ("localhost:5000/app", "", False),
        ("nginx:latest", "imagePullPolicy: Always", False),
        ("nginx:stable", "imagePullPolicy: Always", False),
        ("nginx:1.25", "imagePullPolicy: IfNotPresent", False),
        ("nginx:1.25", "", False),
        (f"nginx:latest@{DIGEST}", "imagePullPolicy: IfNotPresent", False),
        (f"nginx@{DIGEST}", "imagePullPolicy: Never", False),
        ("nginx:latest", "imagePullPolicy: '{{ .Values.pullPolicy }}'", False),
        ("nginx:latest", "imagePullPolicy: [Never]", False),
        ("nginx:latest", "imagePullPolicy: ${POLICY}", False),
        ("nginx:latest", "imagePullPolicy: Never, imagePullPolicy: Always", False),
        ("nginx:${TAG}", "imagePullPolicy: Never", False),
        ("Nginx:latest", "imagePullPolicy: Never", False),
    ],
)
def test_a_tag_that_moves_is_to_be_pulled_again(image: str, keys: str, is_found: bool) -> None:
    assert bool(found(RULE, pod(image, container=keys), options=MOVING)) is is_found


@pytest.mark.parametrize("containers", ["initContainers", "ephemeralContainers"])
def test_every_list_of_containers_is_looked_at(containers: str) -> None:
    content = pod("nginx:latest", container="imagePullPolicy: Never").replace("containers:", f"{containers}:")
    assert [each.field for each in found(RULE, content)] == [f"spec.{containers}[0].imagePullPolicy"]


@pytest.mark.parametrize(
    ("keys", "is_found"), [("pullPolicy: Never", True), ("pullPolicy: Always", False), ("x: y", False)]
)
def test_an_image_volume_has_a_policy_of_its_own(keys: str, is_found: bool) -> None:
    content = pod("nginx:1", spec=f"volumes: [{{name: a, image: {{reference: 'acme/models:latest', {keys}}}}}]")
    assert bool(found(RULE, content)) is is_found


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("values.yaml", "image: {repository: acme/app, tag: latest, pullPolicy: IfNotPresent}"),
        ("compose.yaml", "services: {web: {image: 'nginx:latest', pull_policy: never}}"),
    ],
)
def test_outside_of_pods_nothing_is_found(path: str, content: str) -> None:
    assert found(RULE, content, path=path) == []


@pytest.mark.parametrize(
    ("image", "is_found"), [("nginx:latest\n          imagePullPolicy: Never", True), ("nginx:stable", False)]
)
def test_of_a_patch_only_what_is_written_counts(image: str, is_found: bool) -> None:
    content = deployment(image).replace("  selector: {matchLabels: {}}\n", "")
    assert bool(found(RULE, content, options=MOVING)) is is_found


@pytest.mark.parametrize(
    ("keys", "more", "is_found"),
    [
        ("", "patches: [{patch: 'spec: {containers: [{name: web, imagePullPolicy: Always}]}'}]", False),
        ("", "patches: [{path: always.yaml}]", False),
        ("", "namespace: shop", True),
        ("imagePullPolicy: Never", "patches: [{path: always.yaml}]", True),
    ],
)
def test_what_a_patch_may_write_is_not_missing(keys: str, more: str, is_found: bool) -> None:
    always = "kind: Pod\nspec: {containers: [{name: web, imagePullPolicy: Always}]}\n"
    others = {"kustomization.yaml": kustomization(more=more), "always.yaml": always}
    assert bool(found(RULE, pod("nginx:stable", container=keys), others=others, options=MOVING)) is is_found


def test_a_kustomization_may_name_a_version() -> None:
    others = {"kustomization.yaml": kustomization(images="{name: nginx, newTag: '1.25'}")}
    assert found(RULE, pod("nginx:latest", container="imagePullPolicy: Never"), others=others) == []


def test_a_tag_that_a_digest_policy_follows_moves() -> None:
    known = Known(policies=(image_policy("  - {image: nginx, strategy: digest, track: edge}"),))
    assert len(found(RULE, pod("nginx:edge"), known=known)) == 1


@pytest.mark.parametrize(
    ("image", "keys", "why"),
    [
        (
            "nginx:latest",
            "imagePullPolicy: Never",
            "The tag `latest` of the image `nginx:latest` moves, and with `Never`",
        ),
        ("nginx", "imagePullPolicy: Never", "The image `nginx` has no tag, and with `Never`"),
        ("nginx:stable", "", "The tag `stable` of the image `nginx:stable` moves, and without a pull policy"),
    ],
)
def test_the_message_says_what_happens(image: str, keys: str, why: str) -> None:
    finding = found(RULE, pod(image, container=keys), options=MOVING)[0]
    assert finding.message == f"{why} a node that has an older one goes on to run it."


def test_a_finding_stands_on_the_line_of_the_policy() -> None:
    assert found(RULE, deployment("nginx:latest\n          imagePullPolicy: Never"))[0].line == 12

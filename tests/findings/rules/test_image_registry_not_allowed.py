"""Images are held against the list of registries by whole hosts and by segments of their repositories."""

import pytest

from bot.findings import Finding
from bot.policies.findings import RegistryPrefix
from tests.findings.rules.image_files import DIGEST, deployment, found, kustomization, pod

RULE = "image-registry-not-allowed"
GHCR = RegistryPrefix("ghcr.io")
ACME = RegistryPrefix("ghcr.io", "acme")
GCR = RegistryPrefix("gcr.io")
DOCKER_HUB = RegistryPrefix("docker.io")
OFFICIAL = RegistryPrefix("docker.io", "library")
LOCAL = RegistryPrefix("localhost:5000")


def findings(content: str, *allowed: RegistryPrefix, **more: object) -> list[Finding]:
    return found(RULE, content, options={"allow": allowed}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("image", "allowed"),
    [
        ("nginx", OFFICIAL),
        ("nginx:1.25", DOCKER_HUB),
        ("acme/app:1", DOCKER_HUB),
        ("docker.io/acme/app:1", DOCKER_HUB),
        ("index.docker.io/library/nginx", OFFICIAL),
        ("docker.io/nginx", OFFICIAL),
        ("test.com:5000", OFFICIAL),
        ("ghcr.io/acme/app:1", GHCR),
        ("ghcr.io/acme/app:1", ACME),
        ("ghcr.io/acme:1", ACME),
        ("ghcr.io/acme/team/app:1", ACME),
        (f"ghcr.io/acme/app@{DIGEST}", ACME),
        ("GHCR.io/acme/app:1", ACME),
        ("localhost:5000/app", LOCAL),
    ],
)
def test_an_image_of_the_list_is_not_found(image: str, allowed: RegistryPrefix) -> None:
    assert findings(pod(image), allowed) == []


@pytest.mark.parametrize(
    ("image", "allowed"),
    [
        ("evilgcr.io/acme/app:1", GCR),
        ("eu.gcr.io/acme/app:1", GCR),
        ("gcr.io.evil.example/acme/app:1", GCR),
        ("evil.example/gcr.io/acme/app:1", GCR),
        ("gcr.io:8443/acme/app:1", GCR),
        ("ghcr.io/acme-evil/app:1", ACME),
        ("ghcr.io/acmeevil:1", ACME),
        ("ghcr.io/other/acme/app:1", ACME),
        ("nginx", GHCR),
        ("ghcr/acme:1", GHCR),
        ("acme/app:1", OFFICIAL),
        ("docker.io/libraryevil/app", OFFICIAL),
        ("registry-1.docker.io/library/nginx", DOCKER_HUB),
        ("localhost/app", LOCAL),
        ("localhost:5001/app", LOCAL),
        ("test.com/nginx", OFFICIAL),
        (f"evilgcr.io/acme/app@{DIGEST}", GCR),
    ],
)
def test_another_image_is_found(image: str, allowed: RegistryPrefix) -> None:
    assert [each.rule for each in findings(pod(image), allowed)] == [RULE]


@pytest.mark.parametrize("image", ["evil.example/app:${TAG}", "${REGISTRY}/app:1", "Evil/App:1", "''", "~"])
def test_what_nobody_can_tell_is_not_found(image: str) -> None:
    assert findings(pod(image), GHCR) == []


@pytest.mark.parametrize(
    ("path", "content", "count"),
    [
        ("values.yaml", "image: {registry: evil.example, repository: acme/app, tag: 1.4.2}", 1),
        ("values.yaml", "image: {repository: evil.example/acme/app, tag: ''}", 1),
        ("values.yaml", "image: {repository: acme/app, tag: 1.4.2}", 0),
        ("values.yaml", "image: {registry: '', repository: acme/app, tag: 1.4.2}", 0),
        ("values.yaml", "image: 'acme/app:1.4.2'", 1),
        ("kustomization.yaml", "images: [{name: app, newName: evil.example/app}]", 1),
        ("kustomization.yaml", "images: [{name: app, newTag: 1.4.2}]", 0),
        ("kustomization.yaml", "images: [{name: ghcr.io/acme/app, newName: evil/app}]", 1),
        ("kustomization.yaml", '{"images": [{"name": "ghcr.io/acme/app", "newName": "evil/app", "newTag": "1"}]}', 1),
        ("kustomization.yaml", "images: [{name: ghcr.io/acme/app, newName: '${REGISTRY}/app'}]", 0),
        ("Dockerfile", "FROM golang:1 AS build\nFROM build\nFROM scratch\n", 1),
        ("compose.yaml", "services: {web: {image: 'nginx:1.25'}}", 1),
        (".github/workflows/test.yml", "jobs: {test: {container: 'docker://node:22'}}", 1),
    ],
)
def test_every_place_of_an_image_is_looked_at(path: str, content: str, count: int) -> None:
    assert len(findings(content, GHCR, path=path)) == count


@pytest.mark.parametrize("said", ["''", """'[{"fieldPath": "spec.template.spec.containers[0].image"}]'"""])
def test_what_a_trigger_may_change_is_looked_at_as_it_is_written(said: str) -> None:
    metadata = f"{{name: shop, annotations: {{image.openshift.io/triggers: {said}}}}}"
    assert len(findings(deployment("evil.example/app:1", metadata=metadata), GHCR)) == 1


def test_an_empty_list_forbids_nothing() -> None:
    assert findings(pod("evil.example/app:1")) == []


def test_one_registry_of_several_is_enough() -> None:
    assert findings(pod("ghcr.io/acme/app:1"), GCR, OFFICIAL, ACME) == []


@pytest.mark.parametrize(
    ("kustomized", "is_found"),
    [("{name: app, newName: ghcr.io/acme/app}", False), ("{name: app, newTag: '2'}", True)],
)
def test_a_kustomization_may_take_the_image_from_elsewhere(kustomized: str, is_found: bool) -> None:
    others = {"kustomization.yaml": kustomization(images=kustomized)}
    assert bool(findings(pod("app:1"), GHCR, others=others)) is is_found


def test_the_message_names_the_registry_and_the_mend_the_list() -> None:
    finding = findings(pod("nginx:1"), ACME, GCR)[0]
    assert (finding.message, finding.mend) == (
        "The image `nginx:1` comes from `docker.io/library/nginx`, which is not on the list of allowed registries.",
        "Take it from `ghcr.io/acme` or `gcr.io`, or add its registry to the list.",
    )


def test_of_a_long_list_three_are_named() -> None:
    registries = [RegistryPrefix(f"r{number}.example") for number in range(9)]
    assert findings(pod("nginx:1"), *registries)[0].mend == (
        "Take it from `r0.example`, `r1.example`, `r2.example` or another registry of the list, or add its registry to"
        " the list."
    )

"""Images without a digest are found, unless one may stand elsewhere."""

import pytest

from bot.findings import Known
from bot.policies.findings import RegistryPrefix
from tests.findings.rules.image_files import DIGEST, TRIGGERED, deployment, found, image_policy, kustomization, pod

RULE = "image-not-pinned-to-digest"
IMAGE = "ghcr.io/acme/app"
SHA512 = f"sha512:{'b' * 128}"


@pytest.mark.parametrize(
    "image",
    [
        "nginx",
        "nginx:1.25",
        "nginx:latest",
        "ghcr.io/acme/app:1.4.2",
        "localhost:5000/app",
        "sha256/app:1",
        f"acme/app:sha256-{'a' * 64}",
        f"registry.example/{'a' * 64}:1",
    ],
)
def test_an_image_without_a_digest_is_found(image: str) -> None:
    assert [each.rule for each in found(RULE, pod(image))] == [RULE]


@pytest.mark.parametrize(
    "image",
    [
        f"nginx@{DIGEST}",
        f"nginx:1.25@{DIGEST}",
        f"localhost:5000/app@{DIGEST}",
        f"ghcr.io/acme/app:latest@{SHA512}",
        "'nginx:1.25@${DIGEST}'",
        "nginx:${TAG}",
        f"nginx@sha256:{'a' * 63}",
        f"nginx@SHA256:{'a' * 64}",
        f"nginx@sha256:{'A' * 64}",
        "'nginx@'",
        "'nginx:1.25 '",
        "~",
        "1.25",
        "0x10",
        "yes",
    ],
)
def test_a_digest_or_what_nobody_can_tell_is_not(image: str) -> None:
    assert found(RULE, pod(image)) == []


@pytest.mark.parametrize(
    ("path", "content", "count"),
    [
        ("values.yaml", "image: {repository: acme/app, tag: 1.4.2}", 1),
        ("values.yaml", "image: {repository: acme/app, tag: 1.4.2, digest: ''}", 1),
        ("values.yaml", "image: {repository: acme/app, tag: ''}", 0),
        ("values.yaml", f"image: {{repository: acme/app, tag: 1.4.2, digest: '{DIGEST}'}}", 0),
        ("values.yaml", f"image: {{repository: acme/app, tag: '1.4.2@{DIGEST}'}}", 0),
        ("values.yaml", f"image: {{repository: acme/app, tag: 1.4.2, sha: {'a' * 64}}}", 0),
        ("kustomization.yaml", "images: [{name: app, newTag: 1.4.2}]", 1),
        ("kustomization.yaml", "images: [{name: app, newName: acme/app}]", 0),
        ("kustomization.yaml", f"images: [{{name: app, newTag: 1.4.2, digest: '{DIGEST}'}}]", 0),
        ("Dockerfile", "FROM alpine:3\n", 1),
        ("Dockerfile", f"FROM alpine:3@{DIGEST}\nFROM scratch\n", 0),
        ("compose.yaml", "services: {web: {image: 'nginx:1.25'}}", 1),
        (".github/workflows/test.yml", "jobs: {test: {container: 'node:22'}}", 1),
    ],
)
def test_every_place_of_an_image_is_looked_at(path: str, content: str, count: int) -> None:
    assert len(found(RULE, content, path=path)) == count


@pytest.mark.parametrize(
    ("allowed", "image", "is_found"),
    [
        (RegistryPrefix("ghcr.io"), "ghcr.io/acme/app:1", False),
        (RegistryPrefix("ghcr.io", "acme"), "ghcr.io/acme/app:1", False),
        (RegistryPrefix("ghcr.io", "acme"), "GHCR.IO/acme/app:1", False),
        (RegistryPrefix("docker.io", "library"), "nginx:1", False),
        (RegistryPrefix("ghcr.io", "acme"), "ghcr.io/acme-evil/app:1", True),
        (RegistryPrefix("ghcr.io"), "evilghcr.io/acme/app:1", True),
        (RegistryPrefix("ghcr.io"), "ghcr.io.evil.example/acme/app:1", True),
        (RegistryPrefix("docker.io", "library"), "acme/nginx:1", True),
    ],
)
def test_allowed_registries_need_no_digest(allowed: RegistryPrefix, image: str, is_found: bool) -> None:
    assert bool(found(RULE, pod(image), options={"allow": (allowed,)})) is is_found


@pytest.mark.parametrize(
    ("kustomized", "is_found"),
    [
        (f"{{name: nginx, digest: '{DIGEST}'}}", False),
        ("{name: nginx, newTag: '1.27'}", False),
        (f"{{name: other, digest: '{DIGEST}'}}", True),
    ],
)
def test_a_kustomization_may_bring_the_digest(kustomized: str, is_found: bool) -> None:
    others = {"kustomization.yaml": kustomization(images=kustomized)}
    assert bool(found(RULE, pod("nginx:1.25"), others=others)) is is_found


def test_what_openshift_fills_in_is_not_found() -> None:
    assert found(RULE, deployment("app:1", metadata=TRIGGERED)) == []


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ("nginx:1.25", "The image `nginx:1.25` has no digest: its tag `1.25` may be pushed again with other content."),
        ("nginx", "The image `nginx` has no digest: whatever `latest` then is will run."),
    ],
)
def test_the_message_says_why_it_matters(image: str, message: str) -> None:
    assert found(RULE, pod(image))[0].message == message


@pytest.mark.parametrize(
    ("keys", "mend"),
    [
        ("strategy: digest", "The policy `app` pins the digest in its next pull request."),
        ("pin-digest: always", "The policy `app` pins the digest in its next pull request."),
        (
            "range: '*'",
            "Let the policy `app` say `pin-digest: always`, and its pull requests pin the digest.",
        ),
    ],
)
def test_the_policy_of_the_image_is_named(keys: str, mend: str) -> None:
    known = Known(policies=(image_policy(f"  - {{image: {IMAGE}, {keys}}}"),))
    assert found(RULE, pod(f"{IMAGE}:1.4.2"), known=known)[0].mend == mend


def test_a_known_digest_is_what_mends_it() -> None:
    known = Known(digests={f"{IMAGE}:1.4.2": DIGEST})
    assert found(RULE, pod(f"{IMAGE}:1.4.2"), known=known)[0].mend == "Pin the digest that the tag stands for now."

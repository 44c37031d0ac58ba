"""What holds for all rules about images, whatever text stands for one."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings import Finding, Known, check
from bot.findings.registries import is_known_private, lies_in
from bot.images import ImageReference, InvalidImageReference
from bot.policies.findings import PullSecret, RegistryPrefix, RuleSettings, settings_of
from bot.policies.rules import RULES_BY_ID, Severity
from tests.findings.rules.image_files import DIGEST, found, image_policy, pod

RULES = (
    "latest-image-tag",
    "public-image-no-credential",
    "image-not-pinned-to-digest",
    "image-registry-not-allowed",
    "image-pull-policy",
    "invalid-image-reference",
)
IMAGE = "ghcr.io/acme/app"
ACME = RegistryPrefix("ghcr.io", "acme")
POLICY = image_policy(f"  - {{image: {IMAGE}, range: '*'}}")
INVALID = "invalid-image-reference"
LONGEST_MESSAGE = 1_000
POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: shop}}
spec:
  containers:
    - name: web
      image: {}
"""

names = st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8}){0,2}", fullmatch=True)
hosts = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,3}", fullmatch=True)
pieces = st.sampled_from(
    ["nginx", ":", "@", "/", "latest", DIGEST, "sha256:", "ghcr.io", "ACME", "`", "@me", "\u202e", " ", "\n"]
)
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=8).map("".join))


def rules_that_find(image: str) -> set[str]:
    """Ask all rules about images at once about a text that stands for one."""
    return {each.rule for each in findings(image)}


def findings(image: str) -> list[Finding]:
    settings = {rule: settings_of(RULES_BY_ID[rule]) for rule in RULES}
    asked = {rule: replace(each, severity=Severity.HIGH, by_environment=()) for rule, each in settings.items()}
    asked["image-registry-not-allowed"] = RuleSettings(Severity.HIGH, (), (("allow", (ACME,)),))
    return check({"app.yaml": pod(json.dumps(image)).encode()}, asked)


@given(text=texts)
def test_any_text_is_looked_at_and_told_in_short(text: str) -> None:
    assert all(len(each.message) < LONGEST_MESSAGE for each in findings(text))


@given(text=texts)
def test_a_text_is_either_no_reference_or_looked_at_by_the_other_rules(text: str) -> None:
    found = rules_that_find(text)
    assert found <= {INVALID} or (INVALID not in found and is_reference(text))


@given(name=names, tag=st.sampled_from(["", ":latest", ":1.2"]))
def test_a_digest_leaves_no_tag_to_find(name: str, tag: str) -> None:
    assert rules_that_find(f"{name}{tag}@{DIGEST}") <= {"image-registry-not-allowed", "public-image-no-credential"}


def is_reference(text: str) -> bool:
    try:
        ImageReference.parse(text)
    except InvalidImageReference:
        return False
    return True


@given(host=hosts, private=st.sampled_from(["ghcr.io", "quay.io", "gcr.io", "us-docker.pkg.dev"]))
def test_a_host_that_only_holds_a_private_one_is_not_known(host: str, private: str) -> None:
    around = [f"{host}.{private}/app", f"{private}.{host}/app", f"{host}/{private}/app", f"x{private}.{host}/app"]
    assert not [image for image in around if is_known_private(ImageReference.parse(image))]


@given(name=names, more=st.from_regex(r"[a-z0-9]{1,5}", fullmatch=True))
def test_a_registry_ends_at_a_segment(name: str, more: str) -> None:
    image = ImageReference.parse(f"ghcr.io/{name}{more}/app")
    assert not lies_in(image, (RegistryPrefix("ghcr.io", name),))


@pytest.mark.parametrize(
    ("rule", "image", "known"),
    [
        ("latest-image-tag", f"{IMAGE}:latest", Known(digests={f"{IMAGE}:latest": DIGEST})),
        ("latest-image-tag", IMAGE, Known(digests={f"{IMAGE}:latest": DIGEST})),
        ("latest-image-tag", f"{IMAGE}:latest", Known(newest={"app": "1.5.0"}, policies=(POLICY,))),
        ("latest-image-tag", IMAGE, Known(newest={"app": "1.5.0"}, policies=(POLICY,))),
        (
            "latest-image-tag",
            f"{IMAGE}:edge",
            Known(
                digests={f"{IMAGE}:edge": DIGEST},
                policies=(image_policy(f"  - {{image: {IMAGE}, strategy: digest, track: edge}}"),),
            ),
        ),
        ("image-not-pinned-to-digest", f"{IMAGE}:1.4.2", Known(digests={f"{IMAGE}:1.4.2": DIGEST})),
        ("public-image-no-credential", f"{IMAGE}:1.4.2", Known(pull_secrets=(PullSecret(ACME, "ghcr"),))),
    ],
)
def test_what_mends_a_finding_leaves_nothing_to_find(rule: str, image: str, known: Known) -> None:
    content = POD.format(image)
    fix = found(rule, content, known=known)[0].fix
    assert fix is not None
    mended = content.encode()[: fix.start] + fix.replacement + content.encode()[fix.end :]
    assert found(rule, mended.decode(), known=known) == []

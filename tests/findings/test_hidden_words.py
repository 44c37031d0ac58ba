"""A workload is looked at however its keys are written, and what is not a definition is not taken for one."""

import pytest

from bot.findings import check
from bot.findings.annotations import annotations_of
from bot.findings.reading_surroundings import surroundings_of
from bot.policies.findings import RegistryPrefix
from bot.policies.rules import Severity
from tests.findings.rules.workloads import findings, manifest

IMAGE = "ghcr.io/acme/app:1.4.2"
ALLOWED = {"image-registry-not-allowed": {"allow": (RegistryPrefix("docker.io"), RegistryPrefix("ghcr.io"))}}
WANTED = dict.fromkeys(("latest-image-tag", "privileged-container", "host-namespace"), Severity.HIGH)
HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n"
CONTAINER = '[{name: app, image: "nginx:latest", securityContext: {privileged: true}}]'
HIDDEN = CONTAINER.replace("image", r'"im\u0061ge"').replace("securityContext", r'"securityC\x6fntext"')
OTHER = HEAD.replace("Pod", "Deployment").replace("v1", "apps/v1") + "  template:\n    spec:\n      hostNetwork: true\n"


def found(text: str, path: str = "web.yaml") -> set[str]:
    return {each.rule for each in check({path: text.encode()}, WANTED)}


@pytest.mark.parametrize(
    "text",
    [
        f'{HEAD}  "contain\\u0065rs": {HIDDEN}\n',
        f'{HEAD}  "contain\\\n    ers": {HIDDEN}\n'.replace('"contain', '? "contain').replace('ers": ', 'ers"\n  : '),
        f"{HEAD}  !!binary Y29udGFpbmVycw==: {CONTAINER}\n".replace("image", "!!binary aW1hZ2U="),
        f"{HEAD}  containers: {CONTAINER}\n".replace("image", "!!binary aW1hZ2U="),
        f"names: [&a containers, &b image, &c securityContext]\n{HEAD}  *a : {CONTAINER}\n".replace(
            "{name: app, image:", "{name: app, *b :"
        ).replace(", securityContext:", ", *c :"),
    ],
)
def test_keys_that_are_written_otherwise_hide_nothing(text: str) -> None:
    assert found(text) == {"latest-image-tag", "privileged-container"}


def test_keys_of_json_that_are_written_with_escapes_hide_nothing() -> None:
    text = (
        r'{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"h\u006fstNetwork": true,'
        r' "contain\u0065rs": [{"name": "app", "im\u0061ge": "nginx:latest"}]}}'
    )
    assert found(text, "web.json") == {"latest-image-tag", "host-namespace"}


@pytest.mark.parametrize(
    "text",
    [
        f"{OTHER}# CustomResourceDefinition\n",
        f"{OTHER}---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {{}}\n",
        OTHER.replace("{name: web}", '\n  name: web\n  annotations:\n    a: "\nkind: CustomResourceDefinition\n"'),
    ],
)
def test_the_name_of_a_definition_hides_nothing(text: str) -> None:
    assert found(text) == {"host-namespace"}


def test_a_service_account_and_an_annotation_are_read_however_they_are_written() -> None:
    account = r'{apiVersion: v1, "kind": "Service\u0041ccount", metadata: {name: build}}'
    waived = HEAD.replace("name: web", r'name: web, annotations: {"ignore.nir\u006f.bot/run-as-root": "needed"}')

    assert surroundings_of("a.yaml", account.encode()).service_accounts
    assert list(annotations_of("a.yaml", waived.encode()).values()) == ["needed"]


@pytest.mark.parametrize(
    ("image", "rule"),
    [
        ("!!binary bmdpbng6bGF0ZXN0", "latest-image-tag"),
        ("!!binary ZXZpbC5leGFtcGxlL3g6MQ==", "image-registry-not-allowed"),
        ("!!binary nginx:1", "invalid-image-reference"),
        ("!!binary nginx", "invalid-image-reference"),
    ],
)
def test_an_image_in_base64_is_judged_as_what_it_encodes(image: str, rule: str) -> None:
    rules = ("latest-image-tag", "invalid-image-reference", "image-registry-not-allowed")

    assert {each for each in rules if findings(each, manifest().replace(IMAGE, image), **ALLOWED.get(each, {}))} == {
        rule
    }


def test_a_path_in_base64_is_judged_as_what_it_encodes() -> None:
    socket = "volumes: [{name: a, hostPath: {path: !!binary L3Zhci9ydW4vZG9ja2VyLnNvY2s=}}]"

    assert findings("docker-socket", manifest(pod=socket))

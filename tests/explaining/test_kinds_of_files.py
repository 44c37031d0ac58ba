"""`niro explain` over one file of each kind: what would be written there, and each thing left alone told once."""

import pytest

from bot.sandbox.registry import SandboxRegistry
from tests.explaining.conftest import IMAGE, Niro, Write, json_of, policies

MARKER = '# {"$imagepolicy": "api%s"}'
WRITTEN = {
    "kustomization.yaml": ("images:\n  - name: IMAGE\n    newTag: 1.4.0\n", [(3, "IMAGE:1.5.0")]),
    "values.yaml": ("api:\n  image: {repository: IMAGE, tag: 1.4.0}\n", [(2, "IMAGE:1.5.0")]),
    "env.yaml": (f"env:\n  V: APP_VERSION=1.4.0 {MARKER % ''}\n", [(2, "APP_VERSION=1.5.0")]),
    "tag.yaml": (f"env:\n  V: 1.4.0 {MARKER % ':tag'}\n", [(2, "1.5.0")]),
    "Dockerfile": ("FROM IMAGE:1.4.0 AS one\nFROM IMAGE:1.4.0 AS two\n", [(1, "IMAGE:1.5.0"), (2, "IMAGE:1.5.0")]),
    "pod.json": (
        '{"kind": "Pod", "spec": {"containers": [{"image": "IMAGE:1.4.0"}, {"image": "IMAGE:1.4.1"}]}}\n',
        [(1, "IMAGE:1.5.0"), (1, "IMAGE:1.5.0")],
    ),
    "shared.yaml": (
        "a: {image: {repository: IMAGE, tag: &t 1.4.0}}\nb: {image: {repository: IMAGE, tag: *t}}\n",
        [(1, "IMAGE:1.5.0")],
    ),
}
ALONE = {
    ".github/workflows/ci.yaml": ("jobs: {test: {container: 'IMAGE:1.4.0'}}\n", [(None, "workflow")]),
    "Dockerfile": ("ARG V=1.4.0\nFROM IMAGE:${V}\nFROM IMAGE:${V}\nFROM nginx:${V}\n", [(1, "alias")]),
    "pod.json": (
        '{"kind": "Pod", "spec": {"containers": [{"image": "IMAGE:1.4.0"}, {"image": "ESCAPED:1.3.0"}]}}\n',
        [(1, "escaped")],
    ),
    "two.json": (
        '{"kind": "Pod", "spec": {"containers": [{"image": "ESCAPED:1.3.0"}, {"image": "IMAGE:${V}"}]}}\n',
        [(1, "escaped"), (1, "no-reference")],
    ),
    "flow.yaml": (
        '{kind: Pod, spec: {containers: [{image: "IMAGE:1.4.0"}, {image: "ESCAPED:1.3.0"}]}}\n',
        [(1, "escaped")],
    ),
    "name.yaml": (f"image:\n  repository: IMAGE {MARKER % ':name'}\n  tag: 1.4.0\n", [(3, "no-tag")]),
    "other.yaml": (f"image: nginx:1.25 {MARKER % ''}\n", [(1, "different-image")]),
    "broken.yaml": ("image: [IMAGE:1.4.0\n", [(2, "broken-yaml")]),
    "old/pod.yaml": ("{kind: Pod, spec: {containers: [{image: 'IMAGE:1.4.0'}]}}\n", [(1, "out-of-paths")]),
}


@pytest.fixture
def explained(niro: Niro, registry: SandboxRegistry, write: Write):
    """Return a function that explains the policy about the image in a folder with one file."""
    image = f"{registry.host}/{IMAGE}"
    escaped = image.replace("acme", "\\u0061cme")

    def explain(path: str, text: str):
        rule = policies(image, range="^1.4.0", update='{paths: ["**", "!old/**"]}')
        write({".niro/policies.yml": rule, path: text.replace("IMAGE", image).replace("ESCAPED", escaped)})
        (policy,) = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))["policies"]
        return policy, image

    return explain


@pytest.mark.parametrize("path", WRITTEN)
def test_what_would_be_written_is_told_in_a_file_of_each_kind(explained, path: str) -> None:
    text, expected = WRITTEN[path]
    policy, image = explained(path, text)
    changes = [(each["line"], each["new"]) for at_tag in policy["standing"] for each in at_tag["changes"]]
    assert changes == [(line, new.replace("IMAGE", image)) for line, new in expected]
    assert policy["left_alone"] == []


@pytest.mark.parametrize("path", ALONE)
def test_what_is_left_alone_is_told_once_with_its_own_reason(explained, path: str) -> None:
    text, expected = ALONE[path]
    policy, _ = explained(path, text)
    assert [(each["line"], each["reason"]) for each in policy["left_alone"]] == expected


def test_a_workflow_is_one_of_the_files_of_a_policy_that_says_so(
    niro: Niro, registry: SandboxRegistry, write: Write
) -> None:
    image = f"{registry.host}/{IMAGE}"
    workflow = f"jobs:\n  test:\n    container: {image}:1.4.0\n"
    write(
        {
            ".niro/policies.yml": policies(image, range="^1.4.0", update="{workflows: true}"),
            ".github/workflows/ci.yaml": workflow,
        }
    )
    (policy,) = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))["policies"]
    changes = [(each["line"], each["new"]) for at_tag in policy["standing"] for each in at_tag["changes"]]
    assert (changes, policy["left_alone"]) == ([(3, f"{image}:1.5.0")], [])

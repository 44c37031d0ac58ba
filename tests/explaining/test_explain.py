"""`niro explain` shows where a policy's images stand in a folder, what would be written there, and what is left."""

import asyncio
from pathlib import Path
from textwrap import dedent

import pytest

from bot.sandbox.registry import SandboxRegistry
from tests.explaining.conftest import IMAGE, Niro, Write, deployment, json_of, policies


def test_each_current_tag_has_its_decision(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    (policy,) = shown["policies"]
    assert [(each["current"], each["decision"]["selected"]["tag"]) for each in policy["standing"]] == [
        ("1.4.0", "1.5.0"),
        ("1.5.0", "1.5.0"),
    ]


def test_what_would_be_written_is_told_with_its_line(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    image = f"{registry.host}/{IMAGE}"
    assert [each["changes"] for each in shown["policies"][0]["standing"]] == [
        [{"path": "deploy/api.yaml", "line": 11, "old": f"{image}:1.4.0", "new": f"{image}:1.5.0"}],
        [],
    ]


def test_a_place_is_told_with_its_object(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    assert shown["policies"][0]["standing"][0]["occurrences"] == [
        {
            "path": "deploy/api.yaml",
            "line": 11,
            "text": f"{registry.host}/{IMAGE}:1.4.0",
            "kind": "Deployment",
            "namespace": "shop",
            "name": "api",
            "container": "server",
            "field": "spec.template.spec.containers[0].image",
            "marker": None,
        }
    ]


def test_every_key_of_the_json_is_there(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    assert list(shown) == ["directory", "name", "at", "policies", "not_read", "problems"]
    assert list(shown["policies"][0]) == [
        "policy",
        "image",
        "tags",
        "standing",
        "left_alone",
        "notes",
        "unread",
        "said",
    ]
    assert list(shown["policies"][0]["standing"][0]) == ["current", "occurrences", "decision", "changes"]


def test_a_manifest_out_of_the_paths_is_told_with_the_reason(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    (alone,) = shown["policies"][0]["left_alone"]
    assert (alone["path"], alone["line"], alone["reason"]) == ("deploy/old/api.yaml", 11, "out-of-paths")


def test_a_digest_beside_a_tag_is_written_with_it(niro: Niro, registry: SandboxRegistry, write: Write) -> None:
    async def push() -> tuple[str, str]:
        return await registry.push("acme/pinned", "1.0.0"), await registry.push("acme/pinned", "1.1.0")

    old, new = asyncio.run(push())
    image = f"{registry.host}/acme/pinned"
    write({".niro/policies.yml": policies(image), "pinned.yaml": deployment(f"{image}:1.0.0@{old}")})
    (policy,) = json_of(niro("explain", ".", "pinned", "--format", "json", host=registry.host))["policies"]
    assert [change["new"] for change in policy["standing"][0]["changes"]] == [f"{image}:1.1.0@{new}"]
    assert policy["left_alone"] == []


def test_a_place_of_another_policy_is_told(niro: Niro, registry: SandboxRegistry, write: Write) -> None:
    image = f"{registry.host}/{IMAGE}"
    text = f"version: 1\nimages:\n  - {{image: '{image}', name: one, update: {{paths: [one/**]}}}}\n"
    write(
        {
            ".niro/policies.yml": text + f"  - {{image: '{image}', name: two, update: {{paths: [two/**]}}}}\n",
            "one/api.yaml": deployment(f"{image}:1.4.0"),
            "two/api.yaml": deployment(f"{image}:1.4.0"),
        }
    )
    (policy,) = json_of(niro("explain", ".", "two", "--format", "json", host=registry.host))["policies"]
    assert [each["path"] for each in policy["standing"][0]["occurrences"]] == ["two/api.yaml"]
    assert policy["left_alone"] == [
        {"path": "one/api.yaml", "line": 11, "reason": "other-policy", "sentence": "it follows the policy one"}
    ]


def test_a_value_that_begins_with_the_image_and_is_no_reference_is_told(
    niro: Niro, registry: SandboxRegistry, shop: Path
) -> None:
    image = f"{registry.host}/{IMAGE}"
    written = (f"{image}:${{VERSION}}", f"{image}-web:${{VERSION}}", f"{image}@sha256:cut-off", "nginx:${VERSION}")
    for number, value in enumerate(written):
        (shop / f"deploy/placeholder{number}.yaml").write_text(deployment(value))
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    told = [each for each in shown["policies"][0]["left_alone"] if each["reason"] == "no-reference"]
    assert [(each["path"], each["line"]) for each in told] == [
        ("deploy/placeholder0.yaml", 11),
        ("deploy/placeholder2.yaml", 11),
    ]
    assert told[0]["sentence"] == f"'{image}:${{VERSION}}' is not an image reference: '${{VERSION}}' cannot be a tag"


@pytest.mark.parametrize("keys", [{"update": "{workflows: true}"}, {"pull_request": "{delivery: commit}"}], ids=str)
def test_of_what_the_running_bot_does_nothing_is_noted(niro: Niro, write: Write, keys: dict[str, str]) -> None:
    write({".niro/policies.yml": policies("ghcr.io/o/app", **keys)})
    (policy,) = json_of(niro("explain", ".", "app", "--format", "json"))["policies"]
    assert policy["notes"] == []


def test_a_template_that_names_the_image_is_told(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    (shop / "deploy/template.yaml").write_text("image: {{ .Values.registry }}/acme/api:{{ .Values.tag }}\n")
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    told = {each["path"]: each["reason"] for each in shown["policies"][0]["left_alone"]}
    assert told["deploy/template.yaml"] == "template"


@pytest.mark.parametrize(
    ("switch", "said"),
    [
        ("    enabled: false\n", "The policy is paused (`enabled: false`): the bot does nothing for it."),
        (
            "enabled: false\n",
            "The policy file is switched off (`enabled: false`): the bot does nothing in this repository.",
        ),
    ],
)
def test_what_is_paused_says_so_and_asks_no_registry(niro: Niro, shop: Path, switch: str, said: str) -> None:
    file = shop / ".niro/policies.yml"
    file.write_text(f"{file.read_text()}\n{switch}")
    shown = niro("explain", ".", "api")
    assert shown.exit_code == 0, shown.stderr
    assert f"\n{said}\n" in shown.stdout
    assert "  deploy/api.yaml:11  Deployment shop/api, container server\n" in shown.stdout


def test_a_policy_that_nothing_follows_says_so_and_asks_no_registry(niro: Niro, write: Write) -> None:
    write({".niro/policies.yml": policies("ghcr.io/o/app")})
    shown = niro("explain", ".", "app")
    assert (shown.exit_code, shown.stdout) == (
        0,
        dedent("""\
            app
              policy    app (.niro/policies.yml:3)
              image     ghcr.io/o/app
              rule      semver, range *

            No manifest here follows this policy.
            """),
    )


def test_the_text_shows_all_of_it(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    lines = niro("explain", ".", "api", host=registry.host).stdout.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "api",
        "At 1.4.0",
        "At 1.5.0",
        "Left alone",
    ]
    assert f"    deploy/api.yaml:11  {registry.host}/{IMAGE}:1.5.0" in lines
    assert "  Nothing would be written." in lines


def test_links_and_other_repositories_are_not_entered(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    image = f"{registry.host}/{IMAGE}"
    (shop / "deploy/link.yaml").symlink_to("api.yaml")
    (shop / "deploy/around").symlink_to("..")
    (shop / "deploy/vendored/.git").mkdir(parents=True)
    (shop / "deploy/vendored/api.yaml").write_text(deployment(f"{image}:1.4.0"))
    shown = json_of(niro("explain", ".", "api", "--format", "json", host=registry.host))
    assert [(each["path"], each["reason"]) for each in shown["not_read"]] == [
        ("deploy/around", "symlink"),
        ("deploy/link.yaml", "symlink"),
        ("deploy/vendored", "other-repository"),
    ]
    assert [each["path"] for each in shown["policies"][0]["standing"][0]["occurrences"]] == ["deploy/api.yaml"]


@pytest.mark.parametrize(("mode", "said"), [("manage", ""), ("report", "; `flux: report`, so nothing is written")])
def test_an_object_of_flux_is_a_policy_where_the_file_says_so(
    niro: Niro, registry: SandboxRegistry, write: Write, mode: str, said: str
) -> None:
    image = f"{registry.host}/{IMAGE}"
    objects = f"""\
        apiVersion: image.toolkit.fluxcd.io/v1
        kind: ImageRepository
        metadata: {{name: api, namespace: apps}}
        spec: {{image: '{image}', interval: 1m}}
        ---
        apiVersion: image.toolkit.fluxcd.io/v1
        kind: ImagePolicy
        metadata: {{name: api, namespace: apps}}
        spec: {{imageRepositoryRef: {{name: api}}, policy: {{semver: {{range: 1.5.x}}}}}}
        ---
        apiVersion: image.toolkit.fluxcd.io/v1
        kind: ImageUpdateAutomation
        metadata: {{name: all, namespace: apps}}
        spec:
          suspend: true
          sourceRef: {{kind: GitRepository, name: source}}
          git: {{checkout: {{ref: {{branch: main}}}}}}
        """
    marked = deployment(f'{image}:1.4.0 # {{"$imagepolicy": "apps:api"}}')
    write({".niro/policies.yml": f"version: 1\nflux: {mode}\n", "flux.yaml": objects, "api.yaml": marked})
    shown = niro("explain", ".", "apps:api", host=registry.host)
    assert f"  policy    an ImagePolicy of Flux{said}\n" in shown.stdout, shown.stderr
    assert "\nThe running bot writes nothing for Flux's objects yet.\n" in shown.stdout
    assert f"    api.yaml:11  {image}:1.5.0\n" in shown.stdout

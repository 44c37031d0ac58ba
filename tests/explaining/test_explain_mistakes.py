"""What `niro explain` says when something cannot be, or is hostile."""

import json
import os
from pathlib import Path

import pytest

from bot.sandbox.registry import SandboxRegistry
from tests.explaining.conftest import IMAGE, Niro, Write, deployment, json_of, policies


def test_hostile_names_cannot_reach_the_terminal(niro: Niro, registry: SandboxRegistry, shop: Path) -> None:
    image = f"{registry.host}/{IMAGE}"
    (shop / "deploy/\x1b[2J\u202enice.yaml").write_text(
        deployment(f"{image}:1.4.0", '"\\e]0;title\\a\\u2066"'),
    )
    Path(os.fsdecode(os.fsencode(shop) + b"/deploy/\xff.yaml")).write_text(deployment(f"{image}:1.4.0"))
    shown = niro("explain", ".", "api", host=registry.host)
    assert shown.exit_code == 0
    assert r"deploy/\x1b[2J\u202enice.yaml:11" in shown.stdout
    assert all(letter.isprintable() for letter in shown.output.replace("\n", ""))


def test_an_image_that_a_glob_leaves_out_is_told(niro: Niro, write: Write) -> None:
    write({".niro/policies.yml": policies("ghcr.io/o/*"), "web.yaml": deployment("ghcr.io/o/web.lock:1.0.0")})
    shown = niro("explain", ".", "*")
    assert shown.exit_code == 0, shown.stderr
    assert "  .niro/policies.yml:3:1: 'ghcr.io/o/web.lock' is left out: its branch " in shown.stdout


def test_a_path_that_is_no_unicode_is_escaped_in_json(niro: Niro, folder: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xff"))
    (odd / ".niro").mkdir(parents=True)
    (odd / ".niro/policies.yml").write_text(policies("ghcr.io/o/app"))
    shown = json_of(niro("explain", odd.name, "app", "--format", "json"))
    assert (shown["directory"], shown["policies"][0]["policy"]["path"]) == (r"\udcff", r"\udcff/.niro/policies.yml")


def test_an_unknown_policy_is_told_with_what_was_meant(niro: Niro, shop: Path) -> None:
    ended = niro("explain", ".", "appi")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == ".niro/policies.yml has no policy appi; did you mean api? its policies are: api\n"


@pytest.mark.parametrize(
    ("directory", "said"),
    [
        (".", ".niro/policies.yml does not exist: without it the bot does nothing here\n"),
        ("none", "none is no folder\n"),
        ("no\x1b[31m", "no\\x1b[31m is no folder\n"),
    ],
)
def test_a_folder_that_cannot_be_explained_ends_with_two(niro: Niro, directory: str, said: str) -> None:
    ended = niro("explain", directory, "api")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (2, "", said)


def test_a_registry_that_is_down_ends_with_one_and_shows_what_stands(
    niro: Niro, registry: SandboxRegistry, shop: Path
) -> None:
    ended = niro("explain", ".", "api")
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"{registry.host}: ")
    assert f"\nNothing is decided: {ended.stderr}" in ended.stdout
    assert "  deploy/api.yaml:11  Deployment shop/api, container server\n" in ended.stdout


def test_one_image_that_cannot_be_read_leaves_the_others_explained(
    niro: Niro, registry: SandboxRegistry, write: Write
) -> None:
    write(
        {
            ".niro/policies.yml": policies(f"{registry.host}/acme/*"),
            "gone.yaml": deployment(f"{registry.host}/acme/aaa:1.0.0"),
            "api.yaml": deployment(f"{registry.host}/{IMAGE}:1.4.0"),
        }
    )
    ended = niro("explain", ".", "*", "--format", "json", host=registry.host)
    gone, api = json.loads(ended.stdout)["policies"]
    assert (ended.exit_code, ended.stderr) == (1, f"{gone['unread']}\n")
    assert gone["unread"].startswith(f"{registry.host}: has no repository acme/aaa")
    assert (gone["standing"][0]["decision"], gone["tags"], api["unread"]) == (None, None, None)
    assert api["standing"][0]["decision"]["selected"]["tag"] == "2.0.0"

"""What `niro tags` says when something cannot be: the caller's mistakes end with two, a registry's with one."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from bot.sandbox.registry import SandboxRegistry
from tests.explaining.conftest import IMAGE, Niro, Write, policies
from tests.registries.scripted import Reply, ScriptedServer


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ghcr.io/O/app"], "'ghcr.io/O/app' is not an image reference: a repository is written in lower case"),
        (["a/b\x1b[31m"], r"'a/b\x1b[31m' is not an image reference"),
        (["a/b", "--current", "x/y"], "'a/b:x/y' is not an image reference"),
        (["a/b", "--current", "-x"], "'a/b:-x' is not an image reference: '-x' cannot be a tag"),
        (["a/b:1", "--current", "2"], "it names a tag already"),
        (["a/b", "--policy", "none.yml"], "none.yml cannot be read: No such file or directory"),
        (["a/b", "--name", "foo"], "--name foo names a policy, but there is no .niro/policies.yml here; see --policy"),
        (["a/b", "--policy", "."], ". cannot be read: Is a directory"),
    ],
)
def test_what_the_caller_got_wrong_ends_with_two(niro: Niro, arguments: list[str], said: str) -> None:
    ended = niro("tags", *arguments)
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert ended.stdout == ""


def test_a_policy_file_with_problems_is_told_line_by_line(niro: Niro, write: Write) -> None:
    write({"bad.yml": "version: 1\nimages:\n  - image: ghcr.io/o/app\n    rage: 1\n    enabled: perhaps\n"})
    ended = niro("tags", "ghcr.io/o/app", "--policy", "bad.yml")
    assert ended.exit_code == 2
    assert [line.partition(": ")[0] for line in ended.stderr.splitlines()] == ["bad.yml:4:5", "bad.yml:5:14"]
    assert ended.stdout == ""


def test_a_policy_file_that_is_no_text_is_told(niro: Niro, folder: Path) -> None:
    (folder / "binary.yml").write_bytes(b"\xff\xfe")
    assert niro("tags", "a/b", "--policy", "binary.yml").stderr == "binary.yml cannot be read: it is not UTF-8\n"


def test_an_image_without_a_policy_is_told_with_those_that_have_one(niro: Niro, write: Write) -> None:
    write({".niro/policies.yml": policies("ghcr.io/o/app", "nginx")})
    ended = niro("tags", "ghcr.io/o/other")
    assert ended.exit_code == 2
    assert ended.stderr == (
        ".niro/policies.yml has no policy about ghcr.io/o/other; its images are: ghcr.io/o/app, nginx\n"
    )


def test_a_registry_that_is_down_ends_with_one(niro: Niro) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        ended = niro("tags", f"{host}/a/b", "--format", "json", host=host)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{host}: could not be reached: Connection refused")
    assert len(ended.stderr.splitlines()) == 1


def test_an_image_that_is_not_there_ends_with_one(niro: Niro, registry: SandboxRegistry) -> None:
    ended = niro("tags", f"{registry.host}/acme/none", host=registry.host)
    assert ended.exit_code == 1
    assert "has no repository acme/none" in ended.stderr
    assert "without a credential" in ended.stderr


def test_an_address_that_the_settings_do_not_allow_is_not_reached(niro: Niro, registry: SandboxRegistry) -> None:
    ended = niro("tags", f"{registry.host}/{IMAGE}", host=registry.host, NIRO_PRIVATE_NETWORKS="")
    assert ended.exit_code == 1
    assert "NIRO_PRIVATE_NETWORKS" in ended.stderr


async def test_a_hostile_list_of_tags_cannot_reach_the_terminal(niro: Niro) -> None:
    server = ScriptedServer()
    runner = await server.start()
    names = ["1.0.0", "\x1b[2J1.1.0", "1.2.0\n\rfree text", "1.3.0\u202e", "../../etc", "a" * 200]
    server.on("/v2/a/b/tags/list", Reply(body={"name": "a/b", "tags": names}))
    shown = await asyncio.to_thread(niro, "tags", f"{server.host}/a/b", host=server.host)
    await runner.cleanup()
    assert shown.exit_code == 0
    assert "  tags      1\n" in shown.stdout
    assert all(letter.isprintable() for letter in shown.output.replace("\n", ""))


async def test_what_a_registry_writes_into_an_error_is_not_repeated(niro: Niro) -> None:
    server = ScriptedServer()
    runner = await server.start()
    server.on("/v2/a/b/tags/list", Reply(status=403, body=json.dumps({"errors": [{"code": "\x1b[31m token=hunter2"}]})))
    ended = await asyncio.to_thread(niro, "tags", f"{server.host}/a/b", host=server.host)
    await runner.cleanup()
    assert ended.exit_code == 1
    assert "\x1b" not in ended.stderr
    assert "hunter2" not in ended.stderr

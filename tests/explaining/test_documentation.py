"""The page about the command line shows what the commands really write."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from bot.cli import commands
from bot.sandbox.registry import SandboxRegistry
from tests.explaining.conftest import IMAGE, Niro, Write, deployment, json_of

PAGE = (Path(__file__).parents[2] / "docs/command-line.md").read_text()
HOST = "ghcr.io"
EXAMPLE = re.compile(r"^<!-- example -->\n```console\n\$ niro (?P<words>.+)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)
POLICY_FILE = re.compile(r"^<!-- policy file -->\n```yaml\n(?P<text>(?:.*\n)*?)```$", re.MULTILINE)
EXAMPLES = [pytest.param(found["words"], found["output"], id=found["words"]) for found in EXAMPLE.finditer(PAGE)]


@pytest.fixture
def shop(registry: SandboxRegistry, write: Write) -> Path:
    """The folder of the examples; where the page writes ghcr.io, the registry of the tests stands."""
    found = POLICY_FILE.search(PAGE)
    assert found is not None
    image = f"{registry.host}/{IMAGE}"
    return write(
        {
            ".niro/policies.yml": found["text"].replace(HOST, registry.host),
            "deploy/api.yaml": deployment(f"{image}:1.4.0"),
            "deploy/jobs/report.yaml": deployment(f"{image}:1.4.0", "report"),
            "deploy/old/api.yaml": deployment(f"{image}:1.4.0"),
        }
    )


@pytest.mark.parametrize(("words", "output"), EXAMPLES)
def test_an_example_shows_what_is_written(
    niro: Niro, registry: SandboxRegistry, shop: Path, words: str, output: str
) -> None:
    shown = niro(*words.replace(HOST, registry.host).split(), host=registry.host, COLUMNS="80")
    assert shown.exit_code == 0
    assert shown.stdout.replace(registry.host, HOST) == output


def test_every_command_has_a_row() -> None:
    rows = re.findall(r"^\| `niro ([a-z ]+)", PAGE, re.MULTILINE)
    assert {row.strip() for row in rows} == set(_leaves(commands))


@pytest.mark.parametrize("words", [["tags", f"{HOST}/{IMAGE}:1.4.0"], ["explain", ".", "api"]])
def test_every_key_of_the_json_is_documented(
    niro: Niro, registry: SandboxRegistry, shop: Path, words: list[str]
) -> None:
    arguments = [word.replace(HOST, registry.host) for word in words]
    shown = json_of(niro(*arguments, "--format", "json", host=registry.host))
    assert {key for key in _keys(shown) if f"`{key}`" not in PAGE} == set()


def _leaves(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(inner)

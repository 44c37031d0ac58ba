"""The page about the command line shows what the commands really write."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from bot.cli import commands
from bot.sandbox.registry import SandboxRegistry
from bot.selection import RestrictionKind
from tests.explaining.conftest import IMAGE, Niro, Write, deployment, json_of
from tests.explaining.said_there import THEN, bump, note, order, restriction, say_there

PAGE = (Path(__file__).parents[2] / "docs/command-line.md").read_text()
HOST = "ghcr.io"
EXAMPLE = re.compile(r"^<!-- example -->\n```console\n\$ niro (?P<words>.+)\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE)
END = re.compile(
    r"^<!-- end of an example -->\n```console\n\$ niro (?P<words>.+)\n\.\.\.\n(?P<output>(?:.*\n)*?)```$", re.MULTILINE
)
POLICY_FILE = re.compile(r"^<!-- policy file -->\n```yaml\n(?P<text>(?:.*\n)*?)```$", re.MULTILINE)
SAID = (
    bump(),
    note(sentence="It waits until one of the 5 open pull requests is closed."),
    restriction(tag="1.5.0", reason="It crashes with the old database."),
    restriction(RestrictionKind.HOLD, beyond="1.4.1", by="hubot", source="revert", at=THEN + timedelta(seconds=1)),
    order(),
)
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


def test_an_example_of_what_was_said_shows_the_end_of_what_is_written(
    niro: Niro, registry: SandboxRegistry, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    example = END.search(PAGE)
    assert example is not None
    settings = {"COLUMNS": "80", "NIRO_DATABASE_URL": say_there(tmp_path_factory.mktemp("store") / "niro.db", *SAID)}
    shown = niro(*example["words"].split(), host=registry.host, **settings)
    assert shown.exit_code == 0
    assert shown.stdout.endswith(f"\n\n{example['output']}")


def test_every_command_has_a_row() -> None:
    rows = re.findall(r"^\| `niro ([a-z ]+)", PAGE, re.MULTILINE)
    assert {row.strip() for row in rows} == set(_leaves(commands))


@pytest.mark.parametrize(
    "words", [["tags", f"{HOST}/{IMAGE}:1.4.0"], ["explain", ".", "api", "--repository", "acme/shop"]]
)
def test_every_key_of_the_json_is_documented(
    niro: Niro, registry: SandboxRegistry, shop: Path, tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    arguments = [word.replace(HOST, registry.host) for word in words]
    url = say_there(tmp_path_factory.mktemp("store") / "niro.db", *SAID)
    shown = json_of(niro(*arguments, "--format", "json", host=registry.host, NIRO_DATABASE_URL=url))
    assert {key for key in _keys(shown) if f"`{key}`" not in PAGE} == set()


def _leaves(group: click.Group, before: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(inner)

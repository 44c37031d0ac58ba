"""The number of an installation is one that the database holds, in every command that takes one."""

import pytest

from tests.cli.conftest import KEYS, run

COMMANDS = [
    ("registries", "add", "ours", "--host", "ghcr.io", "--username", "robot", "--repository", "acme/api"),
    ("registries", "verify", "ours", "--repository", "acme/api"),
    ("registries", "rotate", "ours", "--repository", "acme/api"),
    ("registries", "remove", "ours", "--yes"),
    ("registries", "list"),
    ("hooks", "add", "dockerhub"),
    ("hooks", "list"),
]


@pytest.mark.parametrize("number", ["-5", "0", str(2**63), "9" * 23, "9" * 5000, "1.5", "acme"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_what_is_no_number_of_an_installation_ends_every_command(command: tuple[str, ...], number: str) -> None:
    ended = run(*command, "--installation", number, NIRO_KEYS=KEYS)
    assert ended.exit_code == 2
    assert "Invalid value for '--installation'" in ended.stderr


@pytest.mark.parametrize("number", ["1", str(2**63 - 1)])
def test_the_least_and_the_largest_are_taken(number: str) -> None:
    assert run("hooks", "add", "dockerhub", "--installation", number, NIRO_KEYS=KEYS).exit_code == 0
    assert f"installation  {number}\n" in run("hooks", "list", "--installation", number).stdout

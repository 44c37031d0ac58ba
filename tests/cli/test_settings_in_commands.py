"""Every command says in one line which setting cannot be, and shows no secret."""

import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import run, start
from tests.test_settings import APP, PEM


def start_worker(**settings: str) -> tuple[int, str]:
    """Start what sets up the logs before it opens the database."""
    return start("worker", **settings)


def list_hooks(**settings: str) -> tuple[int, str]:
    ended = run("hooks", "list", **settings)
    return ended.exit_code, ended.output


def test_settings_are_listed_with_their_meaning() -> None:
    lines = run("settings", NIRO_SLOTS="5").stdout.splitlines()
    assert lines[lines.index("NIRO_SLOTS=5") + 1] == "    How many pieces of work run at once in this process."
    assert "NIRO_SETTINGS_FILE=niro.env" in lines


def test_settings_are_listed_without_secrets() -> None:
    database = "postgresql://niro:hunter2@db/niro"
    shown = run("settings", NIRO_DATABASE_URL=database, **APP).output
    assert "NIRO_DATABASE_URL=postgresql://niro:[hidden]@db/niro" in shown
    assert "NIRO_WEBHOOK_SECRET=[hidden]" in shown
    for secret in ("hunter2", "hook secret", *PEM.splitlines()):
        assert secret not in shown


@pytest.mark.parametrize(
    "command",
    [
        ["serve"],
        ["worker"],
        ["settings"],
        ["hooks", "add", "dockerhub", "--installation", "1"],
        ["tags", "nginx"],
        ["explain", ".", "nginx"],
    ],
)
def test_a_bad_setting_ends_every_command_with_one_line(command: list[str]) -> None:
    ended = run(*command, NIRO_SLOTS="0")
    assert (ended.exit_code, ended.output) == (2, "NIRO_SLOTS: Input should be greater than or equal to 1\n")


def test_each_bad_setting_has_a_line() -> None:
    ended = run("settings", NIRO_SLOTS="many", NIRO_LOG_LEVEL="loud")
    assert ended.exit_code == 2
    assert [line.partition(":")[0] for line in ended.output.splitlines()] == ["NIRO_SLOTS", "NIRO_LOG_LEVEL"]


def test_a_bad_secret_is_not_repeated() -> None:
    ended = run("settings", **APP | {"NIRO_PRIVATE_KEY": "not-a-key-at-all"})
    assert (ended.exit_code, ended.output) == (
        2,
        "NIRO_PRIVATE_KEY is no private key in PEM, or a part of it is missing\n",
    )


@pytest.mark.parametrize(
    ("command", "url"),
    [
        (start_worker, "mysql://niro:hunter2@db/niro"),
        (list_hooks, "mysql://niro:hunter2@db/niro"),
        (list_hooks, "sqlite://"),
        (list_hooks, "nonsense"),
    ],
)
def test_a_database_that_cannot_be_ends_with_one_line(command: Callable[..., tuple[int, str]], url: str) -> None:
    code, said = command(NIRO_DATABASE_URL=url)
    assert code == 2
    assert re.fullmatch(r"NIRO_DATABASE_URL: [^\n]+\n", said)
    assert "hunter2" not in said


def test_a_settings_file_that_is_no_text_ends_with_one_line(folder: Path) -> None:
    (folder / "niro.env").write_bytes(b"NIRO_SLOTS=\xff\xfe\n")
    ended = run("settings")
    assert (ended.exit_code, ended.output) == (2, "the settings file niro.env cannot be read: it is not UTF-8\n")


def test_a_port_that_is_taken_ends_with_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = start("serve", NIRO_BIND=f"127.0.0.1:{taken.getsockname()[1]}")
    assert code == 1
    assert "address already in use" in said
    assert len(said.splitlines()) == 1

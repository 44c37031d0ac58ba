"""The command line says what is wrong in one line, shows no secret, and hands out a hook's address once."""

import asyncio
import hashlib
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import commands
from bot.store import Hook, Store
from tests.test_settings import APP, PEM


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment without settings, in an empty folder."""
    for name in [name for name in os.environ if name.startswith("NIRO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(commands, arguments, env=settings)


def start(*arguments: str, **settings: str) -> tuple[int, str]:
    """Run a command in a process of its own, as those do that set up the logs; returns its code and all it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)} | settings,
    )
    return ended.returncode, ended.stdout


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
    assert start(*command, NIRO_SLOTS="0") == (2, "NIRO_SLOTS: Input should be greater than or equal to 1\n")


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


@pytest.mark.parametrize("url", ["mysql://niro:hunter2@db/niro", "sqlite://", "nonsense"])
def test_a_database_that_cannot_be_ends_with_one_line(url: str) -> None:
    code, said = start("worker", NIRO_DATABASE_URL=url)
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


def kept_hook(folder: Path, identifier: str) -> tuple[Hook, bytes] | None:
    async def get() -> tuple[Hook, bytes] | None:
        async with await Store.open(f"sqlite:///{folder / 'niro.db'}") as store:
            return await store.hooks.get(identifier)

    return asyncio.run(get())


def test_a_new_hook_is_shown_once_and_only_its_hash_is_kept(folder: Path) -> None:
    added = run("hooks", "add", "dockerhub", "--installation", "7", NIRO_PUBLIC_URL="https://niro.example/")
    shown = re.fullmatch(r"https://niro\.example/hooks/dockerhub/([\w-]{12})/([\w-]{43})\n", added.stdout)
    assert shown is not None, added.output
    identifier, secret = shown.groups()
    assert kept_hook(folder, identifier) == (
        Hook(identifier, "dockerhub", 7, "docker.io", ""),
        hashlib.sha256(secret.encode()).digest(),
    )
    assert all(secret.encode() not in file.read_bytes() for file in folder.iterdir())


def test_two_hooks_have_nothing_in_common() -> None:
    addresses = [run("hooks", "add", "dockerhub", "--installation", "7").stdout.split("/") for _ in range(2)]
    assert addresses[0][-2:] != addresses[1][-2:]


def test_a_hook_of_an_unknown_kind_is_refused(folder: Path) -> None:
    ended = run("hooks", "add", "quay", "--installation", "7")
    assert ended.exit_code == 2
    assert "dockerhub" in ended.output
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", [[], ["tags"], ["explain"], ["hooks"], ["settings"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    ended = run(*command, "--help")
    assert ended.exit_code == 0
    assert max(map(len, ended.output.splitlines())) <= 80

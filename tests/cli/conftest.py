"""The command line as people use it: in an empty folder, and with no settings but those that a test gives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import commands

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment without settings, in an empty folder."""
    for name in [name for name in os.environ if name.startswith("NIRO_") or name == "COLUMNS"]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, entered: str | None = None, **settings: str) -> Result:
    """Run a command in this process; `entered` is its standard input."""
    return CliRunner().invoke(commands, arguments, env=settings, input=entered)


def start(*arguments: str, **settings: str) -> tuple[int, str]:
    """Run a command in a process of its own, as those do that set up the logs; returns its code and all it said."""
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
    )
    return ended.returncode, ended.stdout

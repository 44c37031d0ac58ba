"""A folder to check, with or without git, and the command line to ask."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import commands

Niro = Callable[..., Result]
Write = Callable[[Mapping[str, str]], Path]

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop}}
spec:
  containers:
    - name: app
      image: {image}
"""
LONG = 600.0
"""After how many seconds a command may tell that it takes long: a busy machine has no part in what it says."""
ONLY_TAGS = "version: 1\nfindings:\n  rules:\n    latest-image-tag: high\n"


def pod(image: str = "nginx:1.27", name: str = "app") -> str:
    """A manifest with one pod."""
    return POD.format(image=image, name=name)


class Repository:
    """A checkout with a person who commits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *words: str) -> str:
        """Run git as the person would."""
        who = ("-c", "user.name=octocat", "-c", "user.email=octocat@example.com", "-c", "commit.gpgsign=false")
        ended = subprocess.run(["git", *who, *words], cwd=self.folder, check=True, capture_output=True, text=True)
        return ended.stdout.strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files, or take away those that are None."""
        for path, content in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                place.unlink()
            else:
                place.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: Mapping[str, str | bytes | None], message: str = "Change manifests") -> str:
        """Write files and commit all that stands there; returns the commit."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the commands run without any setting."""
    for name in [name for name in os.environ if name.startswith(("NIRO_", "GIT_")) or name == "COLUMNS"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr("bot.explaining.ELSEWHERE", LONG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def niro() -> Niro:
    """Run `niro check` in this process."""
    return lambda *words, **settings: CliRunner().invoke(commands, ("check", *words), env=settings)


@pytest.fixture
def files(folder: Path) -> Repository:
    """A folder without git; a file can be written into it."""
    return Repository(folder)


@pytest.fixture
def repository(files: Repository) -> Repository:
    """A checkout on the branch `main`, with nothing in it yet."""
    files.git("init", "--quiet", "--initial-branch=main")
    return files

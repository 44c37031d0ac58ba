"""A real registry with one image in many tags, a folder to work in, and the command line to ask."""

import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import pytest_asyncio
from click.testing import CliRunner, Result

from bot.cli import commands
from bot.sandbox.registry import SandboxRegistry

BOTH = ("linux/amd64", "linux/arm64")
TAGS = {
    "1.4.0": BOTH,
    "1.4.1": BOTH,
    "1.5.0": BOTH,
    "1.6.0": ("linux/amd64",),
    "2.0.0": BOTH,
    "latest": BOTH,
}
IMAGE = "acme/api"
LONG = 600.0
"""After how many seconds a command may tell that it takes long: a busy machine has no part in what it says."""

Niro = Callable[..., Result]
Write = Callable[[Mapping[str, str]], Path]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A registry with `acme/api` in six tags, one of them for one platform only."""
    running = await SandboxRegistry.start(tmp_path_factory.mktemp("registry"))
    for tag, platforms in TAGS.items():
        await running.push(IMAGE, tag, platforms)
    yield running
    await running.stop()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the commands run without any setting."""
    for name in [name for name in os.environ if name.startswith("NIRO_") or name == "COLUMNS"]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("bot.explaining.ELSEWHERE", LONG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def niro(folder: Path) -> Niro:
    """Run a command that may speak plain HTTP to a host on this machine."""

    def run(*arguments: str, host: str = "", **settings: str) -> Result:
        allowed = {"NIRO_INSECURE_REGISTRIES": host, "NIRO_PRIVATE_NETWORKS": "*:*=127.0.0.0/8"}
        return CliRunner().invoke(commands, arguments, env=allowed | settings)

    return run


@pytest.fixture
def write(folder: Path) -> Write:
    """Write files into the folder, by their paths; returns the folder."""

    def write_all(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(dedent(text))
        return folder

    return write_all


@pytest.fixture
def shop(registry: SandboxRegistry, write: Write) -> Path:
    """A folder with one policy, followed by two manifests, and one that its paths leave out."""
    image = f"{registry.host}/{IMAGE}"
    return write(
        {
            ".niro/policies.yml": policies(image, range="^1.4.0", update='{paths: ["deploy/**", "!deploy/old/**"]}'),
            "deploy/api.yaml": deployment(f"{image}:1.4.0"),
            "deploy/report.yaml": deployment(f"{image}:1.5.0", "report"),
            "deploy/old/api.yaml": deployment(f"{image}:1.3.0"),
            "deploy/web.yaml": deployment("nginx:1.25"),
        }
    )


def policies(*images: str, **keys: str) -> str:
    """Write a policy file with a policy for each image, all with the same keys."""
    lines = [f"    {key.replace('_', '-')}: {value}" for key, value in keys.items()]
    return "\n".join(["version: 1", "images:", *(line for image in images for line in (f"  - image: {image}", *lines))])


def deployment(image: str, name: str = "api") -> str:
    """Write a manifest whose line 11 holds an image."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: server
          image: {image}
"""


def json_of(result: Result) -> Any:
    """Read the one object on standard output of a command that ended well."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)

"""A command reads only the files that it needs: whoever runs `niro check` before each commit does not wait long."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("aiohttp", "sqlalchemy", "pydantic_settings", "structlog", "bot.flows", "bot.registries", "bot.store")
SCRIPT = """
import sys
from bot.cli import commands
commands({words!r}, standalone_mode=False)
print(*(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["check", ".", "--fail-on", "never"], ["check", "--help"]], ids=" ".join)
def test_it_loads_neither_registries_nor_the_store(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "app.yaml").write_text("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: nginx}]}\n")
    script = SCRIPT.format(words=words, heavy=HEAVY)
    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ended.stderr == "\n"

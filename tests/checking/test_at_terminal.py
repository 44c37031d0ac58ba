"""At a terminal severities are in colour, unless somebody asked for none; hostile files end nothing."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checking.conftest import Niro, Repository, pod

ROOT = Path(__file__).parents[2]
RED = b"\x1b[31mhigh"
ESCAPE = b"\x1b"


def shown_at_terminal(folder: Path, **settings: str) -> bytes:
    """Run the command with a terminal for its output; returns all that the terminal shows."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "bot", "check", ".", "--fail-on", "never"]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"PYTHONPATH": str(ROOT)} | settings
    process = subprocess.Popen(words, cwd=folder, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while more := os.read(ours, 65536):
            shown += more
    except OSError:
        pass
    os.close(ours)
    assert process.wait(timeout=120) == 0
    return shown


def test_severities_are_coloured(files: Repository) -> None:
    files.write({"app.yaml": pod("nginx")})
    assert RED in shown_at_terminal(files.folder)


def test_nobody_who_wants_no_colour_gets_one(files: Repository) -> None:
    files.write({"app.yaml": pod("nginx")})
    assert ESCAPE not in shown_at_terminal(files.folder, NO_COLOR="1")


def test_what_is_no_terminal_gets_no_colour(niro: Niro, files: Repository) -> None:
    files.write({"app.yaml": pod("nginx")})
    assert "\x1b" not in niro(".").stdout


LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)) + "image: nginx\n"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00image: nginx",
        b"\x00" * 1000 + b"image: nginx",
        b"image: nginx\n" + b"[" * 100_000,
        LAUGHS.encode(),
        pod('"\\x1b[2J\\u202e\\n::error::"').encode(),
        pod("nginx", '"\\x1b]0;title\\x07"').encode(),
        b"\xef\xbb\xbf" + pod("nginx").replace("\n", "\r\n").encode(),
    ],
    ids=["UTF-16", "binary", "deep", "laughs", "controls in an image", "controls in a name", "BOM"],
)
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_hostile_files_end_nothing(niro: Niro, files: Repository, content: bytes, form: str) -> None:
    files.write({"hostile.yaml": content, "app.yaml": pod("nginx")})
    shown = niro(".", "--format", form, "--fail-on", "never")
    assert shown.exit_code == 0
    assert "latest-image-tag" in shown.stdout
    assert not set(shown.stdout) & set("\x1b\x07\u202e\r\0")

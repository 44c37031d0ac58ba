"""The peer in editing manifests: setters by kyaml in Go, as Flux moves images."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.table import LeftOut

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = Path(__file__).with_name("kyaml")
PROGRAM = Path(__file__).resolve().parents[1] / ".parts" / "kyaml" / "setters"
LONGEST_BUILD_SECONDS = 900


def build() -> None:
    """Let Go build the peer into the cache, once for each version of its source. Raises LeftOut when it cannot."""
    if not shutil.which("go"):
        raise LeftOut("go is not installed")
    if PROGRAM.exists() and PROGRAM.stat().st_mtime >= max(file.stat().st_mtime for file in SOURCE.iterdir()):
        return
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    command = ["go", "build", "-o", str(PROGRAM), "."]
    try:
        subprocess.run(command, cwd=SOURCE, check=True, capture_output=True, text=True, timeout=LONGEST_BUILD_SECONDS)
    except subprocess.TimeoutExpired as problem:
        raise LeftOut("go took too long to build kyaml") from problem
    except subprocess.CalledProcessError as problem:
        raise LeftOut(f"go could not build kyaml: {problem.stderr.strip()[-200:]}") from problem


def seconds_to_move(files: Mapping[str, bytes], policy: str, image: str, tag: str) -> tuple[float, int]:
    """Move a marked image by kyaml, on one core; give the seconds of CPU and the number of changed files.

    The files are read before the time begins, and nothing is written to the disk.
    """
    with TemporaryDirectory() as folder:
        for path, content in files.items():
            place = Path(folder) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        command = [str(PROGRAM), folder, policy, image, tag]
        answer = subprocess.run(
            command, env={**os.environ, "GOMAXPROCS": "1"}, check=True, capture_output=True, text=True
        ).stdout
    seconds, changed = answer.split()
    return float(seconds), int(changed)

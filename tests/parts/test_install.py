"""A part that was only unpacked counts when it runs, and finds the libraries that were unpacked beside it."""

import os
from pathlib import Path

import pytest

from tests.parts import install

LIBRARIES = "usr/lib/x86_64-linux-gnu"


@pytest.fixture
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of unpacked parts, on a machine that has no such program installed."""
    folder = tmp_path / "parts"
    monkeypatch.setattr(install, "PRIVATE", folder)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    (folder / "usr/bin").mkdir(parents=True)
    (folder / LIBRARIES).mkdir(parents=True)
    return folder


def program(folder: Path, script: str, name: str = "skopeo") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_an_unpacked_program_finds_the_libraries_beside_it(unpacked: Path) -> None:
    found = program(unpacked / "usr/bin", f'test "$LD_LIBRARY_PATH" = "{unpacked / LIBRARIES}"')
    assert install.find_skopeo() == found


def test_an_unpacked_program_that_lacks_a_library_is_not_there(unpacked: Path) -> None:
    program(unpacked / "usr/bin", "exit 127")
    assert install.find_skopeo() is None


def test_a_program_in_path_runs_as_it_does_everywhere(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = program(unpacked.parent, "exit 0")
    monkeypatch.setenv("PATH", str(installed.parent))
    assert install.find_skopeo() == installed
    assert install.environment_of(installed) == dict(os.environ)


def test_what_is_not_there_and_cannot_be_fetched_is_told_in_one_line(
    unpacked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install.main(["skopeo"]) == 1
    assert capsys.readouterr().err == (
        "Install what is missing, then run this again: apt-get install skopeo "
        "(there is no apt-get here: use this system's own packages)\n"
    )


@pytest.mark.usefixtures("unpacked")
def test_a_registry_that_go_would_build_is_left_out_without_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert install.main(["other-registry"]) == 0
    assert capsys.readouterr().out == "other-registry: left out, there is no go here to build it\n"

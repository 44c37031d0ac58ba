"""The action and the hook call the command with words that it takes."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.checking import check
from tests.checking.conftest import Niro, Repository, pod

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / ".github/actions/check/action.yml").read_text())
HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
STEP: dict[str, Any] = ACTION["runs"]["steps"][-1]


def run_step(folder: Path, **given: str) -> list[str]:
    """Run the last step of the action with a program that only tells its words; returns them, a line each."""
    told = folder / "told"
    niro = folder / "niro"
    niro.write_text(f'#!/bin/sh\necho "$*" >> {told}\n')
    niro.chmod(0o755)
    defaults = {name.upper().replace("-", "_"): "" for name in ACTION["inputs"]}
    environment = {
        **defaults,
        "DIRECTORY": ".",
        "FAIL_ON": "medium",
        "NIRO": str(niro),
        "PATH": "/usr/bin:/bin",
    } | given
    subprocess.run(["bash", "-e", "-c", STEP["run"]], check=True, cwd=folder, env=environment)
    return told.read_text().splitlines()


def test_the_action_hands_its_inputs_over_by_the_environment() -> None:
    assert not re.search(r"\$\{\{", "".join(step.get("run", "") for step in ACTION["runs"]["steps"]))
    used = re.findall(r"inputs\.([a-z-]+)", "".join(STEP["env"].values()))
    assert sorted(used) == sorted(ACTION["inputs"])


def test_the_action_leaves_the_python_of_later_steps_alone() -> None:
    python, install = ACTION["runs"]["steps"][:2]
    assert python["with"]["update-environment"] is False
    assert install["env"]["PYTHON"] == f"${{{{ steps.{python['id']}.outputs.python-path }}}}"
    assert install["run"].startswith('"$PYTHON" -m venv')


def test_the_action_checks_all_where_there_is_no_base(folder: Path) -> None:
    assert run_step(folder) == ["check --fail-on medium --format github -- ."]


def test_the_action_hands_over_what_is_given(folder: Path) -> None:
    words = run_step(folder, BASE="abc", POLICY="p.yml", SARIF_FILE="out", DIRECTORY="deploy", FAIL_ON="high")
    assert words == [
        "check --fail-on high --base abc --policy p.yml --fail-on never --format sarif -- deploy",
        "check --fail-on high --base abc --policy p.yml --format github -- deploy",
    ]


@pytest.mark.parametrize("word", ["--fail-on", "--base", "--policy", "--format"])
def test_every_option_of_the_action_is_one_of_the_command(word: str) -> None:
    assert word in {option for parameter in check.params for option in parameter.opts}


def test_the_hook_finds_what_a_commit_would_bring(niro: Niro, repository: Repository) -> None:
    repository.commit({"old.yaml": pod("nginx")})
    repository.write({"new.yaml": pod("nginx", "new")})
    repository.git("add", "--all")
    repository.write({"untracked.yaml": pod("nginx", "untracked")})
    shown = niro(*HOOK["args"])
    assert HOOK["entry"] == "niro check"
    assert shown.exit_code == 1
    assert "new.yaml" in shown.stdout
    assert "old.yaml" not in shown.stdout
    assert "untracked.yaml" not in shown.stdout


@pytest.mark.parametrize("path", ["app.yaml", "a/values.yml", "pods.json", "Dockerfile", "web/app.Dockerfile"])
def test_the_hook_runs_for_manifests(path: str) -> None:
    assert re.search(HOOK["files"], path)

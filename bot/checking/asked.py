"""From the words of `niro check` to what it writes: read the files, ask the rules, and put it into a form."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from bot.checking.checkout import HEAD, base_of, changed_since, whole
from bot.checking.git import Git
from bot.checking.json_form import outcome_as_json
from bot.checking.outcome import outcome_of
from bot.checking.policy import policy_of
from bot.checking.sarif_form import outcome_as_sarif
from bot.checking.text_form import Look, outcome_as_text
from bot.checking.workflow_commands import outcome_as_workflow_commands
from bot.explaining.mistakes import Mistake
from bot.explaining.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.checking.checkout import Base, Checkout
    from bot.checking.outcome import Outcome
    from bot.policies.rules import Severity


class Form(StrEnum):
    """How the command writes what it found out."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """The words of `niro check`. `fail_on` None: no finding makes it fail. `staged`: the index is checked."""

    directory: str
    base: str | None = None
    form: Form = Form.TEXT
    fail_on: Severity | None = None
    policy_path: str | None = None
    staged: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What the command writes, whether a finding is severe enough to fail, and what to say beside the answer."""

    text: str
    failed: bool
    notes: tuple[str, ...] = ()


def check_folder(asked: CheckAsked, today: date, doing: Callable[[str], None], look: Look) -> Checked:
    """Check the manifests in a folder, or what changed in it. `today` is the day in UTC. Raises Mistake."""
    root = Path(asked.directory)
    if not root.is_dir():
        raise Mistake(f"{shown(asked.directory)} is no folder")
    revision = HEAD if asked.staged and asked.base is None else asked.base
    git = Git(root)
    base = None if revision is None else base_of(revision, git)
    policy = policy_of(root, asked.policy_path, base, git)
    checkout = whole(root, doing) if base is None else _changes(root, base, git, asked, doing)
    doing(f"checking {len(checkout.files):,} manifests")
    outcome = outcome_of(asked.directory, checkout, policy, today)
    return Checked(_written(outcome, asked.form, look), outcome.fails(asked.fail_on), policy.notes)


def _changes(root: Path, base: Base, git: Git, asked: CheckAsked, doing: Callable[[str], None]) -> Checkout:
    index = git.committing(os.environ.get("GIT_INDEX_FILE")) if asked.staged else git
    return changed_since(root, base, index, doing, staged=asked.staged)


def _written(outcome: Outcome, form: Form, look: Look) -> str:
    folder = folder_from(Path.cwd(), Path(outcome.directory))
    if form is Form.JSON:
        return outcome_as_json(outcome)
    if form is Form.SARIF:
        return outcome_as_sarif(outcome, folder)
    if form is Form.GITHUB:
        return outcome_as_workflow_commands(outcome, folder)
    return outcome_as_text(outcome, look)


def folder_from(here: Path, folder: Path) -> str:
    """Tell where a folder lies below another one ("" : it is that one); "" also where it lies elsewhere."""
    way = os.path.relpath(folder.resolve(), here.resolve())
    return "" if way == "." or way.startswith("..") else Path(way).as_posix()

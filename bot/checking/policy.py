"""The policy file that a check goes by: the one that was named, the base's, the folder's own, or none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.checking.checkout import policy_text_at
from bot.explaining.mistakes import Mistake
from bot.explaining.policy_files import problem_lines, read_policy_file, read_policy_file_of
from bot.explaining.shown import shown
from bot.policies import POLICY_PATH, PolicyFile, PolicyFileError, load

if TYPE_CHECKING:
    from bot.checking.checkout import Base
    from bot.checking.git import Git


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file. `place` is where it stands ("main:.niro/policies.yml"), None: there is none.

    `problems` are what it asks for and is not honoured, each as "path:line:column: message".
    """

    place: str | None
    file: PolicyFile
    problems: tuple[str, ...] = ()


def policy_of(root: Path, named: str | None, base: Base | None, git: Git) -> Policy:
    """Read the policy file of a folder: the one that was named, else the base's, else its own, else none.

    Raises Mistake with every problem that keeps it from being read.
    """
    if named is not None:
        return _placed(named, read_policy_file(Path(named)))
    at_base = None if base is None else _at(base, git)
    if at_base is not None:
        return at_base
    place = root / POLICY_PATH
    if os.path.lexists(place):
        return _placed(str(place), read_policy_file_of(root))
    return Policy(None, PolicyFile(enabled=True, images=()))


def _at(base: Base, git: Git) -> Policy | None:
    content = policy_text_at(base, git)
    if content is None:
        return None
    place = f"{base.revision}:{POLICY_PATH}"
    try:
        return _placed(place, load(content.decode(), place))
    except UnicodeDecodeError:
        raise Mistake(f"{shown(place)} cannot be read: it is not UTF-8") from None
    except PolicyFileError as error:
        raise Mistake(*problem_lines(place, error)) from None


def _placed(place: str, file: PolicyFile) -> Policy:
    return Policy(place, file, tuple(problem_lines(place, file)))

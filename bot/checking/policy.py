"""The policy file that a check goes by: the one that was named, the base's, the folder's own, or the defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.checking.checkout import policy_text_at
from bot.explaining.policy_files import problem_lines, read_policy_file, read_policy_file_of
from bot.explaining.shown import shown
from bot.policies import POLICY_PATH, PolicyFile, PolicyFileError, load

if TYPE_CHECKING:
    from bot.checking.checkout import Base
    from bot.checking.git import Git


_AFTER_THE_MERGE: Final = (
    "{revision} has no policy file: the defaults of the rules count. {path} counts once it is merged; --policy names it"
)
_NOT_READ: Final = "the policy file of {revision} cannot be read, and the defaults of the rules count:"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file. `place` is where it stands ("main:.niro/policies.yml"), None: the defaults of the rules count.

    `problems` are what it asks for and is not honoured, each as "path:line:column: message". `notes` are sentences
    about why another file counts than one may think.
    """

    place: str | None
    file: PolicyFile
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def policy_of(root: Path, named: str | None, base: Base | None, git: Git) -> Policy:
    """Read the policy file of a folder: the one that was named, else the base's, or its own where nothing is compared.

    A change does not judge itself: without a file in the base the defaults count, and also where that one cannot be
    read, or nobody could mend it. Raises Mistake with every problem that keeps another file from being read.
    """
    if named is not None:
        return _placed(named, read_policy_file(Path(named)))
    place = root / POLICY_PATH
    stands = os.path.lexists(place)
    if base is not None and base.commit:
        return _at(base, git, str(place) if stands else None)
    return _placed(str(place), read_policy_file_of(root)) if stands else _defaults()


def _at(base: Base, git: Git, own: str | None) -> Policy:
    """Read the policy file of a commit; `own` is where the folder has one now, None: nowhere."""
    content = policy_text_at(base, git)
    if content is None:
        told = _AFTER_THE_MERGE.format(revision=shown(base.revision), path=shown(own or ""))
        return _defaults(*([] if own is None else [told]))
    place = f"{base.revision}:{POLICY_PATH}"
    try:
        return _placed(place, load(content.decode(), place))
    except UnicodeDecodeError:
        problems = [f"{shown(place)} is not UTF-8"]
    except PolicyFileError as error:
        problems = problem_lines(place, error)
    return _defaults(_NOT_READ.format(revision=shown(base.revision)), *problems)


def _defaults(*notes: str) -> Policy:
    return Policy(None, PolicyFile(enabled=True, images=()), notes=notes)


def _placed(place: str, file: PolicyFile) -> Policy:
    return Policy(place, file, tuple(problem_lines(place, file)))

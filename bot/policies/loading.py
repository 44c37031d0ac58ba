"""The way of a policy file from its text to the values that the bot works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from bot.policies.composing import compose
from bot.policies.diagnosis import problems_of
from bot.policies.events import UnreadableYaml
from bot.policies.models import FileSection
from bot.policies.problems import PolicyFileError, Problem
from bot.policies.resolving import resolve
from bot.policies.tree import MappingNode, Node, plain_data

if TYPE_CHECKING:
    from bot.policies.policy import PolicyFile

POLICY_PATH = ".niro/policies.yml"


def load(text: str, path: str = POLICY_PATH, organisation: str | None = None) -> PolicyFile:
    """Read a policy file.

    `text` is hostile: whatever it holds, the answer is a PolicyFile or a PolicyFileError with every problem found,
    and nothing else is raised. `path` only names the file in messages. `organisation` is the text of the organisation's
    own policy file, which is not yet understood: anything but None is a problem.
    """
    if organisation is not None:
        raise PolicyFileError(path, [Problem(1, 1, "", "an organisation's policy file is not yet understood")])
    try:
        root, problems = compose(text)
    except UnreadableYaml as error:
        raise PolicyFileError(path, [Problem(error.place.line, error.place.column, "", error.reason)]) from None
    policies, more = _understand(root)
    if problems or more or policies is None:
        raise PolicyFileError(path, [*problems, *more])
    return policies


def _understand(root: Node | None) -> tuple[PolicyFile | None, list[Problem]]:
    if not isinstance(root, MappingNode):
        place = (1, 1) if root is None else (root.place.line, root.place.column)
        return None, [Problem(*place, "", "the file is a mapping of keys; begin it with `version: 1`")]
    try:
        file = FileSection.model_validate(plain_data(root))
    except ValidationError as error:
        return None, problems_of(error, root)
    return resolve(file, root)

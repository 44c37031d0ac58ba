"""The way of a policy file from its text to the values that the bot works with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.policies.clashes import branch_clashes, group_clashes, name_clashes
from bot.policies.composing import compose
from bot.policies.contradictions import contradictions
from bot.policies.events import UnreadableYaml
from bot.policies.organisation import ORGANISATION_PATH, under_organisation
from bot.policies.places import place_clashes
from bot.policies.problems import PolicyFileError, problem_at
from bot.policies.resolving import resolve
from bot.policies.tree import MappingNode, Place
from bot.policies.validating import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.policies.models import FileSection
    from bot.policies.policy import PolicyFile
    from bot.policies.problems import Problem
    from bot.policies.validating import Validated

POLICY_PATH = ".niro/policies.yml"


def load(text: str, path: str = POLICY_PATH, organisation: str | None = None) -> PolicyFile:
    """Read a policy file.

    `text` is hostile: whatever it holds, the answer is a PolicyFile or a PolicyFileError with every problem found,
    and nothing else is raised. `path` only names the file in messages. `organisation` is the text of the organisation's
    own policy file, as hostile, None where it has none: its defaults and findings hold where this file says nothing,
    and what it enforces may only become stricter. Problems in it name it as their path.
    """
    root, problems = _read_tree(text, path)
    validated = validate(root)
    problems += [*validated.problems, *contradictions(root)]
    if organisation is not None:
        above, its_problems = _read_organisation(organisation)
        file, too_lax = under_organisation(validated.file, root, above, validated.positions)
        validated = replace(validated, file=file)
        problems += [*its_problems, *too_lax]
    policies, unresolved = resolve(validated, root)
    problems += [*unresolved, *_clashes(validated, policies, root)]
    if problems:
        raise PolicyFileError(path, problems)
    return policies


def _read_organisation(text: str) -> tuple[FileSection, list[Problem]]:
    """Read what an organisation's file says for its repositories; its own policies are no matter of theirs."""
    root, problems = _read_tree(text, ORGANISATION_PATH)
    validated = validate(root)
    problems += [*validated.problems, *contradictions(root)]
    return validated.file, [replace(problem, path=ORGANISATION_PATH) for problem in problems]


def _read_tree(text: str, path: str) -> tuple[MappingNode, list[Problem]]:
    """Read a text into a tree, with the problems that did not stop the reading; raise PolicyFileError."""
    try:
        root, problems = compose(text)
    except UnreadableYaml as error:
        raise PolicyFileError(path, [problem_at(error.place, "", error.reason)]) from None
    if not isinstance(root, MappingNode):
        place = Place(1, 1) if root is None else root.place
        message = "the file is a mapping of keys; begin it with `version: 1`"
        raise PolicyFileError(path, [*problems, problem_at(place, "", message)])
    return root, problems


def _clashes(validated: Validated, policies: PolicyFile, root: MappingNode) -> Iterator[Problem]:
    """Find what policies cannot both have; what depends on defaults that are not sound is left for the next time."""
    positions = validated.positions
    yield from name_clashes(validated.file, root, positions)
    if validated.spoilt.isdisjoint({"defaults", "groups"}):
        yield from group_clashes(policies.images, validated.file.groups, root, positions)
        yield from branch_clashes(policies.images, root, positions)
        yield from place_clashes(policies.images, root, positions)

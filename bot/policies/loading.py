"""The way of a policy file from its text to the values that the bot works with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.policies.clashes import branch_clashes, group_clashes, name_clashes
from bot.policies.composing import compose
from bot.policies.contradictions import contradictions
from bot.policies.organisation import ORGANISATION_PATH, under_organisation
from bot.policies.pattern_count import too_many_patterns
from bot.policies.places import place_clashes
from bot.policies.problems import PolicyFileError, problem_at
from bot.policies.resolving import resolve
from bot.policies.scanner import UnreadableYaml
from bot.policies.tree import MappingNode, Place
from bot.policies.validating import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.policies.policy import PolicyFile
    from bot.policies.problems import Problem
    from bot.policies.validating import Validated

POLICY_PATH = ".niro/policies.yml"
_OWN_AFFAIRS: Final = frozenset(
    {"dashboard", "enabled", "environments", "flux", "groups", "images", "limits", "promotions", "pull-secrets"}
)


def load(text: str, path: str = POLICY_PATH, organisation: str | None = None) -> PolicyFile:
    """Read a policy file.

    `text` is hostile: whatever it holds, the answer is a PolicyFile or a PolicyFileError with every problem found,
    and nothing else is raised. `path` only names the file in messages. `organisation` is the text of the organisation's
    own policy file, as hostile, None where it has none: its defaults and findings hold where this file says nothing,
    and what it enforces may only become stricter. Problems in it name it as their path.
    """
    root, problems = _read_tree(text, path)
    validated = validate(root)
    problems += validated.problems
    if organisation is None:
        problems += contradictions(root)
    else:
        validated, more = _under(organisation, validated, root)
        problems += more
    policies, unresolved = resolve(validated, root)
    problems += [*unresolved, *_clashes(validated, policies, root)]
    if problems:
        raise PolicyFileError(path, problems)
    return policies


def _under(organisation: str, own: Validated, root: MappingNode) -> tuple[Validated, list[Problem]]:
    """Lay a repository's file over the text of its organisation's; of that one's own policies nothing is read."""
    whole, unreadable = _read_tree(organisation, ORGANISATION_PATH)
    above = replace(whole, entries={key: entry for key, entry in whole.entries.items() if key not in _OWN_AFFAIRS})
    validated = validate(above)
    file, too_lax = under_organisation(own.file, root, validated.file, own.positions)
    of_organisation = [*unreadable, *validated.problems, *contradictions(above)]
    problems = [replace(problem, path=ORGANISATION_PATH) for problem in of_organisation]
    return replace(own, file=file), [*problems, *contradictions(root, above), *too_lax]


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
    too_many = too_many_patterns(root)
    if too_many is not None:
        raise PolicyFileError(path, [*problems, too_many])
    return root, problems


def _clashes(validated: Validated, policies: PolicyFile, root: MappingNode) -> Iterator[Problem]:
    """Find what policies cannot both have; what depends on defaults that are not sound is left for the next time."""
    positions = validated.positions
    yield from name_clashes(validated.file, root, positions)
    if validated.spoilt.isdisjoint({"defaults", "groups"}):
        yield from group_clashes(policies.images, validated.file.groups, root, positions)
        yield from branch_clashes(policies.images, policies.promotions, root, positions)
        yield from place_clashes(policies.images, root, positions)

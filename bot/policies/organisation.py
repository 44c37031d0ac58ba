"""A repository's policy file under its organisation's: what holds where it says nothing, what it must not undo.

The organisation's `defaults` and `findings` hold in each of its repositories, which may write something else, but for
the keys that the organisation's `enforce` names: what a repository writes there may only be stricter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.policies.enforcement import lax_places
from bot.policies.finding_kinds import DEFAULT
from bot.policies.finding_resolving import severities_over
from bot.policies.problems import Problem, problem_at
from bot.policies.section import laid_over
from bot.policies.tree import place_of_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.policies.finding_sections import FindingsSection, RuleSection
    from bot.policies.models import FileSection
    from bot.policies.tree import Node

ORGANISATION_PATH: Final = ".niro/policies.yml of the organisation's .github repository"


def under_organisation(
    own: FileSection, root: Node, organisation: FileSection, positions: Sequence[int] | None = None
) -> tuple[FileSection, list[Problem]]:
    """Lay a repository's file over its organisation's: the file that holds, and where the repository is too lax.

    `root` is the repository's file, in which the problems are placed; `positions` tells for each of `own.images` which
    item of its list it is, None: they are all there. The organisation's images, groups, environments, pull secrets and
    promotions are its own affair. To be called between reading and resolving:

        file, problems = under_organisation(file, root, organisation_file, positions)
    """
    file = own.model_copy(
        update={
            "defaults": laid_over(own.defaults, organisation.defaults),
            "findings": _findings_over(own, organisation),
        }
    )
    places = range(len(own.images)) if positions is None else positions
    return file, [*_own_demands(own, root), *lax_places(own, file, organisation, root, places)]


def _findings_over(own: FileSection, organisation: FileSection) -> FindingsSection:
    """Lay findings over others, rule by rule and key by key; what either of them ignores is ignored."""
    environments = [environment.name for environment in own.environments]
    written, below = own.findings.rules, organisation.findings.rules
    rules = {
        name: _rule_over(getattr(written, name), getattr(below, name), environments) for name in below.model_fields_set
    }
    return laid_over(own.findings, organisation.findings).model_copy(
        update={
            "rules": written.model_copy(update=rules),
            "ignore": (*own.findings.ignore, *organisation.findings.ignore),
        }
    )


def _rule_over(own: RuleSection | None, organisation: RuleSection, environments: Collection[str]) -> RuleSection:
    """Lay what is written about a rule over what the organisation writes.

    What the organisation says of an environment that the repository does not have is left out.
    """
    severities = {
        name: severity for name, severity in organisation.severity.items() if name == DEFAULT or name in environments
    }
    if own is None:
        return organisation.model_copy(update={"severity": severities})
    merged = severities_over(own.severity, severities)
    return laid_over(own, organisation).model_copy(update={"severity": merged})


def _own_demands(own: FileSection, root: Node) -> Iterator[Problem]:
    if own.enforce:
        said = "`enforce` is for the organisation's own policy file, in its .github repository"
        yield problem_at(place_of_key(root, ("enforce",)), "enforce", said)

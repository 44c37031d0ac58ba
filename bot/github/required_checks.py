"""Which checks a branch demands of what is merged into it, by the two documents that need no administration."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import Forbidden, UnexpectedAnswer
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.github.channel import RepositoryChannel

KEPT_FOR: Final = timedelta(minutes=10)
MOST_KEPT: Final = 20_000

_NOT_ON_THIS_PLAN: Final = "upgrade to "
_PAGE: Final = 100
_MOST_PAGES: Final = 10


@dataclass(frozen=True, slots=True)
class RequiredChecks:
    """What a branch demands. `names`: every check that must pass, sorted.

    `apps`: of the checks that must come from one App, its id by their names; whoever else reports under such a name
    says nothing. `merge_queue`: a ruleset lets changes in only through the queue. `strict`: a branch must be up to
    date to be merged, as far as rulesets tell; of branch protection GitHub tells that only by the merge state BEHIND.
    """

    names: tuple[str, ...]
    merge_queue: bool
    strict: bool
    apps: Mapping[str, frozenset[int]] = field(default_factory=dict)


async def kept_required_checks(channel: RepositoryChannel, branch: str) -> RequiredChecks:
    """Read what a branch demands, or tell what was read of it within the last ten minutes. Raises as the other."""
    key = (channel.repository_id, branch)
    return await channel.github.required_checks.get(key, partial(required_checks, channel, branch))


async def required_checks(channel: RepositoryChannel, branch: str) -> RequiredChecks:
    """Read what branch protection and all rulesets demand of a branch.

    Raises whatever keeps it from being read: what is not seen is never "nothing is demanded".
    https://docs.github.com/en/rest/branches/branches, "Get a branch", and
    https://docs.github.com/en/rest/repos/rules, "Get rules for a branch"
    """
    names, demanded, strict = _of_protection(await _branch(channel, branch), branch)
    merge_queue = False
    for rule in await _rules(channel, branch):
        parameters = rule.get("parameters") or {}
        merge_queue |= rule.get("type") == "merge_queue"
        if rule.get("type") == "required_status_checks":
            demanded += parameters.get("required_status_checks") or []
            strict |= bool(parameters.get("strict_required_status_checks_policy"))
    names |= {str(check["context"]) for check in demanded}
    return RequiredChecks(tuple(sorted(names)), merge_queue, strict, _apps(demanded))


def _apps(demanded: Iterable[dict[str, Any]]) -> dict[str, frozenset[int]]:
    """Tell which App each check must come from, where one is named: as `app_id` by protection (-1 means any)."""
    found: dict[str, set[int]] = {}
    for check in demanded:
        app = check.get("app_id") or check.get("integration_id")
        if isinstance(app, int) and app > 0:
            found.setdefault(str(check["context"]), set()).add(app)
    return {name: frozenset(apps) for name, apps in found.items()}


async def _branch(channel: RepositoryChannel, branch: str) -> dict[str, Any]:
    told = (await channel.rest("GET", "/branches/{branch}", {"branch": branch}, scope=Scope.MERGE)).data
    if not isinstance(told, dict) or not isinstance(told.get("protected"), bool):
        raise UnexpectedAnswer(f"the answer does not tell how {branch} is protected")
    return told


def _of_protection(told: dict[str, Any], branch: str) -> tuple[set[str], list[dict[str, Any]], bool]:
    """Take what is demanded out of a branch's protection. Every branch tells of it, also one without any."""
    protection = told.get("protection")
    if not isinstance(protection, dict):
        if told["protected"]:
            raise UnexpectedAnswer(f"the answer does not tell how {branch} is protected")
        return set(), [], False
    checks = protection.get("required_status_checks") or {}
    names = {str(name) for name in checks.get("contexts") or []}
    return names, list(checks.get("checks") or []), bool(checks.get("strict"))


async def _rules(channel: RepositoryChannel, branch: str) -> list[dict[str, Any]]:
    """List the rules of a branch. A private repository on a plan without rulesets has none, and says so with a 403."""
    found: list[dict[str, Any]] = []
    for page in range(1, _MOST_PAGES + 1):
        asked = {"branch": branch, "per_page": str(_PAGE), "page": str(page)}
        try:
            path = "/rules/branches/{branch}{?per_page,page}"
            listed = (await channel.rest("GET", path, asked, scope=Scope.MERGE)).data
        except Forbidden as refused:
            if refused.message.lower().startswith(_NOT_ON_THIS_PLAN):
                return []
            raise
        if not isinstance(listed, list):
            raise UnexpectedAnswer(f"the answer holds no rules of {branch}")
        found += listed
        if len(listed) < _PAGE:
            return found
    raise UnexpectedAnswer(f"the rules of {branch} have no end")

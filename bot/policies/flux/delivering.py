"""How a change reaches its branch: straight to the branch that was checked out, or by a pull request from another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.policies.branches import NAME, filled_in, folders_of, is_branch
from bot.policies.policy import Delivery, PullRequestSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.policies.flux.automations import Automation
    from bot.policies.flux.objects import FluxObject

TITLE: Final = "Bump {image} from {from} to {to}"


@dataclass(frozen=True, slots=True)
class Branches:
    """The branch that a change begins at, and the one that it is pushed to; None where the objects do not say."""

    checkout: str | None
    push: str | None


def pull_request(branch: str, base: str | None = None, message: str | None = None) -> PullRequestSettings:
    """Ask for a pull request from `branch`, with nothing else that Flux knows of."""
    return PullRequestSettings(branch, base, TITLE, (), None, Delivery.PULL_REQUEST, message)


def own_branch(found: FluxObject) -> str:
    """Name the branch of an object for which the objects name none."""
    return filled_in(f"niro/{NAME}", found.full_name)


def delivery_of(found: FluxObject, branches: Branches, message: str | None) -> PullRequestSettings:
    """Tell how an automation delivers: as Flux straight to its branch, or by a pull request from its push branch.

    Where no branch is known at all Flux fails; here a pull request to the default branch is asked for, and said so.
    """
    git = found.spec.section("git")
    _check(found, branches)
    base, push = branches.checkout, branches.push
    if push is not None and push != base:
        return pull_request(push, base, message)
    if base is not None:
        return replace(pull_request(base, base, message), delivery=Delivery.COMMIT)
    said = "names no branch, nor does a GitRepository here: a pull request to the default branch is opened instead"
    git.section("push").note("branch", said)
    return pull_request(own_branch(found), None, message)


def _check(found: FluxObject, branches: Branches) -> None:
    git = found.spec.section("git")
    if branches.push is not None and not is_branch(branches.push):
        git.section("push").refuse("branch", f"cannot be a branch in git: {quoted(branches.push)}")
    if branches.checkout is not None and not is_branch(branches.checkout):
        git.section("checkout").section("ref").refuse(
            "branch", f"cannot be a branch in git: {quoted(branches.checkout)}"
        )


def told_apart(automations: Sequence[Automation]) -> list[Automation]:
    """Give each automation that opens pull requests a branch of its own.

    Flux lets automations push to one branch; a pull request has one branch, which cannot be the base of another one.
    """
    taken = {automation.settings.base for automation in automations}
    apart: list[Automation] = []
    for automation in automations:
        settings = automation.settings
        if settings.delivery is Delivery.PULL_REQUEST and settings.branch in taken:
            automation = _renamed(automation)  # noqa: PLW2901
        taken.add(automation.settings.branch)
        apart.append(automation)
    return apart


def refuse_folders(automations: Sequence[Automation]) -> None:
    """Refuse, in their reports, branches of which one would be a folder of another: git cannot have both."""
    branches = {automation.settings.branch for automation in automations}
    branches |= {automation.settings.base for automation in automations if automation.settings.base is not None}
    for automation in automations:
        branch = automation.settings.branch
        outer = next((folder for folder in folders_of(branch) if folder in branches), None)
        if outer is not None:
            said = f"and another branch here cannot both be in git: {quoted(outer)} and {quoted(branch)}"
            automation.found.spec.section("git").section("push").refuse("branch", said)


def _renamed(automation: Automation) -> Automation:
    found = automation.found
    branch = f"{automation.settings.branch}-{found.namespace}-{found.name}"
    said = f"is the branch of another automation too; this one's pull request has the branch {quoted(branch)}"
    found.spec.section("git").section("push").note("branch", said)
    return replace(automation, settings=replace(automation.settings, branch=branch))

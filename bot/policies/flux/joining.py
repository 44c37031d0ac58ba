"""Which automation takes which policy, and the image policies that come of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.images import quoted
from bot.manifests import Mode
from bot.policies.flux.delivering import own_branch, pull_request
from bot.policies.flux.paths import EVERYWHERE
from bot.policies.policy import ImagePolicy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.policies.flux.automations import Automation
    from bot.policies.flux.policies import Policy

MOST_COMPARISONS: Final = 1_000_000


def join(policies: Sequence[Policy], automations: Sequence[Automation]) -> Iterator[ImagePolicy]:
    """Make an image policy of each policy, with the first automation of its namespace that takes it.

    Both are ordered by namespace and name. What the first taker leaves out goes to the policy's report.
    """
    near: dict[str, list[Automation]] = {}
    for automation in automations:
        near.setdefault(automation.found.namespace, []).append(automation)
    groups = {automation.found.full_name for automation in automations}
    room = MOST_COMPARISONS
    for policy in policies:
        neighbours = near.get(policy.found.namespace, [])
        room -= sum(len(automation.selector.requirements) + 1 for automation in neighbours)
        if room < 0:
            said = "is one of too many: the automations select among them with more than can be compared"
            policy.found.fields.section("metadata").refuse("name", said)
            return
        takers = [automation for automation in neighbours if automation.selector.selects(policy.labels)]
        joined = _taken(policy, takers) if takers else _untaken(policy, neighbours)
        is_alone = (
            not takers and joined.name in groups
        )  # an automation may have the name of a policy that it leaves out
        yield replace(joined, grouped_under=f"{joined.name}:policy") if is_alone else joined


def _taken(policy: Policy, takers: Sequence[Automation]) -> ImagePolicy:
    first, *others = takers
    if others:
        names = ", ".join(quoted(other.found.full_name) for other in others[:3])
        said = (
            f"{policy.found.full_name} is taken by several automations: here {quoted(first.found.full_name)} counts, "
            f"with its paths and its branch, and {names} {'do' if len(others) > 1 else 'does'} not"
        )
        policy.found.fields.section("metadata").note("name", said)
    return _image_policy(policy, first)


def _untaken(policy: Policy, neighbours: Sequence[Automation]) -> ImagePolicy:
    """Follow a policy that no automation of the files takes, unless those beside it leave it out on purpose."""
    if neighbours:
        said = f"{policy.found.full_name} is selected by no automation of its namespace, so that nothing is written"
        policy.found.fields.section("metadata").note("name", said)
    return _image_policy(policy, None, left_out=bool(neighbours))


def _image_policy(policy: Policy, automation: Automation | None, *, left_out: bool = False) -> ImagePolicy:
    found = policy.found
    return ImagePolicy(
        name=found.full_name,
        image=policy.repository.image,
        enabled=not (policy.suspended or policy.repository.suspended or left_out),
        rule=policy.rule,
        range=policy.rule.constraint.text,
        paths=EVERYWHERE if automation is None else automation.paths,
        pull_request=pull_request(own_branch(found)) if automation is None else automation.settings,
        line=found.fields.place.line,
        mode=Mode.MARKERS,
        grouped_under=None if automation is None else automation.found.full_name,
        poll=policy.repository.poll,
    )

"""Where a command is given and what it finds there: the policies, the bump it is about, what stands in the files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.bumps import safe_branch, standing
from bot.bumps.following import following, standing_in
from bot.commands import Life, Moved, Place, Situation, Versions
from bot.flows.basis import read_basis
from bot.flows.indexed import occurrences_of
from bot.flows.policies import policies_in_force
from bot.store import BumpState

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.commands import Command
    from bot.flows.parts import Parts
    from bot.github import OnePullRequest
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import BumpRecord, Repository

_LIVES = {BumpState.OPEN: Life.OPEN, BumpState.MERGED: Life.MERGED, BumpState.CLOSED: Life.CLOSED}


@dataclass(frozen=True, slots=True)
class Stage:
    """Where commands are given: the issue `number`, which is the pull request of `record`.

    None: it is the dashboard, a pull request of somebody else's, or an earlier one of the bot's, about `earlier`, a
    group that has gone on since. `policy_file`: the one in force on the default branch, its globs told apart; None:
    there is none.
    """

    repository: Repository
    number: int
    record: BumpRecord | None
    policy_file: PolicyFile | None
    earlier: str | None = None

    @property
    def policies(self) -> dict[str, ImagePolicy]:
        """Return the policies in force by their names."""
        return {policy.name: policy for policy in self.policy_file.images} if self.policy_file else {}

    @property
    def place(self) -> Place:
        """Return what the words of a command are read against."""
        groups = {name: policy.group for name, policy in self.policies.items()}
        if self.record is None:
            here = [name for name, group in groups.items() if group == self.earlier]
            return Place(groups, self.earlier, tuple(here))
        moved = dict.fromkeys(each.policy for each in read_basis(self.record.proposals).proposed)
        of_group = [name for name, group in groups.items() if group == self.record.group]
        here = [name for name in moved if name in groups] or of_group
        return Place(groups, self.record.group, tuple(here))


async def takes_commands(parts: Parts, repository: Repository, number: int, *, on_pull_request: bool) -> bool:
    """Whether commands count on an issue or a pull request. Asks nobody outside.

    They do on the bot's pull requests, on the dashboard, and, where there is a policy file, on people's pull requests.
    """
    if await parts.store.bumps.by_pull_request(repository.id, number) is not None:
        return True
    if await is_dashboard(parts, repository, number):
        return True
    policy = await parts.store.repositories.policy(repository.id) if on_pull_request else None
    return policy is not None and policy.text is not None


async def stage_of(parts: Parts, repository: Repository, number: int) -> Stage | None:
    """Look what an issue or a pull request is to the bot. None: nothing, or a plain issue, which takes no commands."""
    record = await parts.store.bumps.by_pull_request(repository.id, number)
    policy_file = await policies_in_force(parts, repository.installation, repository.id)
    stage = Stage(repository, number, record, policy_file)
    if record is not None or await is_dashboard(parts, repository, number):
        return stage
    pull_request = await parts.client(repository).pull_request(number)
    if pull_request is None:
        return None
    bot_login = (await parts.github.identity()).bot_login
    is_ours = pull_request.author_login == bot_login and not pull_request.cross_repository
    return replace(stage, earlier=_group_on(stage, pull_request) if is_ours else None)


def _group_on(stage: Stage, pull_request: OnePullRequest) -> str | None:
    """Name the group whose branch a pull request of the bot's is on; it keeps its branch from one to the next."""
    taken = frozenset({pull_request.base_branch, stage.repository.default_branch})
    groups = (
        policy.group
        for policy in stage.policies.values()
        if safe_branch(policy.pull_request.branch, taken=taken) == pull_request.branch
    )
    return next(groups, None)


async def is_dashboard(parts: Parts, repository: Repository, number: int) -> bool:
    """Whether an issue is the repository's dashboard."""
    dashboard = await parts.store.dashboards.get(repository.id)
    return dashboard is not None and dashboard.issue == number


def group_of(command: Command, stage: Stage) -> str | None:
    """Name the group whose pull request a command is about, or would change."""
    if command.group is not None or not command.policies:
        return command.group
    return stage.policies[command.policies[0]].group


async def target_of(parts: Parts, command: Command, stage: Stage) -> BumpRecord | None:
    """Return the latest bump that a command is about; None: there never was one."""
    group = group_of(command, stage)
    if group is None or (stage.record is not None and stage.record.group == group):
        return stage.record
    return await parts.store.bumps.get(stage.repository.id, group)


async def situation_of(parts: Parts, command: Command, stage: Stage) -> Situation:
    """Gather what has to be known of the bump that a command is about."""
    record = await target_of(parts, command, stage)
    if command.argument is None and stage.earlier is not None and stage.earlier == group_of(command, stage):
        # What the group proposes now is not what stands before the eyes of who reads the earlier pull request.
        record = None
    stands = await standing_of_policies(parts, stage, command.policies)
    tags = {name: tuple(dict.fromkeys(standing(each).meant for each in found)) for name, found in stands.items()}
    if record is None:
        return Situation(stands=tags)
    moves: dict[str, tuple[Moved, ...]] = {}
    for each in read_basis(record.proposals).proposed:
        here = standing(each.current)
        move = Moved(Versions(here.meant, here.digest), Versions(each.selected, each.digest))
        moves[each.policy] = (*moves.get(each.policy, ()), move)
    life = Life.NONE if record.pull_request is None else _LIVES.get(record.state, Life.NONE)
    return Situation(life, moves, tags)


async def standing_of_policies(parts: Parts, stage: Stage, names: Collection[str]) -> dict[str, list[str]]:
    """Tell at which tags and digests the images of policies stand in the repository, by the policy's name."""
    policies = [policy for name, policy in stage.policies.items() if name in names]
    if stage.policy_file is None or not policies:
        return {}
    known = await occurrences_of(parts, stage.repository.id, policies)
    followers = following(stage.policy_file, known.occurrences)
    return {policy.name: standing_in(followers[policy.name]) for policy in policies}

"""What is remembered of one group: enough to ask GitHub the right question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bumps import safe_branch
from bot.flows.indexed import files_of
from bot.flows.policies import policies_in_force
from bot.store import BumpState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.jobs.work import BumpRepository, RecreateBump
    from bot.policies import ImagePolicy, PolicyFile
    from bot.store import BumpRecord, Repository

LIVING = frozenset({BumpState.OPENING, BumpState.OPEN})

_GONE = "The policy is no longer in the policy file."
_OTHER_BRANCH = "The policy now names another branch."
_STRAIGHT = "The policy now asks for commits without a pull request."


@dataclass(frozen=True, slots=True)
class Remembered:
    """The branch of a group's bump, the base it goes into (None: the default branch), and the files it may touch.

    `over`: why the open bump has come to its end, as a sentence; None: it has not. `straight`: changes are committed to
    the branch itself, without a pull request.
    """

    branch: str
    base: str | None
    paths: tuple[str, ...]
    record: BumpRecord | None
    policy_blob: str | None
    over: str | None = None
    straight: bool = False


async def remembered(work: BumpRepository | RecreateBump, parts: Parts, repository: Repository) -> Remembered | None:
    """Gather what to look for. None: there is no such group and no bump of it, or the policy file is not understood."""
    record = await parts.store.bumps.get(work.repository, work.group)
    policy = await parts.store.repositories.policy(work.repository)
    if policy is not None and policy.problems:
        return None
    policy_file = None
    if policy is not None and policy.text:
        policy_file = await policies_in_force(parts, work.installation, work.repository)
        if policy_file is None:
            return None
    policies = of_group(policy_file, work.group) if policy_file else []
    blob = policy.blob if policy else None
    living = record if record is not None and record.state in LIVING else None
    if not policies:
        return None if living is None else Remembered(living.branch, None, (), living, blob, _GONE)
    branch, base, over = _where(policies[0], repository)
    if living is not None and over is not None:
        return Remembered(living.branch, None, (), living, blob, over)
    if living is not None and living.branch != branch:
        return Remembered(living.branch, None, (), living, blob, _OTHER_BRANCH)
    paths = tuple(file.path for file in await files_of(parts, work.repository, policies))
    return Remembered(branch, base, paths, record, blob, straight=over is not None)


def of_group(policy_file: PolicyFile, group: str) -> list[ImagePolicy]:
    """List the policies that share a pull request."""
    return [policy for policy in policy_file.images if policy.group == group]


def _where(policy: ImagePolicy, repository: Repository) -> tuple[str, str | None, str | None]:
    """Tell the branch that is written to, its base, and why no pull request is wanted, if none is."""
    settings = policy.pull_request
    if settings.is_commit:
        # Here the branch may be anybody's, also the default one.
        return settings.branch, settings.base, _STRAIGHT
    taken = frozenset({settings.base or repository.default_branch, repository.default_branch})
    return safe_branch(settings.branch, taken=taken), settings.base, None

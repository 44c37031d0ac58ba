"""What is remembered of one group: enough to ask GitHub the right question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.bumps import safe_branch
from bot.flows.indexed import files_of
from bot.flows.noting import clear
from bot.flows.policies import policies_in_force
from bot.store import BumpState, NoteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    if not policies and living is None:
        await clear(parts, repository, work.group, frozenset(NoteKind))
        return None
    if living is not None and (over := _over(living, policies, repository)) is not None:
        return Remembered(living.branch, None, (), living, blob, over)
    branch, base, is_straight = _where(policies[0], repository)
    paths = tuple(file.path for file in await files_of(parts, work.repository, policies))
    return Remembered(branch, base, paths, record, blob, straight=is_straight)


def of_group(policy_file: PolicyFile, group: str) -> list[ImagePolicy]:
    """List the policies that share a pull request."""
    return [policy for policy in policy_file.images if policy.group == group]


def _over(living: BumpRecord, policies: Sequence[ImagePolicy], repository: Repository) -> str | None:
    """Say why a living bump has come to its end; None: it has not."""
    if not policies:
        return _GONE
    branch, _, is_straight = _where(policies[0], repository)
    if is_straight:
        return _STRAIGHT
    return _OTHER_BRANCH if living.branch != branch else None


def _where(policy: ImagePolicy, repository: Repository) -> tuple[str, str | None, bool]:
    """Tell the branch that is written to, its base, and whether that is done without a pull request."""
    settings = policy.pull_request
    if settings.is_commit:
        # Here the branch may be anybody's, also the default one.
        return settings.branch, settings.base, True
    taken = frozenset({settings.base or repository.default_branch, repository.default_branch})
    return safe_branch(settings.branch, taken=taken), settings.base, False

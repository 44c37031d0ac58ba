"""What a repository's dashboard tells: gathered from what is remembered, without asking anybody outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.bumps import LivingBump, Noted, OverviewFacts
from bot.flows.basis import read_basis
from bot.flows.indexed import is_image
from bot.flows.remarks import laid_upon, remarks_on
from bot.images import quoted
from bot.store import NoteKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.flows.parts import Parts
    from bot.flows.remarks import Remarks
    from bot.policies import PolicyFile, Problem
    from bot.store import BumpRecord, GroupNote, Repository


async def facts_of(parts: Parts, repository: Repository, policy_file: PolicyFile) -> OverviewFacts:
    """Gather what there is to tell of a repository under a policy file (its globs told apart).

    Everybody who may read the repository may read it: of an image's tags, only what stands in files, what was proposed
    and what people said.
    """
    policies = frozenset(policy.name for policy in policy_file.images)
    notes = await parts.store.notes.of(repository.id)
    return OverviewFacts(
        enabled=policy_file.enabled,
        policies=policies,
        open=tuple(_living(record, policies) for record in await parts.store.bumps.open_of(repository.id)),
        waiting=_noted(note for note in notes if note.kind is NoteKind.WAITING),
        stopped=_noted(note for note in notes if note.kind is not NoteKind.WAITING),
        laid=tuple(await laid_upon(parts, repository.id)),
        paused=tuple(policy.name for policy in policy_file.images if not policy.enabled),
        failing=_failing(policy_file, await remarks_on(parts, repository, policy_file)),
        unfollowed=await _unfollowed(parts, repository.id, policy_file),
    )


def _living(record: BumpRecord, policies: frozenset[str]) -> LivingBump:
    proposals = read_basis(record.proposals).proposed
    named = next((proposal.policy for proposal in proposals if proposal.policy in policies), None)
    return LivingBump(record.group, record.pull_request, proposals, named)


def _noted(notes: Iterable[GroupNote]) -> tuple[Noted, ...]:
    return tuple(Noted(note.group, note.sentence) for note in notes)


def _failing(policy_file: PolicyFile, remarks: Remarks) -> tuple[str, ...]:
    markers = (
        f"{marker.path} line {marker.line}: no policy is called {quoted(marker.marker)}" for marker in remarks.markers
    )
    return (*map(_problem, policy_file.problems), *remarks.unreadable, *remarks.unmatched, *markers)


def _problem(problem: Problem) -> str:
    place = f"{problem.path} " if problem.path else ""
    return f"{place}line {problem.line}: {problem.key} {problem.message}"


async def _unfollowed(parts: Parts, repository: int, policy_file: PolicyFile) -> tuple[str, ...]:
    followed = {(policy.image.host, policy.image.repository) for policy in policy_file.images}
    standing = await parts.store.index.images(repository)
    return tuple(f"{host}/{name}" for host, name in standing if is_image(host) and (host, name) not in followed)

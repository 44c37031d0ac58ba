"""What is noted of a bump while its merge is judged: what is in the way, what is waited for, what GitHub refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.bumps import MergeReason
from bot.flows.basis import Against, Awaited, read_basis
from bot.flows.noting import clear, note
from bot.store import NoteKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.flows.basis import Basis
    from bot.flows.judging import Judging
    from bot.flows.parts import Parts
    from bot.jobs.work import BumpRepository
    from bot.store import BumpRecord, Repository

LONGEST_WAIT: Final = timedelta(hours=1)
"""How long something is waited for at a time: the policy file may change, and then it is waited for something else."""

_TOLD_ANYWAY: Final = frozenset(
    {MergeReason.HELD, MergeReason.NOT_ALLOWED, MergeReason.UPDATE_NOT_ALLOWED, MergeReason.FOREIGN_COMMIT}
)
"""What a pull request tells by itself, without its merge having been judged."""

_NOT_MERGED: Final = "is not merged: "
_BEHIND: Final = "its base moved on and demands branches that are up to date"


async def keep(parts: Parts, bump: BumpRecord, change: Callable[[Basis], Basis]) -> None:
    """Note something with a bump, if it still stands as it was read; one that has moved is judged anew."""
    now = await parts.store.bumps.get(bump.repository, bump.group)
    if now is None or (now.state, now.head, now.pull_request) != (bump.state, bump.head, bump.pull_request):
        return
    before = read_basis(now.proposals)
    after = change(before)
    if after != before:
        await parts.store.bumps.save_if(replace(now, proposals=after.written()), now)


async def keep_verdict(judging: Judging) -> None:
    """Keep what stands against a merge, or since when something is waited for.

    People are told of what waits for them, and of an order that has to wait; of what passes by itself only when it ends
    what they were told.
    """
    now, before = judging.parts.clock(), judging.basis.against
    against = _against(judging)
    if against is None and before is not None and not _is_over(before, judging.verdict.reason):
        against = before
    reason = judging.verdict.reason
    awaited = judging.basis.awaited
    if not reason.may_pass:
        awaited = None
    elif awaited is None or awaited.reason != reason:
        awaited = Awaited(reason.value, now.isoformat())
    await keep(judging.parts, judging.bump, lambda basis: replace(basis, against=against, awaited=awaited))
    begins_to_wait = awaited is not None and judging.basis.awaited is None
    is_news = (against and against.reason) != (before and before.reason)
    if is_news or (begins_to_wait and judging.judged.facts.is_ordered):
        await judging.parts.ask(judging.bump_work)


def pause(judging: Judging, shortest: timedelta) -> timedelta:
    """Tell how long to wait until the next look: as long as it was waited so far, between `shortest` and an hour."""
    awaited = judging.basis.awaited
    if awaited is None or awaited.reason != judging.verdict.reason:
        return shortest
    waited = judging.parts.clock() - datetime.fromisoformat(awaited.since)
    return min(max(waited, shortest), LONGEST_WAIT)


def _is_over(against: Against, reason: MergeReason) -> bool:
    known = next((each for each in MergeReason if each == against.reason), MergeReason.READY)
    return known.is_over_by(reason)


def _against(judging: Judging) -> Against | None:
    """Say what stands against a merge until people do something, where the pull request does not tell it by itself."""
    verdict, foreign = judging.verdict, judging.judged.facts.foreign
    reason, sentence = verdict.reason, verdict.sentence
    if reason in _TOLD_ANYWAY or (reason is MergeReason.HEAD_MOVED and foreign):
        return None
    if reason is MergeReason.CHECK_FAILED:
        # Which ones GitHub shows itself, and they may become others.
        return Against(reason.value, "A check failed.")
    if reason is MergeReason.NOT_AS_PLANNED and judging.found.changed is None:
        sentence = "GitHub does not show all of this change at once: more than 100 files, or one that was moved."
        return Against(reason.value, sentence)
    if reason is MergeReason.CONFLICT and foreign:
        return Against(reason.value, f"{sentence} A person has to solve that, for people committed to its branch.")
    return Against(reason.value, sentence) if reason.waits_for_people else None


async def refused(judging: Judging, why: str) -> None:
    """Note why a pull request is not merged although nothing is waited for, and have that shown where it is news."""
    parts, repository, group = judging.parts, judging.repository, judging.bump.group
    sentence = f"Pull request #{judging.found.number} {_NOT_MERGED}{why}"
    before = await parts.store.notes.get(repository.id, group)
    await note(parts, repository, group, NoteKind.REFUSED, sentence)
    if before is None or before.sentence != sentence:
        await parts.ask(judging.bump_work)


async def refused_as_behind(judging: Judging) -> None:
    """Note that people have to bring their own branch up to date."""
    await refused(judging, f"{_BEHIND}, and a person has to update it, for people committed to its branch.")


async def refusal_is_over(parts: Parts, repository: Repository, work: BumpRepository, *, but: str = "") -> None:
    """Forget what `refused` noted, unless it says `but`, and have the pull request tell no more of it."""
    noted = await parts.store.notes.get(repository.id, work.group)
    if noted is None or noted.kind is not NoteKind.REFUSED or _NOT_MERGED not in noted.sentence:
        return
    if but and but in noted.sentence:
        return
    await clear(parts, repository, work.group, frozenset({NoteKind.REFUSED}))
    await parts.ask(work)


async def forget_refusals_that_are_over(judging: Judging) -> None:
    """Forget what a verdict shows to be over.

    What GitHub itself refuses comes after all that is judged, so that only a merge, another head or a policy that
    leaves merging to people ends it.
    """
    noted = await judging.parts.store.notes.get(judging.repository.id, judging.bump.group)
    was_behind = noted is not None and _BEHIND in noted.sentence
    reason = judging.verdict.reason
    if reason is MergeReason.NOT_ALLOWED or (was_behind and reason is not MergeReason.BEHIND):
        await refusal_is_over(judging.parts, judging.repository, judging.bump_work)

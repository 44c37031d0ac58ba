"""What a promotion's pull request is to hold: the images that were judged fit, and that no one decided about yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.flows.promotion_beginning import ENDED, begin_runs
from bot.flows.promotion_facts import verdict_of
from bot.flows.promotion_proposals import (
    Proposals,
    Proposed,
    Step,
    denied,
    no_of,
    note_proposed,
    proposals_of,
    turned_down,
)
from bot.flows.promotion_runs import ended, moved_to, reopened
from bot.flows.promotions import CHANGED, is_of
from bot.jobs.work import CopyPromoted
from bot.promotion import Outcome, target_tag
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.flows.parts import Parts
    from bot.flows.promotion_proposals import Noted, PeoplesWord
    from bot.flows.promotions import InForce
    from bot.promotion.promoted_map import PromotedMap
    from bot.store import PromotionRun

MOST_PROPOSED: Final = 100
"""Images that one pull request holds; more wait for its end."""

MOST_RUNS: Final = 1_000
"""Runs of a promotion in one state that are looked at, the newest."""

ALL_BUT_COPIED: Final = ENDED - {RunState.DONE}
"""What another text of the promotion begins anew of what its own runs ended with: a copy stays made."""

_LOOKED_AT: Final = frozenset({RunState.NEW, RunState.WAITING, RunState.BLOCKED})
_APPROVED: Final = frozenset({RunState.APPROVED, RunState.DONE})

Pending = tuple["PromotionRun", "Proposed | None"]
"""An image to be proposed, and how far that came."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the pull request is to hold, the longest known first.

    `is_judged_anew`: of some it will be known soon. `left`: what the open one may hold still, and is to hold no more.
    """

    pending: tuple[Pending, ...]
    is_judged_anew: bool = False
    left: tuple[Noted, ...] = ()

    @property
    def additions(self) -> dict[str, list[str]]:
        """Return the tags at the target that each digest is to get."""
        found: dict[str, list[str]] = {}
        for run, _ in self.pending:
            found.setdefault(run.digest, []).append(run.target_tag)
        return found


async def wished(parts: Parts, found: InForce, promoted: PromotedMap, word: PeoplesWord, opened: int | None) -> Wish:
    """Sort out what was proposed, or is to be: what people decided about, what was overtaken, and what is left.

    `promoted`: the map of the default branch; `opened`: the number of our open pull request. Raises RunMoved.
    """
    runs = await proposed_runs(parts, found.repository.id, found.promotion.name)
    if opened is not None:
        runs = [*await _taken_up_again(parts, found, opened), *runs]
    proposals = await proposals_of(parts, found.repository.id, found.promotion.name)
    if opened is not None:
        runs = [*await _judged_again(parts, proposals, opened), *runs]
    current = [run for run in runs if is_of(run, found)]
    await _judged_anew(parts, found, [run for run in runs if not is_of(run, found)])
    merged = [run for run in current if promoted.holds(run.digest, run.target_tag)]
    if merged:
        repository = found.repository
        await parts.ask(CopyPromoted(repository.installation, repository.id, found.promotion.name))
    open_ones = [run for run in current if run not in merged]
    fit = await _not_turned_down(parts, open_ones, proposals, promoted, word)
    fit = (await _not_overtaken(parts, found, promoted, fit))[:MOST_PROPOSED]
    left = () if opened is None else left_in(proposals, opened, {run.id for run, _ in fit})
    left = tuple(each for each in left if not promoted.holds(each.digest, each.target_tag))
    return Wish(tuple(fit), is_judged_anew=len(current) < len(runs), left=left)


def left_in(proposals: Proposals, number: int, wished: Collection[int] = ()) -> tuple[Noted, ...]:
    """List what a pull request may hold of runs that are neither wished nor approved."""
    standing = proposals.standing_in(number)
    return tuple(each for each in standing if each.run not in wished and each.state not in _APPROVED)


async def proposed_runs(parts: Parts, repository: int, promotion: str) -> list[PromotionRun]:
    """Return the runs of a promotion that are proposed, or to be, the oldest first."""
    runs = await parts.store.promotions.of(repository, promotion, RunState.PROPOSED, MOST_RUNS)
    return sorted(runs, key=lambda run: run.id)


async def _judged_again(parts: Parts, proposals: Proposals, opened: int) -> list[PromotionRun]:
    """What stands in the open pull request stays there while it is judged again, until the verdict says otherwise."""
    ids = [each.run for each in proposals.standing_in(opened) if each.state in _LOOKED_AT]
    runs = [await parts.store.promotions.get(run) for run in ids]
    return [run for run in runs if run is not None and run.state in _LOOKED_AT and _was_fit(run)]


def _was_fit(run: PromotionRun) -> bool:
    verdict = verdict_of(run)
    return bool(run.target_tag) and verdict is not None and verdict.outcome is Outcome.TRUE


async def _taken_up_again(parts: Parts, found: InForce, opened: int) -> list[PromotionRun]:
    """A person opened a pull request again: what its closing said holds no longer."""
    denied = await parts.store.promotions.of(found.repository.id, found.promotion.name, RunState.DENIED, MOST_RUNS)
    taken = []
    for run in sorted(denied, key=lambda run: run.id):
        if run.reason == no_of(opened) and is_of(run, found):
            tag = target_tag(found.promotion.tag_template, run.tag, run.decided_at or parts.clock())
            reason = f"Pull request #{opened} is open again."
            again = replace(run, state=RunState.PROPOSED, reason=reason, target_tag=tag, ended_at=None)
            taken.append(await moved_to(parts, again, run))
            await note_proposed(parts, run.id, Proposed(Step.OPEN, opened))
    return taken


async def _judged_anew(parts: Parts, found: InForce, outdated: Iterable[PromotionRun]) -> None:
    """What was judged by an earlier text of the promotion is judged by today's, however long it waited for people."""
    for run in sorted(outdated, key=lambda run: run.id):
        for each in await begin_runs(parts, found, [(run.tag, run.digest)], run.seen_at, reopens=ALL_BUT_COPIED):
            await reopened(parts, each, CHANGED)
        await ended(parts, run, RunState.SUPERSEDED, CHANGED)


async def _not_turned_down(
    parts: Parts, runs: Iterable[PromotionRun], proposals: Proposals, promoted: PromotedMap, word: PeoplesWord
) -> list[Pending]:
    left = []
    for run in sorted(runs, key=lambda run: run.id):
        noted = proposals.of_image(run)
        is_merged = noted is not None and promoted.holds(noted.digest, noted.target_tag)
        number = None if is_merged else await word.no_to(noted)
        if number is None:
            left.append((run, proposals.of_run(run)))
        else:
            await turned_down(parts, run, number)
    return left


async def _not_overtaken(
    parts: Parts, found: InForce, promoted: PromotedMap, pending: Sequence[Pending]
) -> list[Pending]:
    """Leave of several images for one tag the newest; one that the map gives to another stays there without consent."""
    latest = {run.target_tag: run for run, _ in pending}
    owners = {tag: digest for digest, tag in promoted.pairs()}
    left = []
    for run, last in pending:
        owner = owners.get(run.target_tag)
        newest = latest[run.target_tag]
        if newest.digest != run.digest:
            await ended(parts, run, RunState.SUPERSEDED, f"A newer image, {newest.tag}, is to get {run.target_tag}.")
        elif owner is not None and not found.promotion.overwrite:
            await denied(parts, run, f"The map gives {run.target_tag} to {owner} already.")
        else:
            left.append((run, last))
    return left

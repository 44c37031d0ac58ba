"""What was proposed to people and what they said of it, as the history of each image remembers it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

import structlog

from bot.bumps import PullRequestState
from bot.flows.promotion_runs import RunMoved, moved_to
from bot.jobs.work import ReportPromotion
from bot.promotion.promoted_map import NOTHING_PROMOTED, MapError, read_map, text_of
from bot.store import EventKind, PromotionEvent, RunState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.flows.parts import Parts
    from bot.github import BumpFacts, PullRequestFacts, RepositoryClient, TextBlob
    from bot.promotion.promoted_map import PromotedMap
    from bot.store import LastProposal, PromotionRun

log = structlog.get_logger()

WEIGHT_OF_A_MAP: Final = 100
"""Reading a map takes longer than finding images in so many bytes: 2.6 KB of it are large."""

FILES: Final = frozenset({"100644", "100755"})


class Step(Enum):
    """How far a proposal came.

    OPENING: the request was about to be made. OPEN: it stands in a pull request. TURNED_DOWN: people closed that.
    TAKEN_BACK: the bot took it out of that, or closed it.
    """

    OPENING = "opening"
    OPEN = "open"
    TURNED_DOWN = "turned-down"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Proposed:
    """How far the proposal of an image came. `number` is the pull request's; OPENING: its own is a larger one."""

    step: Step
    number: int


@dataclass(frozen=True, slots=True)
class Noted:
    """What was last noted of the proposal of a run, and the entry of the map that the run stands for now."""

    run: int
    state: RunState
    digest: str
    target_tag: str
    proposed: Proposed

    def may_stand_in(self, number: int) -> bool:
        """Whether a pull request may hold the entry."""
        step, other = self.proposed.step, self.proposed.number
        return (step is Step.OPEN and other == number) or (step is Step.OPENING and other < number)


class Proposals:
    """What was proposed of one promotion, under whatever text it had."""

    def __init__(self, noted: Iterable[LastProposal]) -> None:
        """Take what was noted, the newest first."""
        self._of_run: dict[int, Noted] = {}
        self._of_image: dict[tuple[str, str], Noted] = {}
        for each in noted:
            proposed = Proposed(Step(each.outcome), int(json.loads(each.document)["pull_request"]))
            made = Noted(each.run, each.state, each.digest, each.target_tag, proposed)
            self._of_run[each.run] = made
            self._of_image.setdefault((each.tag, each.digest), made)

    def of_run(self, run: PromotionRun) -> Proposed | None:
        """Return what was last noted of a run's own proposal; None: it was never proposed."""
        found = self._of_run.get(run.id)
        return found.proposed if found else None

    def of_image(self, run: PromotionRun) -> Noted | None:
        """Return what was last noted of any run of the same tag and digest: a no outlasts the promotion's text."""
        return self._of_image.get((run.tag, run.digest))

    def standing_in(self, number: int) -> list[Noted]:
        """List what a pull request may hold."""
        return [each for each in self._of_run.values() if each.may_stand_in(number)]


async def proposals_of(parts: Parts, repository: int, promotion: str) -> Proposals:
    """Gather what was noted of the proposals of a promotion."""
    return Proposals(await parts.store.promotions.proposals(repository, promotion))


async def last_proposed(parts: Parts, run: int) -> Proposed | None:
    """Return what was last noted of a run's proposal; None: it was never proposed."""
    events = await parts.store.promotions.events(run)
    latest = next((event for event in reversed(events) if event.kind is EventKind.PROPOSED), None)
    return None if latest is None else Proposed(Step(latest.outcome), int(json.loads(latest.document)["pull_request"]))


async def note_proposed(parts: Parts, run: int, proposed: Proposed) -> None:
    """Note how far the proposal of a run came, unless that is what was noted last."""
    if await last_proposed(parts, run) != proposed:
        document = json.dumps({"pull_request": proposed.number})
        event = PromotionEvent(EventKind.PROPOSED, parts.clock(), proposed.step.value, document)
        await parts.store.promotions.note(run, event)


async def turned_down(parts: Parts, run: PromotionRun, number: int) -> None:
    """Note that people do not want what a pull request proposed. Raises RunMoved."""
    await note_proposed(parts, run.id, Proposed(Step.TURNED_DOWN, number))
    await denied(parts, run, no_of(number))


async def denied(parts: Parts, run: PromotionRun, reason: str) -> None:
    """End a run that was proposed. It has no tag in the target then: nobody may take it for approved. Raises RunMoved.

    The moment of its decision stays, so the same tag can be made again.
    """
    log.info("promotion.denied", promotion=run.promotion, tag=run.tag, reason=reason)
    over = replace(run, state=RunState.DENIED, reason=reason, target_tag="", ended_at=parts.clock())
    await moved_to(parts, over, run)
    await parts.ask(ReportPromotion(run.installation, run.repository, run.id))


def no_of(number: int) -> str:
    """Say why a run ended whose pull request was closed, or merged without it."""
    return f"Pull request #{number}, which proposed it, was closed or merged without it."


class PeoplesWord:
    """What people said of the proposals of one promotion, by its pull requests. Asks GitHub only where it must."""

    def __init__(self, parts: Parts, client: RepositoryClient, facts: BumpFacts, path: str, bot_login: str) -> None:
        self._parts = parts
        self._client = client
        self._facts = facts
        self._path = path
        self._ours = [each for each in facts.pull_requests if each.author_login == bot_login]
        self._maps: dict[str, PromotedMap] = {}

    async def no_to(self, noted: Noted | None) -> int | None:
        """Return the number of the pull request with which people said no to what is not in the map; else None.

        They did not where it is open, or open again, or where the bot took it back, nor where it went to another branch
        than the default one, which may have been that once. Raises RunMoved where the map holds it by now: it was
        merged while the facts were read.
        """
        if noted is None or noted.proposed.step is Step.TAKEN_BACK:
            return None
        proposed = noted.proposed
        if proposed.step is Step.OPENING:
            return await self._ended_unnoted(noted, proposed.number)
        state, base = await self._state(proposed.number)
        if state is PullRequestState.OPEN:
            return None
        if proposed.step is not Step.TURNED_DOWN and self._is_elsewhere(base):
            return None
        await self._look_again(noted, state)
        return proposed.number

    def _is_elsewhere(self, base: str) -> bool:
        return base not in {"", self._facts.base.branch}

    async def _look_again(self, noted: Noted, state: PullRequestState) -> None:
        """Hold a merge against the default branch as it is now, for what was read of it may be older than the merge."""
        head = await self._client.head() if state is PullRequestState.MERGED else None
        if head is None:
            return
        found = await self._client.files_at(head.commit, [self._path])
        if (await map_in(self._parts, map_text(found.get(self._path)))).holds(noted.digest, noted.target_tag):
            raise RunMoved(f"{noted.target_tag} was merged while its proposal was looked at")

    async def _state(self, number: int) -> tuple[PullRequestState, str]:
        told = next((each for each in self._facts.pull_requests if each.number == number), None)
        if told is not None:
            return told.state, told.base_branch
        found = await self._client.pull_request(number)
        return (PullRequestState.CLOSED, "") if found is None else (found.state, found.base_branch)

    async def _ended_unnoted(self, noted: Noted, after: int) -> int | None:
        """Find the pull request that held a run and ended before its opening could be noted."""
        for each in self._ours:
            is_later = each.number > after and each.state is not PullRequestState.OPEN
            if (
                is_later
                and not self._is_elsewhere(each.base_branch)
                and (await self._map_in(each)).holds(noted.digest, noted.target_tag)
            ):
                await self._look_again(noted, each.state)
                return each.number
        return None

    async def _map_in(self, pull_request: PullRequestFacts) -> PromotedMap:
        if pull_request.head not in self._maps:
            found = await self._client.files_at(pull_request.head, [self._path])
            try:
                self._maps[pull_request.head] = await map_in(self._parts, map_text(found.get(self._path)))
            except MapError:
                self._maps[pull_request.head] = NOTHING_PROMOTED
        return self._maps[pull_request.head]


def map_text(file: TextBlob | None) -> str | None:
    """Give the text of a map as it stands in a commit; None: it is not there. Raises MapError."""
    if file is None:
        return None
    return text_of(file.content if file.mode in FILES else None)


async def map_in(parts: Parts, text: str | None) -> PromotedMap:
    """Read a map; a long one in another process. None: there is no such file. Raises MapError."""
    return await parts.compute(WEIGHT_OF_A_MAP * len(text or ""), read_map, text or "")

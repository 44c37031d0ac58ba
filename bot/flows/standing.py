"""How a bump stands on GitHub now, whatever was remembered: a process may have died between a request and its note."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.bumps import Bump, PullRequestState, fingerprint_in
from bot.store import BumpState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flows.parts import Parts
    from bot.github import BumpFacts, CommitFacts, PullRequestFacts
    from bot.store import BumpRecord


@dataclass(frozen=True, slots=True)
class Where:
    """The group that was asked about, and the branch of its pull request."""

    group: str
    branch: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found.

    `record`: what was remembered. `pull_request`: the open one from our branch, `bump` the same for the core.
    `head`: the branch's newest commit, `fingerprint` the wish that it stands for. `declined`: the wish whose pull
    request a person closed. `foreign`: a sentence when the branch holds somebody else's work, which is never touched.
    """

    record: BumpRecord | None
    pull_request: PullRequestFacts | None = None
    bump: Bump | None = None
    head: str = ""
    fingerprint: str = ""
    declined: str = ""
    foreign: str | None = None

    @property
    def blobs(self) -> Mapping[str, str] | None:
        """The files of the base that the branch's newest commit was made from, by path; None: that is not known.

        What was noted before a commit is about that commit only once the branch has moved on.
        """
        if self.record is None or self.record.fingerprint != self.fingerprint:
            return None
        if self.record.state is BumpState.OPENING and self.record.head == self.head:
            return None
        blobs: Mapping[str, str] | None = json.loads(self.record.proposals).get("blobs")
        return blobs

    @property
    def noted(self) -> bool:
        """Whether the open pull request is remembered as it stands."""
        if self.record is None or self.bump is None or self.record.state is not BumpState.OPEN:
            return False
        return (self.record.pull_request, self.record.head) == (self.bump.pull_request, self.bump.head)


async def standing(parts: Parts, record: BumpRecord | None, where: Where, facts: BumpFacts) -> Standing:
    """Compare what GitHub tells with what was remembered, and remember what has changed."""
    record = await _noted(parts, record, facts)
    declined = record.fingerprint if record is not None and record.state is BumpState.CLOSED else ""
    head = facts.branch_head
    if head is None:
        return Standing(record, declined=declined)
    opened = next((item for item in facts.pull_requests if item.state is PullRequestState.OPEN), None)
    foreign = _foreign(head, opened, (await parts.github.identity()).bot_login)
    if foreign is not None:
        return Standing(record, opened, declined=declined, foreign=foreign)
    fingerprint = fingerprint_in(head.message) or ""
    bump = Bump(where.group, where.branch, opened.base_branch, head.oid, opened.number, fingerprint) if opened else None
    return Standing(record, opened, bump, head.oid, fingerprint, declined)


def _foreign(head: CommitFacts, opened: PullRequestFacts | None, bot_login: str) -> str | None:
    """Say why the branch is not ours to touch: only GitHub's signature under the bot's own commit makes it so."""
    ours = head.author_login == bot_login and head.verified and fingerprint_in(head.message) is not None
    if not ours:
        return f"its newest commit {head.oid[:12]} is not the bot's, and somebody's work is never overwritten"
    if opened is not None and opened.author_login != bot_login:
        return f"its pull request #{opened.number} was opened by somebody else"
    return None


async def _noted(parts: Parts, record: BumpRecord | None, facts: BumpFacts) -> BumpRecord | None:
    """Remember that a pull request of ours was merged, or closed by a person."""
    if record is None or record.state not in {BumpState.OPEN, BumpState.OPENING}:
        return record
    told = next((item for item in facts.pull_requests if _is_of(record, item, facts)), None)
    if told is None or told.state is PullRequestState.OPEN:
        return record
    state = BumpState.MERGED if told.state is PullRequestState.MERGED else BumpState.CLOSED
    noted = replace(record, state=state, pull_request=told.number, updated_at=parts.clock())
    await parts.store.bumps.save(noted)
    return noted


def _is_of(record: BumpRecord, told: PullRequestFacts, facts: BumpFacts) -> bool:
    """Whether a pull request is the recorded one, or the one whose opening could not be recorded any more."""
    if record.state is BumpState.OPEN:
        return told.number == record.pull_request
    head = facts.branch_head
    return head is not None and told.head == head.oid and fingerprint_in(head.message) == record.fingerprint

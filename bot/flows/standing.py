"""How a bump stands on GitHub now, whatever was remembered: a process may have died between a request and its note."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.bumps import Bump, PullRequestState, fingerprint_in
from bot.flows.basis import read_basis
from bot.flows.closing import taken_up_again, turned_down
from bot.flows.noting import let_others_in
from bot.store import BumpState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.github import BumpFacts, CommitFacts, PullRequestCommit, PullRequestFacts
    from bot.store import BumpRecord, Repository


@dataclass(frozen=True, slots=True)
class Where:
    """The group that was asked about, and the branch of its pull request. `anew`: what stands there is given up."""

    group: str
    branch: str
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found.

    `record`: what was remembered. `pull_request`: the open one from our branch, `bump` the same for the core.
    `head`: the branch's newest commit, `fingerprint` the wish that it stands for. `declined`: the wish whose pull
    request a person closed. `people`: the commits on our pull request that are not ours, and stay. `foreign`: a
    sentence when the branch is not ours at all, and is never touched.
    """

    record: BumpRecord | None
    pull_request: PullRequestFacts | None = None
    bump: Bump | None = None
    head: str = ""
    fingerprint: str = ""
    declined: str = ""
    foreign: str | None = None
    people: tuple[str, ...] = ()

    @property
    def blobs(self) -> Mapping[str, str] | None:
        """The files of the base that the branch's newest commit was made from, by path; None: that is not known.

        What was noted before a commit is about that commit only once the branch has moved on.
        """
        if self.record is None or self.record.fingerprint != self.fingerprint:
            return None
        if self.record.state is BumpState.OPENING and self.record.head == self.head:
            return None
        return read_basis(self.record.proposals).blobs

    @property
    def noted(self) -> bool:
        """Whether the open pull request is remembered as it stands."""
        if self.record is None or self.bump is None or self.record.state is not BumpState.OPEN:
            return False
        remembered = (self.record.pull_request, self.record.base)
        # The bot remembers its own commit, which is not the newest one where people committed after it.
        is_ours = bool(self.people) or self.record.head == self.bump.head
        return is_ours and remembered == (self.bump.pull_request, self.bump.base)


async def standing(
    parts: Parts, repository: Repository, record: BumpRecord | None, where: Where, facts: BumpFacts
) -> Standing:
    """Compare what GitHub tells with what was remembered, and remember what has changed."""
    opened = next((item for item in facts.pull_requests if item.state is PullRequestState.OPEN), None)
    record = await _noted(parts, repository, record, where, facts, opened)
    if record is not None and record.state is BumpState.CLOSED and _is_reopened(record, opened):
        await taken_up_again(parts, repository, record)
    declined = record.fingerprint if record is not None and record.state is BumpState.CLOSED else ""
    head = facts.branch_head
    if head is None:
        return Standing(record, declined=declined)
    if opened is None and _half_made(record, where, head):
        return Standing(record, head=head.oid, declined=declined)
    bot_login = (await parts.github.identity()).bot_login
    own = _own_commits(head, opened, where, bot_login)
    given_up = where.anew and opened is not None and opened.author_login == bot_login
    is_done_with = given_up or _was_merged(head, facts, bot_login)
    foreign = None if is_done_with else _foreign(head, opened, own, bot_login) or _unknown(record, opened, where)
    if foreign is None and not is_done_with and opened is None:
        foreign = _others_work(record, head, facts, where, bot_login)
    if foreign is not None:
        return Standing(record, opened, declined=declined, foreign=foreign)
    fingerprint = (fingerprint_in(own[-1].message, where.group) or "") if own else ""
    bump = None if opened is None else _bump(where, opened, head.oid, fingerprint, record)
    people = _people(head, opened, own)
    return Standing(record, opened, bump, head.oid, fingerprint, declined, people=people)


def _was_merged(head: CommitFacts, facts: BumpFacts, bot_login: str) -> bool:
    """Whether all that the branch holds was merged by a pull request of ours: then nobody's work is lost with it."""
    return any(
        each.state is PullRequestState.MERGED and each.head == head.oid and each.author_login == bot_login
        for each in facts.pull_requests
    )


def _is_reopened(record: BumpRecord, opened: PullRequestFacts | None) -> bool:
    return opened is not None and opened.number == record.pull_request


def _own_commits(
    head: CommitFacts, opened: PullRequestFacts | None, where: Where, bot_login: str
) -> list[CommitFacts | PullRequestCommit]:
    """List the commits of ours on the branch, the newest last: on an open pull request also below other people's.

    Only GitHub's signature under the bot's commit for this group makes one ours.
    """
    commits: list[CommitFacts | PullRequestCommit] = [head]
    if opened is not None and opened.author_login == bot_login:
        commits = [*(each for each in opened.commits if each.oid != head.oid), head]
    return [each for each in commits if is_own(each, where.group, bot_login)]


def is_own(commit: CommitFacts | PullRequestCommit, group: str, bot_login: str) -> bool:
    """Whether a commit was made by the bot for a group: signed by GitHub itself, which nobody can forge."""
    is_bot = bool(bot_login) and commit.author_login == bot_login
    return is_bot and commit.verified and fingerprint_in(commit.message, group) is not None


def _people(
    head: CommitFacts, opened: PullRequestFacts | None, own: Sequence[CommitFacts | PullRequestCommit]
) -> tuple[str, ...]:
    """List the commits on our pull request that are not ours; what is not shown of a long one counts as such."""
    if opened is None:
        return ()
    ours = {each.oid for each in own}
    found = dict.fromkeys(each for each in (*(commit.oid for commit in opened.commits), head.oid) if each not in ours)
    unseen = ("and more",) if opened.commits_total > len(opened.commits) else ()
    return (*found, *unseen)


def _bump(where: Where, opened: PullRequestFacts, head: str, fingerprint: str, record: BumpRecord | None) -> Bump:
    proposals = () if record is None else read_basis(record.proposals).proposed
    return Bump(where.group, where.branch, opened.base_branch, head, opened.number, fingerprint, proposals)


def _half_made(record: BumpRecord | None, where: Where, head: CommitFacts) -> bool:
    """Whether the branch is what an opening of ours left that got no further: it stands at the base as that was."""
    if record is None or record.branch != where.branch:
        return False
    was_given_up = record.state is BumpState.CLOSED and record.pull_request is None and not record.fingerprint
    is_ours = record.state is BumpState.OPENING or was_given_up
    return is_ours and head.oid == read_basis(record.proposals).base


def _foreign(
    head: CommitFacts,
    opened: PullRequestFacts | None,
    own: Sequence[CommitFacts | PullRequestCommit],
    bot_login: str,
) -> str | None:
    """Say whose work the branch holds, where it is not ours."""
    if not own:
        return f"its newest commit {head.oid[:12]} is not the bot's, and somebody's work is never overwritten"
    if opened is not None and opened.author_login != bot_login:
        return f"its pull request #{opened.number} was opened by somebody else"
    return None


def _unknown(record: BumpRecord | None, opened: PullRequestFacts | None, where: Where) -> str | None:
    """Say why a branch is left alone although its newest commit is ours.

    A branch that people keep ends at such a commit too, once a bump was squashed into it.
    """
    if opened is not None or (record is not None and record.branch == where.branch):
        return None
    return f"nothing tells that {where.branch} was made for this bump, and somebody's branch is never replaced"


def _others_work(
    record: BumpRecord | None, head: CommitFacts, facts: BumpFacts, where: Where, bot_login: str
) -> str | None:
    """Say why a branch without an open pull request is left alone: below our newest commit may be other people's."""
    if record is not None and head.parents == (read_basis(record.proposals).base,):
        # One commit upon what was the base: there is nothing else.
        return None
    ended = next(
        (each for each in facts.pull_requests if each.commits and each.head in {head.oid, *head.parents}), None
    )
    if ended is None or ended.author_login != bot_login or ended.commits_total > len(ended.commits):
        return "it is not known whose all the commits on it are, and somebody's work is never thrown away"
    theirs = [each for each in ended.commits if not is_own(each, where.group, bot_login)]
    if not theirs:
        return None
    return f"it holds commit {theirs[-1].oid[:12]}, which is not the bot's and was not merged"


async def _noted(  # noqa: PLR0917 - what is compared
    parts: Parts,
    repository: Repository,
    record: BumpRecord | None,
    where: Where,
    facts: BumpFacts,
    opened: PullRequestFacts | None,
) -> BumpRecord | None:
    """Remember that a pull request of ours was merged, or closed by a person."""
    if record is None or record.state not in {BumpState.OPEN, BumpState.OPENING}:
        return record
    told = next((item for item in facts.pull_requests if _is_of(record, item, where, facts)), None)
    if told is None and (record.state is BumpState.OPENING or opened is not None):
        return record
    if told is not None and told.state is PullRequestState.OPEN:
        return record
    # A pull request that is neither open nor told of was closed so long ago that newer ones hide it.
    merged = told is not None and told.state is PullRequestState.MERGED
    number = told.number if told is not None else record.pull_request
    state = BumpState.MERGED if merged else BumpState.CLOSED
    noted = replace(record, state=state, pull_request=number, updated_at=parts.clock())
    if not merged:
        await turned_down(parts, repository, noted)
    await parts.store.bumps.save(noted)
    await parts.store.orders.remove(noted.repository, noted.group)
    await let_others_in(parts, repository)
    return noted


def _is_of(record: BumpRecord, told: PullRequestFacts, where: Where, facts: BumpFacts) -> bool:
    """Whether a pull request is the recorded one, or the one whose opening could not be recorded any more."""
    if record.pull_request is not None:
        return told.number == record.pull_request
    head = facts.branch_head
    made = None if head is None else fingerprint_in(head.message, where.group)
    return head is not None and told.head == head.oid and made == record.fingerprint

"""The merge queue: each pull request with the commit that holds it and all before it, merged once that is green.

https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges:
"Managing a merge queue". Whoever leaves the queue invalidates the groups behind, which are made anew without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.checks import Outcome
from bot.sandbox.git import RefMove
from bot.sandbox.merge_commits import merge_message, merged_commit
from bot.sandbox.model import ZERO_OID, MergeMethod, QueueEntry
from bot.sandbox.refs import HEADS
from bot.sandbox.refusals import MethodNotAllowed, Validation

if TYPE_CHECKING:
    from bot.sandbox.model import Account, PullRequest, Repository
    from bot.sandbox.world import World

QUEUE_BOT = "github-merge-queue[bot]"  # in whose name the queue merges and evicts


class MergeQueue:
    """The queues of all repositories."""

    def __init__(self, world: World) -> None:
        self._world = world

    def entry(self, pull: PullRequest) -> QueueEntry | None:
        """Return the place of a pull request in the queue."""
        return next((entry for entry in pull.repository.queue if entry.pull is pull), None)

    async def enqueue(self, pull: PullRequest, actor: Account, *, expected_head: str | None = None) -> QueueEntry:
        """Put a pull request at the end, with a merge group for its checks; raises Validation."""
        async with pull.repository.lock:
            await self._check(pull, expected_head)
            entry = QueueEntry(*self._world.identify("MQE"), pull, actor, self._world.now(), "", "", "")
            await self._group(entry)
            pull.repository.queue.append(entry)
            self._world.remember(entry)
            await self._world.tell("pull_request", "enqueued", pull.repository, actor, subject=pull)
            await self._tell_group(entry, "checks_requested")
        await self.settle(pull.repository, entry.group_oid)
        return entry

    async def dequeue(self, pull: PullRequest, actor: Account, reason: str) -> None:
        """Take a pull request out; raises Validation where it is not in. ``reason`` is a word of GitHub's event."""
        async with pull.repository.lock:
            if self.entry(pull) is None:
                raise Validation("Pull request is not in the merge queue")
            await self.drop(pull, actor, reason)

    async def drop(self, pull: PullRequest, actor: Account, reason: str = "MANUAL") -> None:
        """Take a pull request out if it is in. The caller holds the lock."""
        entry = self.entry(pull)
        if entry is None:
            return
        behind = pull.repository.queue[pull.repository.queue.index(entry) + 1 :]
        await self._leave(entry, actor, reason, "dequeued")
        await self._renew(behind)

    async def settle(self, repository: Repository, oid: str) -> None:
        """Something was said about a commit: merge or evict whose group it is."""
        for entry in [entry for entry in repository.queue if entry.group_oid == oid]:
            await self._try(entry)

    async def _check(self, pull: PullRequest, expected_head: str | None) -> None:
        if not self._world.rules.has_merge_queue(pull.repository, pull.base_branch):
            raise Validation("Merge queue is not enabled for this branch")
        if expected_head is not None and expected_head != pull.head_oid:
            raise Validation("Head branch was modified. Review and try the merge again.")
        if self.entry(pull):
            raise Validation("Pull request is already in the queue")
        if pull.state != "open" or pull.draft or not await self._world.pulls.merges(pull):
            raise Validation("Pull request is not mergeable")
        if reason := self._world.merging.obstacle(pull):
            raise Validation(reason)

    async def _group(self, entry: QueueEntry) -> None:
        """Make the group of an entry on top of the one before it, or of the base; raises MethodNotAllowed."""
        pull, repository = entry.pull, entry.pull.repository
        base = await repository.git.branch(pull.base_branch)
        assert base is not None
        ahead = [other for other in repository.queue if other.pull.base_branch == pull.base_branch]
        ahead = ahead[: ahead.index(entry)] if entry in ahead else ahead
        onto = ahead[-1].group_oid if ahead else base
        parameters = self._world.rules.find(repository, pull.base_branch, "merge_queue") or {}
        method = MergeMethod(str(parameters.get("merge_method", "MERGE")).lower())
        message = await merge_message(pull, onto, method, None, None)
        entry.group_oid = await merged_commit(
            self._world.refs, pull, onto, method, actor=entry.enqueued_by, message=message
        )
        entry.base_oid, entry.group_branch = onto, f"gh-readonly-queue/{pull.base_branch}/pr-{pull.number}-{onto}"
        await self._world.refs.apply(
            repository, [RefMove(HEADS + entry.group_branch, ZERO_OID, entry.group_oid)], self._bot
        )

    async def _renew(self, entries: list[QueueEntry]) -> None:
        """Make groups anew that held what has left; who conflicts now leaves too. The caller holds the lock."""
        for entry in entries:
            await self._end_group(entry, "invalidated")
        for entry in entries:
            try:
                await self._group(entry)
            except MethodNotAllowed:
                await self._forget(entry, self._bot, "MERGE_CONFLICT")
            else:
                await self._tell_group(entry, "checks_requested")

    async def _try(self, entry: QueueEntry) -> None:
        """Merge the group of the first entry if its required checks are green; evict it if one failed."""
        pull, repository = entry.pull, entry.pull.repository
        required = self._world.rules.required_checks(repository, pull.base_branch)
        outcomes = [self._world.checks.outcome(repository, entry.group_oid, check) for check in required]
        if Outcome.FAILURE in outcomes:
            await self.dequeue(pull, self._bot, "CI_FAILURE")
        elif all(outcome is Outcome.SUCCESS for outcome in outcomes) and repository.queue[0] is entry:
            await self._finish(entry)
            for following in repository.queue[:1]:
                await self._try(following)

    async def _finish(self, entry: QueueEntry) -> None:
        pull, repository = entry.pull, entry.pull.repository
        async with repository.lock:
            base = await repository.git.branch(pull.base_branch)
            assert base is not None
            if not await repository.git.is_ancestor(base, entry.group_oid):  # somebody pushed past the queue
                await self._renew(list(repository.queue))
                return
            await self._leave(entry, self._bot, "MERGE", "merged")
            await self._world.pulls.mark_merged(pull, entry.group_oid, self._bot)
            move = RefMove(HEADS + pull.base_branch, base, entry.group_oid)
            await self._world.refs.apply(repository, [move], self._bot)

    async def _leave(self, entry: QueueEntry, actor: Account, reason: str, end: str) -> None:
        await self._end_group(entry, end)
        await self._forget(entry, actor, reason)

    async def _forget(self, entry: QueueEntry, actor: Account, reason: str) -> None:
        pull = entry.pull
        pull.repository.queue.remove(entry)
        await self._world.tell("pull_request", "dequeued", pull.repository, actor, subject=pull, reason=reason)

    async def _end_group(self, entry: QueueEntry, reason: str) -> None:
        await self._tell_group(entry, "destroyed", reason=reason)
        move = RefMove(HEADS + entry.group_branch, entry.group_oid, ZERO_OID)
        await self._world.refs.apply(entry.pull.repository, [move], self._bot)

    async def _tell_group(self, entry: QueueEntry, action: str, **details: str) -> None:
        repository = entry.pull.repository
        await self._world.tell("merge_group", action, repository, self._bot, subject=entry, **details)

    @property
    def _bot(self) -> Account:
        return self._world.add_account(QUEUE_BOT, "Bot")

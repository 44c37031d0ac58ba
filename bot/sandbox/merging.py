"""How pull requests become part of their base: at once, when their checks turn green, or through the merge queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.checks import Outcome
from bot.sandbox.git import RefMove
from bot.sandbox.merge_commits import merge_message, merged_commit
from bot.sandbox.model import ZERO_OID, AutoMerge, MergeMethod
from bot.sandbox.pulls import MergeState
from bot.sandbox.queueing import MergeQueue
from bot.sandbox.refs import HEADS
from bot.sandbox.refusals import Conflict, MethodNotAllowed, NotAuthorized, Refusal, Validation
from bot.sandbox.rules import VIOLATIONS, expected

if TYPE_CHECKING:
    from bot.sandbox.model import Account, PullRequest, QueueEntry, Repository
    from bot.sandbox.world import World

NO_CONFLICTS = "Pull Request is not mergeable"


class Merging:
    """Merges, and keeps the promises of auto-merge and the merge queue."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.queue = MergeQueue(world)

    async def merge(
        self,
        pull: PullRequest,
        actor: Account,
        *,
        method: MergeMethod = MergeMethod.MERGE,
        expected_head: str | None = None,
        title: str | None = None,
        message: str | None = None,
    ) -> str:
        """Merge now; returns the commit. Raises Conflict for another head, MethodNotAllowed with GitHub's reason."""
        async with pull.repository.lock:
            if expected_head is not None and expected_head != pull.head_oid:
                raise Conflict("Head branch was modified. Review and try the merge again.")
            await self._check(pull, actor, method)
            return await self._merge(pull, actor, method, title, message)

    def obstacle(self, pull: PullRequest) -> str | None:
        """Tell what protection still asks for, in GitHub's words; None where nothing stands in the way."""
        repository, rules, checks = pull.repository, self._world.rules, self._world.checks
        required = rules.required_checks(repository, pull.base_branch)
        outcomes = {check: checks.outcome(repository, pull.head_oid, check) for check in required}
        missing = [check for check, outcome in outcomes.items() if outcome in {Outcome.EXPECTED, Outcome.PENDING}]
        failing = [check for check, outcome in outcomes.items() if outcome is Outcome.FAILURE]
        if failing:
            return f'Required status check "{failing[0].context}" is failing.'
        if missing:
            return expected(missing)
        approvals = rules.required_approvals(repository, pull.base_branch)
        if len(pull.approvals) < approvals:
            return f"At least {approvals} approving review is required by reviewers with write access."
        if rules.needs_resolution(repository, pull.base_branch) and not all(thread.resolved for thread in pull.threads):
            return "A conversation must be resolved before this pull request can be merged."
        return None

    async def is_behind(self, pull: PullRequest) -> bool:
        """Whether the base must be, and is not, part of the head."""
        if not self._world.rules.strict(pull.repository, pull.base_branch):
            return False
        base = await pull.repository.git.branch(pull.base_branch)
        return base is not None and not await pull.repository.git.is_ancestor(base, pull.head_oid)

    async def enable_auto_merge(
        self,
        pull: PullRequest,
        actor: Account,
        *,
        method: MergeMethod = MergeMethod.MERGE,
        expected_head: str | None = None,
        title: str | None = None,
        message: str | None = None,
    ) -> None:
        """Merge as soon as it may; raises Validation where the repository forbids it or it may be merged now."""
        if not pull.repository.allow_auto_merge:
            raise Validation("Auto merge is not allowed for this repository")
        if expected_head is not None and expected_head != pull.head_oid:
            raise Validation("Head branch was modified. Review and try the merge again.")
        if method not in pull.repository.merge_methods:
            raise Validation(_forbidden(method))
        if pull.draft or pull.state != "open":
            raise Validation("Pull request is in draft status" if pull.draft else "Pull request is closed")
        state = await self._world.pulls.merge_state(pull, await self._world.pulls.merges(pull))
        if state in {MergeState.CLEAN, MergeState.UNSTABLE}:
            raise Validation(f"Pull request is in {state.value} status")
        pull.auto_merge = AutoMerge(actor, method, self._world.now(), title, message)
        await self._world.tell("pull_request", "auto_merge_enabled", pull.repository, actor, subject=pull)

    async def disable_auto_merge(self, pull: PullRequest, actor: Account) -> None:
        """No longer merge by itself; raises Validation where it would not."""
        if pull.auto_merge is None:
            raise Validation("Can't disable auto-merge for this pull request.")
        pull.auto_merge = None
        await self._world.tell(
            "pull_request", "auto_merge_disabled", pull.repository, actor, subject=pull, reason="manual"
        )

    async def enqueue(self, pull: PullRequest, actor: Account, *, expected_head: str | None = None) -> QueueEntry:
        """Put a pull request into the merge queue; raises as ``MergeQueue.enqueue``."""
        return await self.queue.enqueue(pull, actor, expected_head=expected_head)

    async def dequeue(self, pull: PullRequest, actor: Account, reason: str = "MANUAL") -> None:
        """Take a pull request out of the queue; raises Validation where it is not in it."""
        await self.queue.dequeue(pull, actor, reason)

    def entry(self, pull: PullRequest) -> QueueEntry | None:
        """Return the place of a pull request in the queue."""
        return self.queue.entry(pull)

    async def settle(self, repository: Repository, oid: str) -> None:
        """Something was said about a commit: do what auto-merge and the queue have promised."""
        for pull in [pull for pull in repository.pulls if pull.auto_merge and pull.head_oid == oid]:
            await self._try_auto_merge(pull)
        await self.queue.settle(repository, oid)

    async def _check(self, pull: PullRequest, actor: Account, method: MergeMethod) -> None:
        if pull.state != "open":
            raise MethodNotAllowed(NO_CONFLICTS)
        if pull.draft:
            raise MethodNotAllowed("Pull Request is still a draft")
        if not await self._world.pulls.merges(pull):
            raise MethodNotAllowed(NO_CONFLICTS)
        if method not in pull.repository.merge_methods:
            raise MethodNotAllowed(_forbidden(method))
        if not self._world.rules.may_push(pull.repository, pull.base_branch, actor):
            raise MethodNotAllowed(NotAuthorized().message)
        if self._world.rules.has_merge_queue(pull.repository, pull.base_branch):
            raise MethodNotAllowed(f"{VIOLATIONS}Changes must be made through the merge queue\n\n")
        if reason := self.obstacle(pull):
            raise MethodNotAllowed(self._worded(pull, reason))
        if await self.is_behind(pull):
            raise Conflict("Head branch is out of date. Review and try the merge again.")

    def _worded(self, pull: PullRequest, reason: str) -> str:
        ruled = self._world.rules.rulesets(pull.repository, pull.base_branch)
        return f"{VIOLATIONS}{reason}\n\n" if ruled else reason

    async def _merge(
        self, pull: PullRequest, actor: Account, method: MergeMethod, title: str | None, message: str | None
    ) -> str:
        """Merge; the caller holds the lock and has checked that it may be."""
        repository, branch = pull.repository, pull.base_branch
        base = await repository.git.branch(branch)
        assert base is not None
        words = await merge_message(pull, base, method, title, message)
        oid = await merged_commit(self._world.refs, pull, base, method, actor=actor, message=words)
        await self._world.pulls.mark_merged(pull, oid, actor)
        moves = [RefMove(HEADS + branch, base, oid)]
        await self._world.refs.apply(repository, moves, actor)
        head = await repository.git.branch(pull.head_branch)
        if repository.delete_branch_on_merge and head and pull.fork is None:
            await self._world.refs.apply(repository, [RefMove(HEADS + pull.head_branch, head, ZERO_OID)], actor)
        return oid

    async def _try_auto_merge(self, pull: PullRequest) -> None:
        wish = pull.auto_merge
        assert wish is not None
        try:
            if self._world.rules.has_merge_queue(pull.repository, pull.base_branch):
                await self.enqueue(pull, wish.enabled_by)
            else:
                await self.merge(pull, wish.enabled_by, method=wish.method, title=wish.title, message=wish.message)
        except Refusal:
            return


def _forbidden(method: MergeMethod) -> str:
    """Say that the repository has switched a method off: GitHub calls the first one otherwise than the rest."""
    merges = "Merge commits" if method is MergeMethod.MERGE else f"{method.value.capitalize()} merges"
    return f"{merges} are not allowed on this repository."

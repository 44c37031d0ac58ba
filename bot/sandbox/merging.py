"""How pull requests become part of their base: at once, when their checks turn green, or through the merge queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.checks import Outcome
from bot.sandbox.git import Commit, RefMove
from bot.sandbox.model import ZERO_OID, AutoMerge, MergeMethod, PullRequest, QueueEntry
from bot.sandbox.pulls import MergeState
from bot.sandbox.refs import HEADS
from bot.sandbox.refusals import Conflict, Forbidden, MethodNotAllowed, NotAuthorized, Refusal, Validation
from bot.sandbox.rules import VIOLATIONS, expected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.git import GitRepository, Signature
    from bot.sandbox.model import Account, Repository
    from bot.sandbox.world import World

NO_CONFLICTS = "Pull Request is not mergeable"


class Merging:
    """Merges, and keeps the promises of auto-merge and the merge queue."""

    def __init__(self, world: World) -> None:
        self._world = world

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
        """Put a pull request into the merge queue, with a merge group for its checks; raises Validation."""
        async with pull.repository.lock:
            await self._check_enqueueing(pull, expected_head)
            entry = await self._group(pull, actor)
        await self._world.tell("merge_group", "checks_requested", pull.repository, actor, subject=entry)
        await self.settle(pull.repository, entry.group_oid)
        return entry

    async def dequeue(self, pull: PullRequest, actor: Account, reason: str = "DEQUEUED") -> None:
        """Take a pull request out of the queue; raises Validation where it is not in it."""
        entry = self.entry(pull)
        if entry is None:
            raise Validation("Pull request is not in the merge queue")
        async with pull.repository.lock:
            await self._leave_queue(entry, actor)
        await self._world.tell("pull_request", "dequeued", pull.repository, actor, subject=pull, reason=reason)

    def entry(self, pull: PullRequest) -> QueueEntry | None:
        """Return the place of a pull request in the queue."""
        return next((entry for entry in pull.repository.queue if entry.pull is pull), None)

    async def settle(self, repository: Repository, oid: str) -> None:
        """Something was said about a commit: do what auto-merge and the queue have promised."""
        for pull in [pull for pull in repository.pulls if pull.auto_merge and pull.head_oid == oid]:
            await self._try_auto_merge(pull)
        for entry in [entry for entry in repository.queue if entry.group_oid == oid]:
            await self._try_queue(entry)

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
        oid = await self._merged_commit(pull, actor, base, method, await _message(pull, base, method, title, message))
        await self._world.pulls.mark_merged(pull, oid, actor)
        moves = [RefMove(HEADS + branch, base, oid)]
        await self._world.refs.apply(repository, moves, actor)
        head = await repository.git.branch(pull.head_branch)
        if repository.delete_branch_on_merge and head:
            await self._world.refs.apply(repository, [RefMove(HEADS + pull.head_branch, head, ZERO_OID)], actor)
        return oid

    async def _merged_commit(
        self, pull: PullRequest, actor: Account, base: str, method: MergeMethod, message: str
    ) -> str:
        """Make the commit that the base moves to."""
        git, refs = pull.repository.git, self._world.refs
        if method is MergeMethod.REBASE:
            return await _rebased(git, base, pull.head_oid, refs.github_signature())
        tree = await git.merged_tree(base, pull.head_oid)
        assert tree is not None
        author = pull.author if method is MergeMethod.SQUASH else actor
        parents = [base] if method is MergeMethod.SQUASH else [base, pull.head_oid]
        signatures = {"author": refs.signature(author), "committer": refs.github_signature()}
        oid = await git.write_commit(tree, parents, message, **signatures)
        pull.repository.verified.add(oid)
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

    async def _check_enqueueing(self, pull: PullRequest, expected_head: str | None) -> None:
        if not self._world.rules.has_merge_queue(pull.repository, pull.base_branch):
            raise Validation("Merge queue is not enabled for this branch")
        if expected_head is not None and expected_head != pull.head_oid:
            raise Validation("Head branch was modified. Review and try the merge again.")
        if self.entry(pull):
            raise Validation("Pull request is already in the queue")
        if pull.state != "open" or pull.draft or not await self._world.pulls.merges(pull):
            raise Validation("Pull request is not mergeable")
        if reason := self.obstacle(pull):
            raise Validation(reason)

    async def _group(self, pull: PullRequest, actor: Account) -> QueueEntry:
        repository = pull.repository
        base = await repository.git.branch(pull.base_branch)
        assert base is not None
        last = repository.queue[-1].group_oid if repository.queue else base
        parameters = self._world.rules.find(repository, pull.base_branch, "merge_queue") or {}
        method = MergeMethod(str(parameters.get("merge_method", "MERGE")).lower())
        message = await _message(pull, last, method, None, None)
        oid = await self._merged_commit(pull, actor, last, method, message)
        branch = f"gh-readonly-queue/{pull.base_branch}/pr-{pull.number}-{last}"
        await self._world.refs.apply(repository, [RefMove(HEADS + branch, ZERO_OID, oid)], self._world.web)
        identity = self._world.identify("MQE")
        entry = QueueEntry(*identity, pull, actor, self._world.now(), branch, oid, last)
        repository.queue.append(entry)
        self._world.remember(entry)
        return entry

    async def _try_queue(self, entry: QueueEntry) -> None:
        """Merge the group of the first entry if its required checks are green; remove it if one failed."""
        pull, repository = entry.pull, entry.pull.repository
        required = self._world.rules.required_checks(repository, pull.base_branch)
        outcomes = [self._world.checks.outcome(repository, entry.group_oid, check) for check in required]
        if Outcome.FAILURE in outcomes:
            await self.dequeue(pull, entry.enqueued_by, "CI_FAILURE")
        elif all(outcome is Outcome.SUCCESS for outcome in outcomes) and repository.queue[0] is entry:
            await self._finish(entry)
            for following in repository.queue[:1]:
                await self._try_queue(following)

    async def _finish(self, entry: QueueEntry) -> None:
        pull, repository, actor = entry.pull, entry.pull.repository, entry.enqueued_by
        async with repository.lock:
            base = await repository.git.branch(pull.base_branch)
            assert base is not None
            await self._world.pulls.mark_merged(pull, entry.group_oid, actor)
            await self._world.refs.apply(repository, [RefMove(HEADS + pull.base_branch, base, entry.group_oid)], actor)
            await self._leave_queue(entry, actor)

    async def _leave_queue(self, entry: QueueEntry, actor: Account) -> None:
        repository = entry.pull.repository
        repository.queue.remove(entry)
        move = RefMove(HEADS + entry.group_branch, entry.group_oid, ZERO_OID)
        await self._world.refs.apply(repository, [move], actor)


def _forbidden(method: MergeMethod) -> str:
    """Say that the repository has switched a method off: GitHub calls the first one otherwise than the rest."""
    merges = "Merge commits" if method is MergeMethod.MERGE else f"{method.value.capitalize()} merges"
    return f"{merges} are not allowed on this repository."


async def _message(pull: PullRequest, base: str, method: MergeMethod, title: str | None, message: str | None) -> str:
    """Write the message of a merge: what was asked for, else GitHub's own.

    https://docs.github.com/pull-requests: "About merge methods", default commit messages. One commit that is squashed
    keeps its own, trailers included.
    """
    if method is MergeMethod.MERGE:
        default = f"Merge pull request #{pull.number} from {pull.repository.owner.login}/{pull.head_branch}"
        return _whole(title or default, pull.title if message is None else message)
    commits = await pull.repository.git.commits_between(base, pull.head_oid)
    subject, _, body = commits[0].message.partition("\n") if len(commits) == 1 else (pull.title, "", _listed(commits))
    return _whole(title or f"{subject} (#{pull.number})", body.strip() if message is None else message)


def _listed(commits: Sequence[Commit]) -> str:
    return "\n\n".join(f"* {commit.message.strip()}" for commit in commits)


def _whole(title: str, body: str) -> str:
    return f"{title}\n\n{body}".strip()


async def _rebased(git: GitRepository, base: str, head: str, committer: Signature) -> str:
    """Each commit of the head again, on top of the base, without a signature; raises MethodNotAllowed at a conflict."""
    onto = base
    for commit in await git.commits_between(base, head):
        onto = await _picked(git, commit, onto, committer)
    return onto


async def _picked(git: GitRepository, commit: Commit, onto: str, committer: Signature) -> str:
    """One commit's change on top of another: a merge whose common ancestor is the commit's own parent."""
    there = await git.commit(onto)
    if there is None or len(commit.parents) != 1:
        raise Forbidden("This branch can't be rebased")
    stand_in = await git.write_commit(there.tree, commit.parents, "stand-in", author=committer, committer=committer)
    tree = await git.merged_tree(stand_in, commit.oid)
    if tree is None:
        raise MethodNotAllowed("This branch can't be rebased due to conflicts")
    return await git.write_commit(tree, [onto], commit.message, author=commit.author, committer=committer)

"""Pull requests from opening to closing, and how they follow their branches.

The rule that bites bots: a pull request whose head has nothing ahead of its base, even for a moment, is closed, and
cannot be reopened.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.sandbox.model import ZERO_OID, PullRequest
from bot.sandbox.refs import HEADS
from bot.sandbox.refusals import FieldError, Validation, check_body

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.sandbox.git import RefMove
    from bot.sandbox.model import Account, Repository
    from bot.sandbox.world import World


class MergeState(StrEnum):
    """Why a pull request can or cannot be merged now, as GitHub names it."""

    CLEAN = "clean"
    UNSTABLE = "unstable"
    BLOCKED = "blocked"
    BEHIND = "behind"
    DIRTY = "dirty"
    DRAFT = "draft"
    UNKNOWN = "unknown"


class PullRequests:
    """The pull requests of all repositories."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def open(
        self,
        repository: Repository,
        *,
        head: str,
        base: str,
        title: str,
        body: str | None,
        actor: Account,
        draft: bool = False,
        maintainer_can_modify: bool = False,
    ) -> PullRequest:
        """Open a pull request from ``head`` (``branch`` or ``owner:branch``) into ``base``; raises Validation."""
        check_body("PullRequest", body)
        async with repository.lock:
            home, branch, base = *self._home(repository, head), base.removeprefix(HEADS)
            head_oid, base_oid = await self._ends(repository, home, branch, base)
            if home is not repository:
                await repository.git.take(home.git, head_oid)
            ends = (home, branch, base)
            await self._check_opening(repository, ends, head_oid, base_oid)
            now, (number, node) = self._world.now(), self._world.identify("PR")
            pull = PullRequest(
                id=number,
                node_id=node,
                issue_node_id=self._world.identify("I")[1],
                number=self._world.issues.next_number(repository),
                repository=repository,
                title=title,
                body=body,
                author=actor,
                created_at=now,
                updated_at=now,
                head_branch=branch,
                head_oid=head_oid,
                base_branch=base,
                base_oid=base_oid,
                fork=None if home is repository else home,
                draft=draft,
                maintainer_can_modify=maintainer_can_modify,
            )
            repository.issues[pull.number] = pull
            self._world.remember(pull)
            await self._tell("opened", pull, actor)
        return pull

    async def update(
        self,
        pull: PullRequest,
        actor: Account,
        *,
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
    ) -> None:
        """Change title, body or base branch (None: leave it); raises Validation."""
        check_body("PullRequest", body)
        async with pull.repository.lock:
            changes: dict[str, Any] = {}
            if base is not None and base.removeprefix(HEADS) != pull.base_branch:
                changes["base"] = {"ref": {"from": pull.base_branch}, "sha": {"from": pull.base_oid}}
                await self._change_base(pull, base.removeprefix(HEADS))
            if title is not None and title != pull.title:
                changes["title"] = {"from": pull.title}
                pull.title = title
            if body is not None and body != pull.body:
                changes["body"] = {"from": pull.body or ""}
                pull.body = body
            self._touch(pull)
            if changes:
                await self._tell("edited", pull, actor, changes=changes)

    async def close(self, pull: PullRequest, actor: Account) -> None:
        """Close without merging; closing what is closed changes nothing."""
        async with pull.repository.lock:
            await self._close(pull, actor)

    async def reopen(self, pull: PullRequest, actor: Account) -> None:
        """Open it again; raises Validation where its branch is gone, emptied or force-pushed, or another is open."""
        async with pull.repository.lock:
            if pull.state == "open":
                return
            head_oid = await self._check_reopening(pull)
            pull.state, pull.closed_at, pull.closed_by, pull.head_oid = "open", None, None, head_oid
            await self._world.reviews.follow(pull)
            self._touch(pull)
            await self._tell("reopened", pull, actor)

    async def mark_ready(self, pull: PullRequest, actor: Account) -> None:
        """No longer a draft."""
        pull.draft = False
        self._touch(pull)
        await self._tell("ready_for_review", pull, actor)

    async def follow(self, repository: Repository, move: RefMove, actor: Account) -> None:
        """Let open pull requests follow a branch that has moved. The caller holds the lock."""
        branch, parent = move.ref.removeprefix(HEADS), repository.parent
        brought = await repository.git.brought(move)
        for pull in [pull for pull in [*repository.pulls, *(parent.pulls if parent else ())] if pull.state == "open"]:
            if (pull.home, pull.head_branch) == (repository, branch):
                await self._follow_head(pull, move, actor)
            elif (pull.repository, pull.base_branch) == (repository, branch):
                await self._follow_base(pull, move, brought, actor)

    async def mark_merged(self, pull: PullRequest, commit: str, actor: Account) -> None:
        """Record that it was merged as a commit. The caller holds the lock."""
        now = self._world.now()
        pull.state, pull.closed_at, pull.closed_by = "closed", now, actor
        pull.merged_at, pull.merged_by, pull.merge_commit_oid = now, actor, commit
        self._touch(pull)
        await self._tell("closed", pull, actor)

    async def mergeable(self, pull: PullRequest) -> bool | None:
        """Whether it merges without conflict; None while GitHub has not worked it out, or it is closed."""
        if pull.state != "open":
            return None
        if pull.unknown_mergeability > 0:
            pull.unknown_mergeability -= 1
            return None
        return await self.merges(pull)

    async def merges(self, pull: PullRequest) -> bool:
        """Whether head and base merge without conflict."""
        base = await pull.repository.git.branch(pull.base_branch)
        return base is not None and await pull.repository.git.merged_tree(base, pull.head_oid) is not None

    async def merge_state(self, pull: PullRequest, mergeable: bool | None) -> MergeState:
        """GitHub's one word for what stands in the way, from the answer of ``mergeable``."""
        if mergeable is None:
            return MergeState.UNKNOWN
        if not mergeable:
            return MergeState.DIRTY
        if pull.draft:
            return MergeState.DRAFT
        if self._world.merging.obstacle(pull):
            return MergeState.BLOCKED
        if await self._world.merging.is_behind(pull):
            return MergeState.BEHIND
        return MergeState.CLEAN if self._world.checks.all_good(pull.repository, pull.head_oid) else MergeState.UNSTABLE

    def _home(self, repository: Repository, head: str) -> tuple[Repository, str]:
        """Return the repository and the branch that ``branch`` or ``owner:branch`` means; raises Validation."""
        owner, _, branch = head.removeprefix(HEADS).rpartition(":")
        if owner.lower() in {"", repository.owner.login.lower()}:
            return repository, branch
        for found in self._world.repositories.values():
            if found.parent is repository and found.owner.login.lower() == owner.lower():
                return found, branch
        raise Validation(errors=(FieldError("PullRequest", "invalid", "head"),), said="Head ref must be a branch")

    async def _ends(self, repository: Repository, home: Repository, head: str, base: str) -> tuple[str, str]:
        head_oid, base_oid = await home.git.branch(head), await repository.git.branch(base)
        missing = [field for field, oid in (("head", head_oid), ("base", base_oid)) if oid is None]
        if head_oid is None or base_oid is None:
            said = [f"{field.capitalize()} sha can't be blank" for field in missing]
            said += [f"{field.capitalize()} ref must be a branch" for field in missing]
            errors = tuple(FieldError("PullRequest", "invalid", field) for field in missing)
            raise Validation(errors=errors, said=", ".join(said))
        return head_oid, base_oid

    async def _check_opening(
        self, repository: Repository, ends: tuple[Repository, str, str], head_oid: str, base_oid: str
    ) -> None:
        home, head, base = ends
        if self._open_one(repository, ends):
            raise _custom(f"A pull request already exists for {home.owner.login}:{head}.")
        if not await repository.git.ahead(base_oid, head_oid):
            raise _custom(f"No commits between {base} and {head}")
        if not await repository.git.merge_base(base_oid, head_oid):
            raise _custom(f"The {head} branch has no history in common with {base}")

    def _open_one(self, repository: Repository, ends: tuple[Repository, str, str]) -> PullRequest | None:
        still = (pull for pull in repository.pulls if pull.state == "open")
        return next((pull for pull in still if (pull.home, pull.head_branch, pull.base_branch) == ends), None)

    async def _change_base(self, pull: PullRequest, base: str) -> None:
        head_oid, base_oid = await self._ends(pull.repository, pull.home, pull.head_branch, base)
        await self._check_opening(pull.repository, (pull.home, pull.head_branch, base), head_oid, base_oid)
        pull.base_branch, pull.base_oid = base, base_oid
        await self._world.reviews.follow(pull)

    async def _check_reopening(self, pull: PullRequest) -> str:
        """Return the head it would stand at; raises Validation with GitHub's sentence."""
        git, branch = pull.repository.git, pull.head_branch
        head, base = await pull.home.git.branch(branch), await git.branch(pull.base_branch)
        if pull.merged:
            raise _state_stays("The pull request was merged.")
        if head is None or base is None:
            raise _state_stays(f"The {branch if head is None else pull.base_branch} branch has been deleted.")
        if pull.emptied or not await git.is_ancestor(pull.head_oid, head):
            raise _state_stays(f"The {branch} branch was force-pushed or recreated.")
        if not await git.ahead(base, head):
            raise _state_stays(f"There are no new commits on the {branch} branch.")
        if self._open_one(pull.repository, (pull.home, branch, pull.base_branch)):
            ends = f"from {pull.home.owner.login}:{branch} to {pull.base_branch}"
            raise _state_stays(f"There is already an open pull request {ends}.")
        return head

    async def _follow_head(self, pull: PullRequest, move: RefMove, actor: Account) -> None:
        base = await pull.repository.git.branch(pull.base_branch)
        if pull.fork is not None and move.after != ZERO_OID:
            await pull.repository.git.take(pull.fork.git, move.after)
        if move.after == ZERO_OID or base is None:
            await self._close(pull, actor)
        elif not await pull.repository.git.ahead(base, move.after):
            pull.emptied = True
            await self._close(pull, actor)
        else:
            pull.head_oid, pull.base_oid = move.after, base
            await self._world.reviews.follow(pull)
            self._touch(pull)
            await self._tell("synchronize", pull, actor, before=move.before, after=move.after)

    async def _follow_base(self, pull: PullRequest, move: RefMove, brought: Collection[str], actor: Account) -> None:
        if move.after == ZERO_OID:
            await self._close(pull, actor)
        elif pull.head_oid in brought:
            await self.mark_merged(pull, move.after, actor)

    async def _close(self, pull: PullRequest, actor: Account) -> None:
        if pull.state == "closed":
            return
        pull.state, pull.closed_at, pull.closed_by, pull.auto_merge = "closed", self._world.now(), actor, None
        await self._world.merging.queue.drop(pull, actor)
        self._touch(pull)
        await self._tell("closed", pull, actor)

    def _touch(self, pull: PullRequest) -> None:
        pull.updated_at = self._world.now()

    async def _tell(self, action: str, pull: PullRequest, actor: Account, **details: object) -> None:
        await self._world.tell("pull_request", action, pull.repository, actor, subject=pull, **details)


def _custom(message: str) -> Validation:
    return Validation(errors=(FieldError("PullRequest", "custom", message=message),))


def _state_stays(reason: str) -> Validation:
    message = f"state cannot be changed. {reason}"
    return Validation(errors=(FieldError("PullRequest", "invalid", "state", message),))

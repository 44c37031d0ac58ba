"""Branches and commits: how refs move, one at a time or all together, and what GitHub refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.git import Commit, GitFailed, RefMove, Signature
from bot.sandbox.model import GHOST_EMAIL, ZERO_OID
from bot.sandbox.refusals import NotFound, StaleData, Validation
from bot.sandbox.rules import Push

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.sandbox.model import Account, Repository
    from bot.sandbox.world import World

HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """A wished move. ``before`` None: wherever it stands; zeros: it must not exist. ``after`` zeros: delete it."""

    ref: str  # full name
    after: str
    before: str | None = None
    force: bool = False


class Refs:
    """The refs of all repositories. Public methods take the repository's lock; ``apply`` is for who holds it."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def create(self, repository: Repository, ref: str, oid: str, actor: Account) -> str:
        """Create a ref; returns the oid. Raises Validation."""
        await self._check_name(repository, ref)
        async with repository.lock:
            if await repository.git.resolve(ref):
                raise Validation("Reference already exists")
            await self._change(repository, [RefUpdate(ref, oid, ZERO_OID)], actor)
        return oid

    async def update(self, repository: Repository, ref: str, oid: str, actor: Account, *, force: bool = False) -> str:
        """Move a ref; returns the oid. Raises Validation where it is missing or, without force, not a fast forward."""
        async with repository.lock:
            if not await repository.git.resolve(ref):
                raise Validation("Reference does not exist")
            await self._change(repository, [RefUpdate(ref, oid, force=force)], actor)
        return oid

    async def delete(self, repository: Repository, ref: str, actor: Account) -> None:
        """Delete a ref; raises Validation where it is missing or the default branch."""
        async with repository.lock:
            if not await repository.git.resolve(ref):
                raise Validation("Reference does not exist")
            await self._change(repository, [RefUpdate(ref, ZERO_OID)], actor)

    async def update_all(self, repository: Repository, updates: Sequence[RefUpdate], actor: Account) -> None:
        """Move several refs, all or none; raises Validation for the first that cannot move."""
        if len({update.ref for update in updates}) < len(updates):
            raise Validation("The same ref cannot be updated twice in one request.")
        for update in updates:
            await self._check_name(repository, update.ref)
        async with repository.lock:
            await self._change(repository, updates, actor)

    async def commit(
        self,
        repository: Repository,
        branch: str,
        *,
        expected_head_oid: str,
        additions: Mapping[str, bytes],
        deletions: Collection[str],
        message: str,
        actor: Account,
    ) -> Commit:
        """Put one verified commit on a branch, authored by the actor; every file written becomes 100644.

        Raises NotFound without the branch, StaleData where it does not stand at ``expected_head_oid``, Validation for
        a path that cannot be or is not there.
        """
        async with repository.lock:
            head = await repository.git.branch(branch)
            if head is None:
                raise NotFound(f"No ref found for branch '{branch}'")
            if head != expected_head_oid:
                raise StaleData(
                    f'Expected branch to point to "{expected_head_oid}" but it did not. Pull and try again.'
                )
            await self._check_paths(repository, head, additions, deletions)
            self._world.rules.refuse_push(repository, Push(branch, head, "f" * 40), actor)
            signatures = {"author": self.signature(actor), "committer": self.github_signature()}
            oid = await repository.git.change_files(head, additions, deletions, message, **signatures)
            repository.verified.add(oid)
            await self.apply(repository, [RefMove(HEADS + branch, head, oid)], actor)
        commit = await repository.git.commit(oid)
        assert commit is not None
        return commit

    def signature(self, account: Account) -> Signature:
        """How an account signs as author."""
        return Signature(account.login, account.email, self._world.now())

    def github_signature(self) -> Signature:
        """How GitHub signs as committer of what it makes itself."""
        return Signature("GitHub", GHOST_EMAIL, self._world.now())

    async def apply(self, repository: Repository, moves: Sequence[RefMove], actor: Account) -> None:
        """Move refs and let everything follow: pushes told, pull requests moved, closed or merged.

        The caller holds the repository's lock and has checked that the moves are allowed.
        """
        try:
            await repository.git.move(moves)
        except GitFailed as failed:
            raise Validation("Reference cannot be updated") from failed
        repository.pushed_at = self._world.now()
        for move in moves:
            await self._world.tell("push", None, repository, actor, subject=move)
            if move.ref.startswith(HEADS):
                await self._world.pulls.follow(repository, move, actor)

    async def _change(self, repository: Repository, updates: Sequence[RefUpdate], actor: Account) -> None:
        moves = [await self._checked(repository, update, actor) for update in updates]
        await self.apply(repository, [move for move in moves if move.before != move.after], actor)

    async def _checked(self, repository: Repository, update: RefUpdate, actor: Account) -> RefMove:
        """Return the move a wish comes to; raises Validation."""
        now = await repository.git.resolve(update.ref) or ZERO_OID
        if update.before is not None and update.before != now:
            raise Validation(f"Could not update {update.ref}: expected {update.before}, but it is at {now}.")
        if update.after != ZERO_OID and now == ZERO_OID and update.before is None:
            await self._check_name(repository, update.ref)
        push = await self._push(repository, update, now)
        if push.forced and not update.force:
            raise Validation("Update is not a fast forward")
        if update.ref.startswith(HEADS):
            self._world.rules.refuse_push(repository, push, actor)
            if push.deletes and push.branch == repository.default_branch:
                raise Validation("Cannot delete the default branch")
        return RefMove(update.ref, now, update.after)

    async def _push(self, repository: Repository, update: RefUpdate, now: str) -> Push:
        """Return what a wish does; raises Validation where it names no commit."""
        git, branch = repository.git, update.ref.removeprefix(HEADS)
        if update.after == ZERO_OID:
            return Push(branch, now, ZERO_OID)
        if await git.commit(update.after) is None or len(update.after) != len(ZERO_OID):
            raise Validation("Object does not exist")
        forced = now != ZERO_OID and not await git.is_ancestor(now, update.after)
        return Push(branch, now, update.after, forced, await self._unsigned(repository, branch, now, update.after))

    async def _unsigned(self, repository: Repository, branch: str, before: str, after: str) -> bool:
        """Whether a push brings commits without a verified signature to a branch that asks for them."""
        if self._world.rules.find(repository, branch, "required_signatures") is None:
            return False
        known = await repository.git.branch(repository.default_branch) if before == ZERO_OID else before
        brought = await repository.git.commits_between(known, after)
        return any(commit.oid not in repository.verified for commit in brought)

    async def _check_name(self, repository: Repository, ref: str) -> None:
        if not ref.startswith("refs/") or ref.count("/") < 2 or not await repository.git.valid_ref(ref):  # noqa: PLR2004
            raise Validation(f"'{ref}' is not a valid ref name.")

    async def _check_paths(
        self, repository: Repository, head: str, additions: Mapping[str, bytes], deletions: Collection[str]
    ) -> None:
        for path in [*additions, *deletions]:
            if not _possible(path):
                raise Validation(f"The path '{path}' is malformed.")
        for path in deletions:
            if await repository.git.resolve(f"{head}:{path}") is None:
                raise Validation(f"A path was requested for deletion which does not exist: '{path}'")


def _possible(path: str) -> bool:
    parts = path.split("/")
    return not any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts) and "\0" not in path

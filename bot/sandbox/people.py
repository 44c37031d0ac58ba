"""What people do on the sandbox GitHub: they push, comment, close, tick, release and revert.

A repository is named in full (``acme/shop``). Whoever acts is named by the login, octocat unless told; an account that
is not there yet is made. People push as administrators do: past protections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.git import RefMove
from bot.sandbox.model import ZERO_OID, Release, Role
from bot.sandbox.refs import HEADS
from bot.sandbox.reviewers import Reviewers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.sandbox.model import Account, Comment, Issue, PullRequest, Repository


class People(Reviewers):
    """The people of one world; ``person`` is octocat, admin of every repository that the sandbox makes."""

    def give_role(self, login: str, role: str, repository: str, base: Role = Role.WRITE) -> Account:
        """Give somebody a role: ``read``, ``triage``, ``write``, ``maintain``, ``admin``, or one with its own name.

        A role of its own name, as organisations make them, has the rights of ``base``. ``none`` takes all away.
        """
        account, record = self.account(login), self.repository(repository)
        known = role in set(Role)
        record.custom_roles.pop(login.lower(), None)
        record.collaborators[login.lower()] = Role(role) if known else base
        if not known:
            record.custom_roles[login.lower()] = role
        return account

    async def commit(
        self,
        full_name: str,
        branch: str,
        files: Mapping[str, bytes],
        message: str = "Change something",
        *,
        removed: Collection[str] = (),
        author: Account | None = None,
        force: bool = False,
    ) -> str:
        """Push a commit; a missing branch starts at the default branch, and with ``force`` it begins there anew."""
        repository, author = self.repository(full_name), author or self.person
        async with repository.lock:
            git, signature = repository.git, self.world.refs.signature(author)
            before = await git.branch(branch)
            parent = await git.branch(repository.default_branch) if force or before is None else before
            oid = await git.change_files(parent, files, removed, message, author=signature, committer=signature)
            await self.world.refs.apply(repository, [RefMove(HEADS + branch, before or ZERO_OID, oid)], author)
        return oid

    async def push_as_person(
        self,
        repository: str,
        branch: str,
        files: Mapping[str, bytes],
        login: str | None = None,
        *,
        force: bool = False,
        message: str = "Change it by hand",
    ) -> str:
        """Push a commit of a person onto a branch; returns its oid. ``force`` throws away what the branch held."""
        return await self.commit(repository, branch, files, message, author=self.account(login), force=force)

    async def force_push(self, full_name: str, branch: str, oid: str, login: str | None = None) -> None:
        """Move a branch anywhere, as ``git push --force`` would; zeros delete it."""
        repository = self.repository(full_name)
        async with repository.lock:
            before = await repository.git.branch(branch) or ZERO_OID
            await self.world.refs.apply(repository, [RefMove(HEADS + branch, before, oid)], self.account(login))

    async def delete_branch(self, repository: str, branch: str, login: str | None = None) -> None:
        """Delete a branch."""
        await self.force_push(repository, branch, ZERO_OID, login)

    async def revert(self, repository: str, oid: str, login: str | None = None) -> str:
        """Undo a commit or a merge on the default branch; returns the new commit. Raises ValueError at a conflict.

        As ``git revert`` does it, with ``--mainline 1`` for a merge.
        """
        record, author = self.repository(repository), self.account(login)
        async with record.lock:
            git, signature = record.git, self.world.refs.signature(author)
            head, undone = await git.branch(record.default_branch), await git.commit(oid)
            if head is None or undone is None or not undone.parents:
                raise ValueError(f"{oid} cannot be reverted")
            tree = await git.reverted_tree(head, undone, signature)
            if tree is None:
                raise ValueError(f"Reverting {oid} conflicts")
            message = f'Revert "{undone.headline}"\n\nThis reverts commit {oid}.'
            made = await git.write_commit(tree, [head], message, author=signature, committer=signature)
            await self.world.refs.apply(record, [RefMove(HEADS + record.default_branch, head, made)], author)
        return made

    async def comment(
        self, repository: str, number: int, body: str, login: str | None = None, *, bot: bool = False
    ) -> Comment:
        """Comment on an issue or a pull request; ``bot``: as the bot of that login."""
        issue = self.world.issues.find(self.repository(repository), number)
        return await self.world.issues.comment(issue, body, self.account(login, bot=bot))

    async def edit_comment(
        self, repository: str, comment: Comment | int, body: str, login: str | None = None
    ) -> Comment:
        """Change the text of a comment, given itself or its id."""
        issue, found = self._comment(repository, comment)
        return await self.world.issues.edit_comment(issue, found, body, self.account(login))

    async def delete_comment(self, repository: str, comment: Comment | int, login: str | None = None) -> None:
        """Take a comment away."""
        issue, found = self._comment(repository, comment)
        await self.world.issues.delete_comment(issue, found, self.account(login))

    def reactions(self, repository: str, comment: Comment | int) -> list[str]:
        """Return what a comment was answered with, oldest first: ``["eyes", "+1"]``."""
        return [reaction.content for reaction in self._comment(repository, comment)[1].reactions]

    async def tick(self, repository: str, number: int, old: str, new: str, login: str | None = None) -> None:
        """Edit the text of an issue or a pull request: put ``new`` where ``old`` stands; raises ValueError."""
        issue = self.world.issues.find(self.repository(repository), number)
        if old not in (issue.body or ""):
            raise ValueError(f"#{number} does not say {old!r}")
        await self.world.issues.update(issue, self.account(login), body=(issue.body or "").replace(old, new, 1))

    async def fork(self, repository: str, login: str) -> Repository:
        """Fork a repository; the fork has its name, and all its branches."""
        parent, owner = self.repository(repository), self.account(login)
        found = await self.world.add_repository(f"{owner.login}/{parent.name}", default_branch=parent.default_branch)
        found.parent, found.collaborators[owner.login.lower()] = parent, Role.ADMIN
        await found.git.borrow(parent.git)
        return found

    async def open_pull(
        self, repository: str, head: str, login: str | None = None, *, base: str | None = None, title: str = "Change it"
    ) -> PullRequest:
        """Open a pull request from ``branch``, or from ``owner:branch`` of a fork."""
        record, author = self.repository(repository), self.account(login)
        base = base or record.default_branch
        return await self.world.pulls.open(record, head=head, base=base, title=title, body="", actor=author)

    async def close_pull(self, repository: str, number: int, login: str | None = None) -> None:
        """Close a pull request."""
        pull = self.world.issues.find_pull(self.repository(repository), number)
        await self.world.pulls.close(pull, self.account(login))

    async def reopen_pull(self, repository: str, number: int, login: str | None = None) -> None:
        """Open a closed pull request again; raises Validation where GitHub refuses it."""
        pull = self.world.issues.find_pull(self.repository(repository), number)
        await self.world.pulls.reopen(pull, self.account(login))

    async def release(
        self,
        repository: str,
        tag: str,
        body: str | None = "",
        *,
        name: str | None = None,
        draft: bool = False,
        prerelease: bool = False,
    ) -> Release:
        """Release a tag with notes."""
        record, now = self.repository(repository), self.world.now()
        identity, published = self.world.identify("RE"), None if draft else now
        found = Release(*identity, tag, name or tag, body, self.person, now, published, prerelease)
        record.releases.append(found)
        self.world.remember(found)
        return found

    def _comment(self, repository: str, comment: Comment | int) -> tuple[Issue, Comment]:
        number = comment if isinstance(comment, int) else comment.id
        return self.world.issues.find_comment(self.repository(repository), number)

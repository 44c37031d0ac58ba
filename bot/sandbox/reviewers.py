"""What people do with reviews and checks: answer, resolve, take a suggestion, press a button.

A repository is named in full (``acme/shop``). Whoever acts is named by the login, octocat unless told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.git import NewEntry, RefMove
from bot.sandbox.git.repository import REGULAR_FILE
from bot.sandbox.presence import Presence
from bot.sandbox.refs import HEADS
from bot.sandbox.review_places import Place
from bot.sandbox.suggestions import first_suggestion, replaced

if TYPE_CHECKING:
    from bot.sandbox.model import Account, CheckRun, PullRequest, Review, ReviewComment, ReviewThread


class Reviewers(Presence):
    """People around the reviews and checks of pull requests."""

    def review_threads(self, repository: str, number: int) -> list[ReviewThread]:
        """Return the threads of a pull request that are shown to all, oldest first."""
        threads = self._pull(repository, number).threads
        return [thread for thread in threads if not thread.comments[0].review.pending]

    def reviews(self, repository: str, number: int) -> list[Review]:
        """Return the reviews of a pull request, pending ones too, oldest first."""
        return list(self._pull(repository, number).reviews)

    def check_runs_of(self, repository: str, sha: str) -> list[CheckRun]:
        """Return the check runs of a commit, newest first: the latest of each App and name."""
        return self.world.checks.runs(self.repository(repository), sha)

    async def review(
        self,
        repository: str,
        number: int,
        body: str,
        login: str | None = None,
        *,
        path: str | None = None,
        line: int | None = None,
        start_line: int | None = None,
    ) -> Review:
        """Review the head of a pull request: in general, or with one comment about a file or its lines."""
        pull, author, reviews = self._pull(repository, number), self.account(login), self.world.reviews
        begun = await reviews.begin(pull, author, body=None if path else body)
        if path:
            await reviews.add_thread(begun, Place(path, line, start_line=start_line), body, author, about_file=not line)
        return await reviews.submit(begun, author, "COMMENT")

    async def reply(self, repository: str, comment: ReviewComment | int, body: str, login: str | None = None) -> int:
        """Answer in the thread of a review comment, given itself or its id; returns the answer's id."""
        thread = self._review_comment(repository, comment).thread
        return (await self.world.reviews.reply(thread, body, self.account(login))).id

    async def resolve(self, repository: str, thread: ReviewThread | str, login: str | None = None) -> None:
        """Resolve a thread, given itself or its node id."""
        record = self.world.node(thread) if isinstance(thread, str) else thread
        assert record.repository is self.repository(repository)
        await self.world.reviews.resolve(record, self.account(login))

    async def unresolve(self, repository: str, thread: ReviewThread | str, login: str | None = None) -> None:
        """Take a thread up again, given itself or its node id."""
        record = self.world.node(thread) if isinstance(thread, str) else thread
        assert record.repository is self.repository(repository)
        await self.world.reviews.unresolve(record, self.account(login))

    async def delete_review_comment(
        self, repository: str, comment: ReviewComment | int, login: str | None = None
    ) -> None:
        """Take a review comment away, given itself or its id."""
        await self.world.reviews.delete_comment(self._review_comment(repository, comment), self.account(login))

    async def take_suggestion(
        self,
        repository: str,
        number: int,
        comment: ReviewComment | int,
        login: str | None = None,
        *,
        resolves: bool = False,
    ) -> str:
        """Commit the first suggestion of a review comment onto the pull request's branch; returns the commit.

        As GitHub does it: the person is the author, GitHub signs, and who suggested it is named as co-author. The
        thread is outdated by it; that GitHub also resolves it (``resolves``) some people saw and others did not.
        Raises ValueError where GitHub offers no button for it.
        """
        pull, found = self._pull(repository, number), self._review_comment(repository, comment)
        lines, thread = first_suggestion(found.body), found.thread
        if lines is None or thread.line is None or thread.side == "LEFT" or thread.pull is not pull:
            raise ValueError(f"comment {found.id} has no suggestion that can be taken: {found.body!r}")
        if pull.state != "open" or found.review.pending:
            raise ValueError(f"no suggestion of #{number} can be taken: it is {pull.state}")
        oid = await self._commit_lines(found, lines, self.account(login))
        if resolves:
            await self.world.reviews.resolve(thread, self.account(login))
        return oid

    async def retarget(self, repository: str, number: int, base: str, login: str | None = None) -> None:
        """Let a pull request go into another branch."""
        await self.world.pulls.update(self._pull(repository, number), self.account(login), base=base)

    def lock(self, repository: str, number: int, *, locked: bool = True) -> None:
        """Lock the conversation of an issue or a pull request: only who may write in the repository still speaks."""
        self.world.issues.find(self.repository(repository), number).locked = locked

    async def press(
        self, repository: str, check_run: CheckRun | int, identifier: str, login: str | None = None
    ) -> None:
        """Press a button of a check run, given itself or its id; raises ValueError where it shows no such button."""
        run = self._check_run(repository, check_run)
        if run.status != "completed" or identifier not in {action["identifier"] for action in run.actions}:
            raise ValueError(f"check run {run.id} ({run.name}, {run.status}) shows no button {identifier!r}")
        await self.world.tell(
            "check_run",
            "requested_action",
            self.repository(repository),
            self.account(login),
            subject=run,
            requested_action={"identifier": identifier},
        )

    async def rerequest(self, repository: str, check_run: CheckRun | int, login: str | None = None) -> None:
        """Ask for a check run anew, given itself or its id; it stays as it is until its App answers."""
        run = self._check_run(repository, check_run)
        await self.world.tell("check_run", "rerequested", self.repository(repository), self.account(login), subject=run)

    async def _commit_lines(self, comment: ReviewComment, lines: list[str], author: Account) -> str:
        """Put lines in the place of those that a comment is about; returns the commit, now the branch's head."""
        pull, thread, refs = comment.thread.pull, comment.thread, self.world.refs
        home, head, path = pull.home, pull.head_oid, thread.path
        assert thread.line is not None
        async with home.lock:
            blob = await home.git.read(f"{head}:{path}")
            assert blob is not None
            content = replaced(blob.content, thread.start_line or thread.line, thread.line, lines)
            entries = await home.git.entries(head, recursive=True) or []
            mode = next((entry.mode for entry in entries if entry.path == path), REGULAR_FILE)
            tree = await home.git.write_tree(head, [NewEntry(path, mode, await home.git.write_blob(content))])
            signatures = {"author": refs.signature(author), "committer": refs.github_signature()}
            commit = await home.git.write_commit(tree, [head], _message(comment, author), **signatures)
            home.verified.add(commit)
            await refs.apply(home, [RefMove(HEADS + pull.head_branch, head, commit)], author)
        return commit

    def _pull(self, repository: str, number: int) -> PullRequest:
        return self.world.issues.find_pull(self.repository(repository), number)

    def _review_comment(self, repository: str, comment: ReviewComment | int) -> ReviewComment:
        number = comment if isinstance(comment, int) else comment.id
        return self.world.reviews.find_comment(self.repository(repository), number)

    def _check_run(self, repository: str, check_run: CheckRun | int) -> CheckRun:
        number = check_run if isinstance(check_run, int) else check_run.id
        return self.repository(repository).check_runs[number]


def _message(comment: ReviewComment, author: Account) -> str:
    headline, made_by = f"Update {comment.thread.path}", comment.author
    return headline if made_by is author else f"{headline}\n\nCo-authored-by: {made_by.login} <{made_by.email}>"

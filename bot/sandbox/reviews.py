"""Reviews from their beginning to their submission, and the threads that stay of them.

The rules that bite bots: one pending review for each person and pull request, a line that is not in the diff is
refused, and a review that says nothing cannot be submitted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.model import Review, ReviewComment, ReviewThread, Role
from bot.sandbox.refusals import Forbidden, NotFound, Validation
from bot.sandbox.review_places import NO_LINE, fork_point, settle, shown_hunk

if TYPE_CHECKING:
    from bot.sandbox.model import Account, PullRequest, Repository
    from bot.sandbox.review_places import Place
    from bot.sandbox.world import World

LONGEST_BODY = 65_536
STATES = {"COMMENT": "commented", "APPROVE": "approved", "REQUEST_CHANGES": "changes_requested"}
VERBS = {"COMMENT": "comment", "APPROVE": "approve", "REQUEST_CHANGES": "request changes on"}


class Reviews:
    """The reviews of all pull requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        # A test's switches for a line beside the diff, all seen on GitHub: an error without them, else a thread that
        self.swallows = False  # is null, without an error
        self.hides = False  # is there, but shown nowhere: it has no line

    async def begin(
        self, pull: PullRequest, actor: Account, *, commit_oid: str | None = None, body: str | None = None
    ) -> Review:
        """Begin a pending review of a commit, the head unless told; raises Forbidden, Validation."""
        self._check_lock(pull, actor)
        oid = commit_oid or pull.head_oid
        if not await _holds(pull, oid):
            raise Validation(f"Commit {oid} is not part of the pull request")
        if self.pending(pull, actor):
            raise Validation("User can only have one pending review per pull request")
        review = Review(*self._world.identify("PRR"), pull, actor, oid, body or "", self._world.now())
        pull.reviews.append(review)
        self._world.remember(review)
        return review

    def pending(self, pull: PullRequest, actor: Account) -> Review | None:
        """Return somebody's review that is not yet submitted."""
        return next((review for review in pull.reviews if review.pending and review.author is actor), None)

    async def add_thread(
        self, review: Review, place: Place, body: str, actor: Account, *, about_file: bool = False
    ) -> ReviewThread | None:
        """Begin a thread in a pending review; raises Validation where GitHub would not take it.

        None: refused without a word, which only happens where ``swallows`` is set.
        """
        self._check_writing(review, actor)
        _check_body(body)
        if not about_file and place.line is None:
            raise Validation(NO_LINE)
        base = await fork_point(review.repository.git, review.pull.base_oid, review.commit_oid)
        hunk = ""
        try:
            hunk = await shown_hunk(review.repository.git, base, review.commit_oid, place)
        except Validation:
            if self.swallows:
                return None
            if not self.hides:
                raise
        return await self._begin_thread(review, place, base, hunk, body)

    async def submit(self, review: Review, actor: Account, event: str, body: str | None = None) -> Review:
        """Show a pending review to all: ``COMMENT``, ``APPROVE`` or ``REQUEST_CHANGES``; raises Validation."""
        self._check_writing(review, actor)
        text = review.body if body is None else body
        if event not in STATES or (event != "APPROVE" and not text.strip() and not review.comments):
            raise Validation(f"Could not {VERBS.get(event, 'dismiss')} pull request review.")
        if event != "COMMENT" and actor is review.pull.author:
            raise Validation(f"Review Can not {VERBS[event]} your own pull request")
        review.body, review.state, review.submitted_at = text, STATES[event], self._world.now()
        review.pull.updated_at = self._world.now()
        await self._world.tell("pull_request_review", "submitted", review.repository, actor, subject=review)
        for comment in review.comments:
            await self._tell_comment("created", comment, actor)
        if event == "APPROVE":
            await self._world.issues.approve(review.pull, actor)
        return review

    async def delete(self, review: Review, actor: Account) -> None:
        """Throw a pending review away with its threads; raises Validation for a submitted one."""
        if not review.pending or review.author is not actor:
            raise Validation("Can not delete a non-pending pull request review")
        for comment in review.comments:
            self._drop(comment)
        review.pull.reviews.remove(review)
        self._world.forget(review)

    async def resolve(self, thread: ReviewThread, actor: Account) -> None:
        """Resolve a thread; what is resolved stays so without a word."""
        if thread.resolved_by is None:
            thread.resolved_by = actor
            await self._world.tell("pull_request_review_thread", "resolved", thread.repository, actor, subject=thread)

    async def unresolve(self, thread: ReviewThread, actor: Account) -> None:
        """Take a thread up again."""
        if thread.resolved_by is not None:
            thread.resolved_by = None
            await self._world.tell("pull_request_review_thread", "unresolved", thread.repository, actor, subject=thread)

    async def reply(self, thread: ReviewThread, body: str, actor: Account) -> ReviewComment:
        """Answer in a thread at once, with a review of its own; raises Forbidden, Validation."""
        _check_body(body)
        review = await self.begin(thread.pull, actor)
        comment = self._comment(thread, review, body, thread.comments[0])
        await self.submit(review, actor, "COMMENT")
        return comment

    def find_comment(self, repository: Repository, number: int) -> ReviewComment:
        """Return the review comment with an id; raises NotFound."""
        for pull in repository.pulls:
            for thread in pull.threads:
                for comment in thread.comments:
                    if comment.id == number:
                        return comment
        raise NotFound

    async def edit_comment(self, comment: ReviewComment, body: str, actor: Account) -> None:
        """Change what a comment says."""
        _check_body(body)
        before, comment.body, comment.updated_at = comment.body, body, self._world.now()
        await self._tell_comment("edited", comment, actor, changes={"body": {"from": before}})

    async def delete_comment(self, comment: ReviewComment, actor: Account) -> None:
        """Take a comment away; a thread without comments goes with it."""
        await self._tell_comment("deleted", comment, actor)
        self._drop(comment)

    async def follow(self, pull: PullRequest) -> None:
        """Find all threads' lines again, after head or base have moved."""
        for thread in pull.threads:
            await settle(pull, thread)

    async def _begin_thread(self, review: Review, place: Place, base: str, hunk: str, body: str) -> ReviewThread:
        pull, starts = review.pull, place.start_line is not None
        thread = ReviewThread(
            *self._world.identify("PRRT"),
            pull,
            place.path,
            place.side,
            place.start_side if starts else None,
            original_base_oid=base,
            original_oid=review.commit_oid,
            original_line=place.line,
            original_start_line=place.start_line,
            diff_hunk=hunk,
        )
        await settle(pull, thread)
        pull.threads.append(thread)
        self._world.remember(thread)
        self._comment(thread, review, body)
        return thread

    def _comment(
        self, thread: ReviewThread, review: Review, body: str, reply_to: ReviewComment | None = None
    ) -> ReviewComment:
        now = self._world.now()
        comment = ReviewComment(
            *self._world.identify("PRRC"), thread, review, body, review.author, now, now, reply_to=reply_to
        )
        thread.comments.append(comment)
        self._world.remember(comment)
        return comment

    def _drop(self, comment: ReviewComment) -> None:
        thread = comment.thread
        thread.comments.remove(comment)
        self._world.forget(comment)
        if not thread.comments:
            thread.pull.threads.remove(thread)
            self._world.forget(thread)

    def _check_lock(self, pull: PullRequest, actor: Account) -> None:
        """Raise Forbidden where the conversation is locked; Apps are none of those who may write in it all the same."""
        if pull.locked and not self._world.role(pull.repository, actor).includes(Role.WRITE):
            raise Forbidden("Unable to create comment because issue is locked.")

    def _check_writing(self, review: Review, actor: Account) -> None:
        self._check_lock(review.pull, actor)
        if not review.pending or review.author is not actor:
            raise Validation("Review has already been submitted.")

    async def _tell_comment(self, action: str, comment: ReviewComment, actor: Account, **details: object) -> None:
        await self._world.tell(
            "pull_request_review_comment", action, comment.repository, actor, subject=comment, **details
        )


async def _holds(pull: PullRequest, oid: str) -> bool:
    """Tell whether a commit is one of the pull request's."""
    git = pull.repository.git
    if oid == pull.head_oid:
        return True
    if await git.commit(oid) is None:
        return False
    return await git.is_ancestor(oid, pull.head_oid) and not await git.is_ancestor(oid, pull.base_oid)


def _check_body(body: str) -> None:
    if not body.strip():
        raise Validation("Body can't be blank")
    if len(body) > LONGEST_BODY:
        raise Validation(f"Body is too long (maximum is {LONGEST_BODY} characters)")

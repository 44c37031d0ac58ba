"""What stands around issues and pull requests: labels, comments, reactions, reviewers and assignees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.model import Comment, Issue, Label, PullRequest, Reaction, Role
from bot.sandbox.refusals import FieldError, Forbidden, NotFound, Validation, check_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.model import Account, Repository
    from bot.sandbox.world import World


class Issues:
    """The conversations of all repositories."""

    def __init__(self, world: World) -> None:
        self._world = world

    def next_number(self, repository: Repository) -> int:
        """Return the number of the next issue or pull request."""
        return max(repository.issues, default=0) + 1

    async def open(self, repository: Repository, *, title: str, body: str | None, actor: Account) -> Issue:
        """Open an issue; raises Validation without a title, or with too much text."""
        if not title.strip():
            raise Validation(errors=(FieldError("Issue", "missing_field", "title"),))
        check_body("Issue", body)
        now, number = self._world.now(), self.next_number(repository)
        issue = Issue(*self._world.identify("I"), number, repository, title, body, actor, now, now)
        repository.issues[number] = issue
        self._world.remember(issue)
        await self._tell(issue, "opened", actor)
        return issue

    async def update(self, issue: Issue, actor: Account, *, title: str | None = None, body: str | None = None) -> None:
        """Change an issue's title or text (None: leave it); raises Validation for too much of it."""
        check_body("Issue", body)
        changes = {}
        for name, value in (("title", title), ("body", body)):
            before = getattr(issue, name)
            if value is not None and value != before:
                changes[name] = {"from": before or ""}
                setattr(issue, name, value)
        self._touch(issue)
        if changes:
            await self._tell(issue, "edited", actor, changes=changes)

    async def set_state(self, issue: Issue, state: str, actor: Account) -> None:
        """Close or open again; what is so already stays without a word."""
        if state == issue.state:
            return
        closed = state == "closed"
        issue.state = state
        issue.closed_at, issue.closed_by = (self._world.now(), actor) if closed else (None, None)
        self._touch(issue)
        await self._tell(issue, "closed" if closed else "reopened", actor)

    def find(self, repository: Repository, number: int) -> Issue:
        """Return the issue or pull request with a number; raises NotFound."""
        if number not in repository.issues:
            raise NotFound
        return repository.issues[number]

    def find_pull(self, repository: Repository, number: int) -> PullRequest:
        """Return the pull request with a number; raises NotFound."""
        issue = self.find(repository, number)
        if not isinstance(issue, PullRequest):
            raise NotFound
        return issue

    def label(self, repository: Repository, name: str, color: str = "ededed") -> Label:
        """Return the label of a name, made if there is none."""
        if name.lower() not in repository.labels:
            label = Label(*self._world.identify("LA"), name, color)
            repository.labels[name.lower()] = label
            self._world.remember(label)
        return repository.labels[name.lower()]

    async def add_labels(self, issue: Issue, names: Iterable[str], actor: Account) -> list[Label]:
        """Label an issue; labels the repository does not have are made. Returns all its labels."""
        for name in names:
            label = self.label(issue.repository, name)
            if label not in issue.labels:
                issue.labels.append(label)
                await self._tell(issue, "labeled", actor, label=label)
        self._touch(issue)
        return issue.labels

    async def remove_label(self, issue: Issue, name: str, actor: Account) -> list[Label]:
        """Take a label off; raises NotFound where it is not on. Returns the labels left."""
        label = issue.repository.labels.get(name.lower())
        if label is None or label not in issue.labels:
            raise NotFound("Label does not exist")
        issue.labels.remove(label)
        await self._tell(issue, "unlabeled", actor, label=label)
        return issue.labels

    async def comment(self, issue: Issue, body: str, actor: Account) -> Comment:
        """Comment on an issue; raises Validation for an empty or too long text, Forbidden."""
        _check_body(body)
        if issue.locked and not self._world.role(issue.repository, actor).includes(Role.WRITE):
            raise Forbidden("Unable to create comment because issue is locked.")
        now = self._world.now()
        comment = Comment(*self._world.identify("IC"), body, actor, now, now)
        issue.comments.append(comment)
        self._world.remember(comment)
        self._touch(issue)
        await self._world.tell("issue_comment", "created", issue.repository, actor, subject=comment, issue=issue)
        return comment

    def find_comment(self, repository: Repository, number: int) -> tuple[Issue, Comment]:
        """Return the comment with an id, and where it stands; raises NotFound."""
        for issue in repository.issues.values():
            for comment in issue.comments:
                if comment.id == number:
                    return issue, comment
        raise NotFound

    async def edit_comment(self, issue: Issue, comment: Comment, body: str, actor: Account) -> Comment:
        """Change a comment's text."""
        _check_body(body)
        before, comment.body, comment.updated_at = comment.body, body, self._world.now()
        changes = {"body": {"from": before}}
        await self._world.tell(
            "issue_comment", "edited", issue.repository, actor, subject=comment, issue=issue, changes=changes
        )
        return comment

    async def delete_comment(self, issue: Issue, comment: Comment, actor: Account) -> None:
        """Take a comment away."""
        issue.comments.remove(comment)
        await self._world.tell("issue_comment", "deleted", issue.repository, actor, subject=comment, issue=issue)

    def react(self, comment: Comment, content: str, actor: Account) -> tuple[Reaction, bool]:
        """React to a comment; returns the reaction, and whether it is new: the same one twice is one."""
        for reaction in comment.reactions:
            if (reaction.author, reaction.content) == (actor, content):
                return reaction, False
        reaction = Reaction(*self._world.identify("REA"), actor, content, self._world.now())
        comment.reactions.append(reaction)
        return reaction, True

    async def assign(self, issue: Issue, logins: Iterable[str], actor: Account) -> None:
        """Assign people; whoever may not be assigned is left out, as on GitHub."""
        for login in logins:
            account = self._world.accounts.get(login.lower())
            if account is None or not self._world.role(issue.repository, account).includes(Role.READ):
                continue
            if account not in issue.assignees:
                issue.assignees.append(account)
                await self._tell(issue, "assigned", actor, assignee=account)
        self._touch(issue)

    async def request_reviews(self, pull: PullRequest, logins: Iterable[str], actor: Account) -> None:
        """Ask people to review; raises Validation for the author or somebody who is no collaborator."""
        accounts = [self._reviewer(pull, login) for login in logins]
        for account in accounts:
            if account not in pull.requested_reviewers:
                pull.requested_reviewers.append(account)
                await self._tell(pull, "review_requested", actor, requested_reviewer=account)
        self._touch(pull)

    async def approve(self, pull: PullRequest, reviewer: Account) -> None:
        """Approve a pull request as a person."""
        if reviewer not in pull.approvals:
            pull.approvals.append(reviewer)
        if reviewer in pull.requested_reviewers:
            pull.requested_reviewers.remove(reviewer)
        self._touch(pull)
        await self._world.merging.settle(pull.repository, pull.head_oid)

    def _reviewer(self, pull: PullRequest, login: str) -> Account:
        account = self._world.accounts.get(login.lower())
        if account is pull.author:
            raise Validation("Review cannot be requested from pull request author.")
        if account is None or not self._world.role(pull.repository, account).includes(Role.READ):
            where = f"a collaborator of the {pull.repository.full_name} repository."
            raise Validation(
                "Reviews may only be requested from collaborators. "
                f"One or more of the users or teams you specified is not {where}"
            )
        return account

    def _touch(self, issue: Issue) -> None:
        issue.updated_at = self._world.now()

    async def _tell(self, issue: Issue, action: str, actor: Account, **details: object) -> None:
        event = "pull_request" if isinstance(issue, PullRequest) else "issues"
        await self._world.tell(event, action, issue.repository, actor, subject=issue, **details)


def _check_body(body: str) -> None:
    if not body.strip():
        raise Validation(errors=(FieldError("IssueComment", "missing_field", "body"),))
    check_body("IssueComment", body)

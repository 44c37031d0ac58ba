"""What people and the bot say to each other: comments, reactions, issues, and who may command what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import NotFound, UnexpectedAnswer
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel

LONGEST_BODY: Final = 65_000
"""Characters of a comment or an issue that the bot writes; GitHub takes 65,536."""

_MOST_PAGES: Final = 10
_PAGE: Final = 100
_LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?")


class Reaction(Enum):
    """How the bot answers a comment without a word."""

    EYES = "eyes"
    UP = "+1"
    CONFUSED = "confused"


class Permission(IntEnum):
    """What somebody may do in a repository; each may do what those before it may."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


_MOST: Final = {
    "admin": Permission.ADMIN,
    "write": Permission.MAINTAIN,
    "read": Permission.TRIAGE,
    "none": Permission.NONE,
}
"""The most that GitHub's old four words can stand for: maintain is told as write, triage as read."""

_LEAST: Final = {"admin": Permission.ADMIN, "write": Permission.WRITE, "read": Permission.READ}
_ROLES: Final = {permission.name.lower(): permission for permission in Permission}


@dataclass(frozen=True, slots=True)
class CommentFacts:
    """A comment on an issue or a pull request (`number`), as it stands now.

    `author_login` is "slug[bot]" for an App, "" for a deleted account; `author_is_bot` also where a person's comment
    was written by an App in their name. `edited`: it was changed after it was written.
    """

    id: int
    number: int
    body: str
    author_login: str
    author_is_bot: bool
    created_at: datetime
    edited: bool


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """An issue, or a pull request seen as one."""

    number: int
    title: str
    body: str
    open: bool
    author_login: str
    is_pull_request: bool


async def comment(channel: RepositoryChannel, comment_id: int) -> CommentFacts | None:
    """Read a comment. None: it was deleted."""
    try:
        answer = await channel.rest("GET", "/issues/comments/{id}", {"id": str(comment_id)}, scope=Scope.TALK)
    except NotFound:
        return None
    return _comment(answer.data)


async def react(channel: RepositoryChannel, comment_id: int, reaction: Reaction) -> bool:
    """Put a reaction on a comment; one that is there already stays as it is. False: the comment was deleted."""
    path, variables = "/issues/comments/{id}/reactions", {"id": str(comment_id)}
    try:
        await channel.write("POST", path, variables, scope=Scope.TALK, data={"content": reaction.value})
    except NotFound:
        return False
    return True


async def say(channel: RepositoryChannel, number: int, body: str) -> int:
    """Comment on an issue or a pull request; returns the comment's id. A body that is too long is cut."""
    path, variables = "/issues/{number}/comments", {"number": str(number)}
    answer = await channel.write("POST", path, variables, scope=Scope.TALK, data={"body": _cut(body)}, content=True)
    return _number(answer.data, "id")


async def said_since(channel: RepositoryChannel, number: int, since: datetime) -> tuple[CommentFacts, ...]:
    """List the comments written or changed since a moment, oldest first, at most a thousand.

    Raises NotFound without such an issue.
    """
    found: list[CommentFacts] = []
    for page in range(1, _MOST_PAGES + 1):
        path = "/issues/{number}/comments{?since,per_page,page}"
        asked = {"number": str(number), "since": _moment(since), "per_page": str(_PAGE), "page": str(page)}
        listed = (await channel.rest("GET", path, asked, scope=Scope.TALK)).data
        if not isinstance(listed, list):
            raise UnexpectedAnswer(f"the answer holds no comments of {channel.full_name}#{number}")
        found += [_comment(item) for item in listed]
        if len(listed) < _PAGE:
            break
    return tuple(found)


async def permission(channel: RepositoryChannel, login: str) -> Permission:
    """Tell what somebody may do here. A name that nobody has may do nothing.

    A custom role counts for the permission it is built upon: GitHub tells both, `role_name` and `permission`.
    https://docs.github.com/en/rest/collaborators/collaborators, "Get repository permissions for a user"
    """
    if not _LOGIN.fullmatch(login):
        return Permission.NONE
    try:
        path = "/collaborators/{login}/permission"
        told = (await channel.rest("GET", path, {"login": login}, scope=Scope.TALK)).data
    except NotFound:
        return Permission.NONE
    if not isinstance(told, dict):
        raise UnexpectedAnswer(f"the answer does not tell what {login} may do")
    word = told.get("permission")
    role = _ROLES.get(str(told.get("role_name")), _LEAST.get(str(word), Permission.NONE))
    return min(role, _MOST.get(str(word), Permission.NONE))


async def issue(channel: RepositoryChannel, number: int) -> IssueFacts | None:
    """Read an issue, or a pull request as one. None: it does not exist, was deleted, or lives elsewhere now."""
    try:
        told = (await channel.rest("GET", "/issues/{number}", {"number": str(number)}, scope=Scope.TALK)).data
    except NotFound:
        return None
    if not isinstance(told, dict) or told.get("number") != number:
        raise UnexpectedAnswer(f"the answer holds no issue {number}")
    return _issue(told)


async def open_issues_of(channel: RepositoryChannel, login: str) -> tuple[IssueFacts, ...]:
    """List the open issues that somebody opened, newest first, no pull requests; the first thousand of both are read.

    https://docs.github.com/en/rest/issues/issues, "List repository issues". Raises NotFound where the repository has
    issues switched off (410).
    """
    found: list[IssueFacts] = []
    for page in range(1, _MOST_PAGES + 1):
        path = "/issues{?creator,state,per_page,page}"
        asked = {"creator": login, "state": "open", "per_page": str(_PAGE), "page": str(page)}
        listed = (await channel.rest("GET", path, asked, scope=Scope.TALK)).data
        if not isinstance(listed, list):
            raise UnexpectedAnswer(f"the answer holds no issues of {channel.full_name}")
        found += [_issue(item) for item in listed]
        if len(listed) < _PAGE:
            break
    return tuple(each for each in found if not each.is_pull_request and each.author_login == login)


async def create_issue(channel: RepositoryChannel, title: str, body: str) -> int:
    """Open an issue; returns its number. Raises NotFound where the repository has issues switched off (410)."""
    data = {"title": title, "body": _cut(body)}
    return _number((await channel.write("POST", "/issues", scope=Scope.TALK, data=data, content=True)).data, "number")


async def update_issue(
    channel: RepositoryChannel, number: int, *, body: str | None = None, is_open: bool | None = None
) -> None:
    """Change the body of an issue, close it, or open it again: whatever is given."""
    data: dict[str, str] = {} if body is None else {"body": _cut(body)}
    if is_open is not None:
        data["state"] = "open" if is_open else "closed"
    if data:
        await channel.write("PATCH", "/issues/{number}", {"number": str(number)}, scope=Scope.TALK, data=data)


def _comment(told: Any) -> CommentFacts:
    if not isinstance(told, dict) or not isinstance(told.get("id"), int):
        raise UnexpectedAnswer("the answer holds no comment")
    return CommentFacts(
        id=told["id"],
        number=_issue_number(told),
        body=told.get("body") or "",
        author_login=_login(told),
        author_is_bot=(told.get("user") or {}).get("type") != "User" or bool(told.get("performed_via_github_app")),
        created_at=datetime.fromisoformat(told["created_at"]),
        edited=told["updated_at"] != told["created_at"],
    )


def _issue(told: Any) -> IssueFacts:
    if not isinstance(told, dict):
        raise UnexpectedAnswer("the answer holds no issue")
    return IssueFacts(
        number=_number(told, "number"),
        title=str(told["title"]),
        body=told.get("body") or "",
        open=told["state"] == "open",
        author_login=_login(told),
        is_pull_request=bool(told.get("pull_request")),
    )


def _issue_number(told: dict[str, Any]) -> int:
    number = str(told.get("issue_url", "")).rpartition("/")[2]
    if not number.isascii() or not number.isdigit():
        raise UnexpectedAnswer(f"GitHub does not tell what comment {told['id']} is about")
    return int(number)


def _login(told: dict[str, Any]) -> str:
    return str((told.get("user") or {}).get("login") or "")


def _number(told: Any, key: str) -> int:
    if not isinstance(told, dict) or not isinstance(told.get(key), int):
        raise UnexpectedAnswer("GitHub did not tell what it wrote")
    number: int = told[key]
    return number


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _cut(body: str) -> str:
    return body if len(body) <= LONGEST_BODY else body[: LONGEST_BODY - 1] + "…"

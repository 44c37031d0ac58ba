"""Everything a review of a pull request begins with, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.bumps import PullRequestState
from bot.github import review_documents
from bot.github.actors import actor_login
from bot.github.errors import NotFound
from bot.github.heads import POLICY_PATH, policy_blob
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.heads import PolicyBlob

MOST_THREADS: Final = 1_000
_PENDING: Final = "PENDING"


@dataclass(frozen=True, slots=True)
class ReviewThread:
    """A thread of review comments. `id` is its node, `comment` the number of its first comment, `body` what that says.

    `node` is that comment's. `is_ours`: the bot began it. `answered`: somebody else than who began it wrote into it.
    `about_file`: it stands at no line.
    """

    id: str
    resolved: bool
    outdated: bool
    path: str
    body: str
    is_ours: bool
    comment: int
    node: str
    answered: bool
    about_file: bool


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A pull request as it stands now.

    `base_commit` is the newest commit of its base branch, and `policy` the policy file there ("" and None where the
    base is gone). `cross_repository`: its branch is in another repository, or in none any more. `threads`: oldest
    first, at most the newest thousand, none of a review that was never submitted; `pending` is the node of such a
    review of the bot's.
    """

    number: int
    node: str
    state: PullRequestState
    draft: bool
    head: str
    branch: str
    base_branch: str
    base_commit: str
    default_branch: str
    cross_repository: bool
    author_login: str
    url: str
    policy: PolicyBlob | None
    threads: tuple[ReviewThread, ...]
    pending: str | None


async def review_facts(channel: RepositoryChannel, number: int) -> ReviewFacts | None:
    """Read what a review begins with, in one query up to 100 threads. None: there is no such pull request."""
    bot = (await channel.github.identity()).bot_login
    variables = {"number": number, "policy": POLICY_PATH, "before": None}
    try:
        repository = await channel.query(review_documents.REVIEW_FACTS, variables, scope=Scope.REVIEW)
    except NotFound as missing:
        if not missing.message.startswith("repository.pullRequest:"):
            raise
        return None
    found = repository["pullRequest"]
    if found is None:
        return None
    base = (found["baseRef"] or {}).get("target") or {}
    return ReviewFacts(
        number=found["number"],
        node=found["id"],
        state=PullRequestState(found["state"]),
        draft=found["isDraft"],
        head=found["headRefOid"],
        branch=found["headRefName"],
        base_branch=found["baseRefName"],
        base_commit=base.get("oid", ""),
        default_branch=(repository["default"] or {}).get("name", ""),
        cross_repository=found["isCrossRepository"],
        author_login=actor_login(found["author"]),
        url=found["url"],
        policy=await policy_blob(channel, base.get("policy"), scope=Scope.REVIEW),
        threads=await _threads(channel, found, bot),
        pending=_pending(found["reviews"], bot),
    )


async def _threads(channel: RepositoryChannel, found: dict[str, Any], bot: str) -> tuple[ReviewThread, ...]:
    number, connection = found["number"], found["reviewThreads"]
    threads = _page(connection, bot)
    while connection["pageInfo"]["hasPreviousPage"] and len(threads) < MOST_THREADS:
        variables = {"number": number, "before": connection["pageInfo"]["startCursor"]}
        repository = await channel.query(review_documents.MORE_THREADS, variables, scope=Scope.REVIEW)
        if repository["pullRequest"] is None:
            raise NotFound(f"pull request {number} of {channel.full_name} is gone")
        connection = repository["pullRequest"]["reviewThreads"]
        threads = _page(connection, bot) + threads
    return tuple(threads[-MOST_THREADS:])


def _page(connection: dict[str, Any], bot: str) -> list[ReviewThread]:
    nodes = (node for node in connection["nodes"] or [] if node is not None)
    return [_thread(node, bot) for node in nodes if _first(node).get("state") != _PENDING]


def _first(node: dict[str, Any]) -> dict[str, Any]:
    return next((comment for comment in node["first"]["nodes"] if comment), {})


def _thread(node: dict[str, Any], bot: str) -> ReviewThread:
    first = _first(node)
    began = actor_login(first.get("author"))
    writers = [actor_login(comment["author"]) for comment in node["all"]["nodes"] if comment]
    return ReviewThread(
        id=node["id"],
        resolved=node["isResolved"],
        outdated=node["isOutdated"],
        path=node["path"],
        body=first.get("body") or "",
        is_ours=began == bot,
        comment=first.get("databaseId") or 0,
        node=first.get("id") or "",
        answered=any(writer != began for writer in writers) or node["all"]["totalCount"] > len(writers),
        about_file=node.get("subjectType") == "FILE",
    )


def _pending(reviews: dict[str, Any] | None, bot: str) -> str | None:
    nodes = (node for node in (reviews or {}).get("nodes") or [] if node is not None)
    return next((str(node["id"]) for node in nodes if actor_login(node["author"]) == bot), None)

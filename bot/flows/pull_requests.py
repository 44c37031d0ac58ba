"""Something happened to a pull request: perhaps it is one of the bot's, and perhaps it has to be reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.flows.asking import Ask
from bot.flows.promotion_branch import promotion_of_branch
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.work import FollowHead, FollowPullRequest, ProposePromotions, ReviewPullRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

Payload = dict[str, Any]

READY: Final = frozenset({"dequeued", "ready_for_review"})
"""It left a merge queue, or is no draft any more: perhaps it may be merged now."""

FOLLOWED: Final = frozenset({"closed", "reopened", "synchronize", "edited"})
PROPOSED: Final = frozenset({"closed", "reopened", "synchronize"})
REVIEWED: Final = frozenset({"opened", "reopened", "synchronize", "ready_for_review", "closed"})
"""What is closed is looked at once more, to be forgotten."""


@process_event_actions("pull_request", {"opened", *FOLLOWED, *READY})
@process_webhook_payload
async def on_pull_request(
    *,
    action: str,
    number: int,
    repository: Payload,
    pull_request: Payload | None = None,
    changes: Payload | None = None,
    sender: Payload | None = None,
    installation: Payload | None = None,
    **_: Any,
) -> tuple[Ask, ...]:
    """Something happened to a pull request. What bots write into its text says nothing; another base does."""
    if installation is None:
        return ()
    place = (installation["id"], repository["id"])
    head: str = ((pull_request or {}).get("head") or {}).get("sha") or ""
    is_bots_text = action == "edited" and (sender or {}).get("type") == "Bot"
    asks = [] if is_bots_text else [*_followed(action, *place, number, head)]
    asks += _proposed(action, *place, pull_request or {}, sender or {})
    if action in REVIEWED or (action == "edited" and "base" in (changes or {})):
        asks.append(Ask(ReviewPullRequest(*place, number)))
    return tuple(asks)


def _proposed(action: str, installation: int, repository: int, pull_request: Payload, sender: Payload) -> Iterator[Ask]:
    """Somebody closed the pull request of a promotion, opened it again or committed to it."""
    head = pull_request.get("head") or {}
    name = promotion_of_branch(str(head.get("ref")))
    is_ours = (head.get("repo") or {}).get("id") == repository and sender.get("type") != "Bot"
    if name is not None and is_ours and action in PROPOSED:
        yield Ask(ProposePromotions(installation, repository, name))


def _followed(action: str, installation: int, repository: int, number: int, head: str) -> Iterator[Ask]:
    if action in READY:
        yield Ask(FollowHead(installation, repository, head))
    elif action in FOLLOWED:
        yield Ask(FollowPullRequest(installation, repository, number, head if action == "synchronize" else ""))

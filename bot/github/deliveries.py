"""The webhooks that GitHub has sent, or tried to: listed as the App, and asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import UnexpectedAnswer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.github.client import GitHub

MOST_PAGES: Final = 1000
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of GitHub's to bring a delivery. `guid` is the delivery's id, the same for each try."""

    id: int
    guid: str
    at: datetime
    succeeded: bool


async def attempts(github: GitHub, since: datetime) -> AsyncIterator[Attempt]:
    """List what GitHub tried to bring since a moment, newest first. GitHub remembers them for three days."""
    page: str | None = "/app/hook/deliveries?per_page=100"
    for _ in range(MOST_PAGES):
        if page is None:
            return
        answer = await github.as_app("GET", page)
        for item in _items(answer.data):
            attempt = _attempt(item)
            if attempt.at < since:
                return
            yield attempt
        page = answer.next_page


async def redeliver(github: GitHub, attempt: int) -> None:
    """Ask GitHub to bring a delivery again, by the id of one of its attempts. Raises NotFound, Unprocessable."""
    await github.as_app("POST", "/app/hook/deliveries/{attempt}/attempts", {"attempt": str(attempt)})


def _items(data: Any) -> list[dict[str, Any]]:
    if not isinstance(data, list):
        raise UnexpectedAnswer("the answer holds no list of deliveries")
    return data


def _attempt(item: dict[str, Any]) -> Attempt:
    try:
        at = datetime.fromisoformat(item["delivered_at"])
        return Attempt(item["id"], item["guid"], at, item["status_code"] in _SUCCESS)
    except (KeyError, TypeError, ValueError):
        raise UnexpectedAnswer("the answer holds a delivery without id or time") from None

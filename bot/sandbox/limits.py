"""GitHub's limits: so many requests an hour for each credential, and the secondary ones a test can lower."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox.authentication import Kind
from bot.sandbox.refusals import Forbidden, RateLimited

if TYPE_CHECKING:
    from bot.sandbox.authentication import Token
    from bot.sandbox.world import World

PERIOD = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
CONTENT = (
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. "
    "Please retry your request again later."
)


@dataclass
class Window:
    """One resource of one credential: what is left until the reset."""

    limit: int
    used: int
    reset: datetime

    @property
    def remaining(self) -> int:
        """How many requests are left."""
        return max(self.limit - self.used, 0)


@dataclass
class Settings:
    """What a test may lower. ``None`` switches a limit off."""

    core: int = 5000
    graphql: int = 5000
    content_each_minute: int | None = 80
    content_each_hour: int | None = 500
    points_each_minute: int | None = None  # of REST; a read 1, a write 5
    graphql_points_each_minute: int | None = None  # a query 1, a mutation 5
    retry_after: int = 60  # seconds, the answer to a secondary limit
    sends_retry_after: bool = True

    def enforce_points(self) -> None:
        """Switch on the limits of each minute that GitHub has: 900 points of REST, 2,000 of GraphQL.

        https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api, "About secondary rate limits".
        """
        self.points_each_minute, self.graphql_points_each_minute = 900, 2000


@dataclass
class Limits:
    """Counts the requests of each credential's owner."""

    world: World
    settings: Settings = field(default_factory=Settings)
    _windows: dict[tuple[str, str], Window] = field(default_factory=dict)
    _contents: dict[str, deque[datetime]] = field(default_factory=dict)
    _points: dict[tuple[str, str], deque[tuple[datetime, int]]] = field(default_factory=dict)

    def window(self, token: Token, resource: str) -> Window:
        """Return the running window of a resource: ``core`` or ``graphql``."""
        now, limit = self.world.now(), self.settings.graphql if resource == "graphql" else self.settings.core
        window = self._windows.get((owner(token), resource))
        if window is None or window.reset <= now:
            window = self._windows[owner(token), resource] = Window(limit, 0, now + PERIOD)
        window.limit = limit
        return window

    def spend(self, token: Token, resource: str, *, points: int = 1) -> None:
        """Count one request; raises RateLimited where none is left."""
        window = self.window(token, resource)
        if not window.remaining:
            window.used = window.limit
            headers = self.headers(token, resource)
            raise RateLimited(f"API rate limit exceeded for installation ID {owner(token)}.", headers=headers)
        window.used += 1
        self._spend_points(token, resource, points)

    def give_back(self, token: Token, resource: str) -> None:
        """Uncount a conditional request that was answered 304."""
        self.window(token, resource).used -= 1

    def headers(self, token: Token, resource: str) -> dict[str, str]:
        """Return the ``X-RateLimit-...`` headers of an answer."""
        window = self.window(token, resource)
        return {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Used": str(window.used),
            "X-RateLimit-Reset": str(int(window.reset.timestamp())),
            "X-RateLimit-Resource": resource,
        }

    def create_content(self, token: Token) -> None:
        """Count one thing that notifies people; raises Forbidden with ``retry-after`` when there are too many."""
        now, made = self.world.now(), self._contents.setdefault(owner(token), deque())
        while made and made[0] <= now - PERIOD:
            made.popleft()
        minute = sum(moment > now - MINUTE for moment in made)
        if _reached(self.settings.content_each_minute, minute) or _reached(self.settings.content_each_hour, len(made)):
            raise Forbidden(CONTENT, headers=self._wait())
        made.append(now)

    def _spend_points(self, token: Token, resource: str, points: int) -> None:
        """Count the points of a minute, of REST and GraphQL apart; raises Forbidden once there are too many."""
        now, spent = self.world.now(), self._points.setdefault((owner(token), resource), deque())
        while spent and spent[0][0] <= now - MINUTE:
            spent.popleft()
        settings = self.settings
        limit = settings.graphql_points_each_minute if resource == "graphql" else settings.points_each_minute
        if _reached(limit, sum(cost for _, cost in spent)):
            raise Forbidden(SECONDARY, headers=self._wait())
        spent.append((now, points))

    def _wait(self) -> dict[str, str]:
        return {"Retry-After": str(self.settings.retry_after)} if self.settings.sends_retry_after else {}


def owner(token: Token) -> str:
    """Whose requests are counted together: an installation's, an App's or a person's."""
    if token.kind is Kind.INSTALLATION and token.installation is not None:
        return str(token.installation.id)
    return f"{token.kind.value}:{token.account.login}"


def _reached(limit: int | None, count: int) -> bool:
    return limit is not None and count >= limit

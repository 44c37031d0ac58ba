"""GraphQL's pages: a window over a list, with GitHub's limits on how wide it may be."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.resolving import Fields, attribute
from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.graphql.resolving import Call

WIDEST_PAGE = 100


class BadPage(Refusal):
    """The page that is asked for has no width, or too much of it."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Connection:
    """One page of a list: ``items[start:end]`` of all its items; ``parent`` is what the list belongs to."""

    items: Sequence[Any]
    start: int
    end: int
    parent: Any = None

    @property
    def nodes(self) -> Sequence[Any]:
        """What stands on the page."""
        return self.items[self.start : self.end]

    @property
    def edges(self) -> list[dict[str, Any]]:
        """What stands on the page, each with its cursor."""
        return [{"cursor": cursor(self.start + place), "node": item} for place, item in enumerate(self.nodes)]

    @property
    def page_info(self) -> dict[str, Any]:
        """Where the page begins and ends in the list."""
        empty = self.start >= self.end
        return {
            "startCursor": None if empty else cursor(self.start),
            "endCursor": None if empty else cursor(self.end - 1),
            "hasNextPage": self.end < len(self.items),
            "hasPreviousPage": self.start > 0,
        }


def page(items: Sequence[Any], call: Call, name: str, *, parent: Any = None) -> Connection:
    """Return the page that ``first``/``last``/``after``/``before`` ask for; ``name`` is the field, for refusals."""
    first, last = call.argument("first"), call.argument("last")
    if first is None and last is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise BadPage(message, "MISSING_PAGINATION_BOUNDARIES")
    for width in (first, last):
        _refuse_width(width, name)
    start, end = _bounds(items, call)
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    return Connection(items, start, end, parent)


def cursor(place: int) -> str:
    """Write a place in a list as an opaque cursor."""
    return base64.b64encode(f"cursor:v2:{place}".encode()).decode()


def key(name: str) -> Any:
    """Return a resolver that reads one entry of a mapping."""
    return lambda parent, _: parent[name]


def _bounds(items: Sequence[Any], call: Call) -> tuple[int, int]:
    after, before = call.argument("after"), call.argument("before")
    start = 0 if after is None else _place(after) + 1
    end = len(items) if before is None else min(len(items), _place(before))
    return min(start, end), end


def _place(text: str) -> int:
    try:
        return int(base64.b64decode(text, validate=True).decode().removeprefix("cursor:v2:"))
    except (binascii.Error, ValueError) as error:
        raise BadPage(f"`{text}` does not appear to be a valid cursor.", "INVALID_CURSOR_ARGUMENTS") from error


def _refuse_width(width: int | None, name: str) -> None:
    if width is not None and width > WIDEST_PAGE:
        message = f"Requesting {width} records on the `{name}` connection exceeds the `first` limit of 100 records."
        raise BadPage(message, "EXCESSIVE_PAGINATION")
    if width is not None and width < 0:
        raise BadPage(f"`first` on the `{name}` connection cannot be less than zero.", "ARGUMENT_LIMIT")


def _count(connection: Connection, _: Call) -> int:
    return len(connection.items)


CONNECTED = (
    "Commit",
    "Label",
    "PullRequest",
    "PullRequestChangedFile",
    "PullRequestCommit",
    "PullRequestReview",
    "PullRequestReviewComment",
    "PullRequestReviewThread",
    "Ref",
    "RepositoryRule",
    "StatusCheckRollupContext",
)
CONNECTION: Fields = {
    "nodes": attribute("nodes"),
    "edges": attribute("edges"),
    "pageInfo": attribute("page_info"),
    "totalCount": _count,
}

CONNECTION_TYPES: dict[str, Fields] = {
    "PageInfo": {name: key(name) for name in ("startCursor", "endCursor", "hasNextPage", "hasPreviousPage")},
    "CommitHistoryConnection": CONNECTION,
    **{f"{name}Connection": CONNECTION for name in CONNECTED},
    **{f"{name}Edge": {"cursor": key("cursor"), "node": key("node")} for name in CONNECTED},
}

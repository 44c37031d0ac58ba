"""What a test can switch on at the doors: slowness, failures, and observers around every request."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

BAD_GATEWAY_PAGE = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>unicorn</body>\r\n</html>\r\n"


@dataclass(eq=False)
class RequestRecord:
    """One request that reached the sandbox.

    ``operation`` is GitHub's id of the operation (``git/get-tree``), ``graphql`` for that door, ``download`` for the
    archive's origin, empty for what there is not; ``status`` 0 while it is handled or where no answer was sent.
    """

    method: str
    path: str
    operation: str
    graphql_operation: str | None
    at: datetime
    authorized: bool
    status: int = 0
    faulted: bool = False  # met a failure that a test had switched on

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.graphql_operation or self.operation}".rstrip()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its answer, byte for byte; ``target`` is the raw path with its query.

    ``faulted``: the answer is not the sandbox's own but what a test had switched on.
    """

    method: str
    target: str
    status: int
    request_headers: Mapping[str, str]
    request_body: bytes
    answer_headers: Mapping[str, str]
    answer_body: bytes
    faulted: bool = False


@dataclass(eq=False)
class Fault:
    """A failure for the next requests that match: an answer instead of the handling, or after it."""

    operation: str  # a pattern over the operation id, or over ``graphql:NameOfOperation``
    status: int | None  # None: the connection is dropped without an answer
    headers: Mapping[str, str]
    body: bytes
    times: int
    skip: int
    after_handling: bool

    def takes(self, record: RequestRecord) -> bool:
        """Tell whether this request fails, and count it."""
        names = {record.operation, f"graphql:{record.graphql_operation or ''}"}
        if self.times <= 0 or not any(fnmatch.fnmatchcase(name, self.operation) for name in names):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass(eq=False)
class Faults:
    """The switches. ``latency`` in seconds is waited before each request is handled."""

    latency: float = 0.0
    before: list[Callable[[RequestRecord], Awaitable[None]]] = field(default_factory=list)
    after: list[Callable[[RequestRecord], Awaitable[None]]] = field(default_factory=list)
    requests: list[RequestRecord] = field(default_factory=list)
    exchanges: list[Callable[[Exchange], None]] = field(default_factory=list)  # called with each answered exchange
    _pending: list[Fault] = field(default_factory=list)

    def answer(
        self,
        operation: str = "*",
        *,
        status: int,
        body: bytes = b'{"message": "Server Error"}',
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        skip: int = 0,
        after_handling: bool = False,
    ) -> Fault:
        """Answer the next matching requests with this instead; ``after_handling``: do what was asked all the same."""
        known = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        return self._add(Fault(operation, status, known, body, times, skip, after_handling))

    def drop(self, operation: str = "*", *, times: int = 1, skip: int = 0, after_handling: bool = False) -> Fault:
        """Close the connection of the next matching requests without an answer."""
        return self._add(Fault(operation, None, {}, b"", times, skip, after_handling))

    def bad_gateway(self, operation: str = "*", *, times: int = 1, after_handling: bool = False) -> Fault:
        """Answer the next matching requests with GitHub's HTML page for 502."""
        headers = {"Content-Type": "text/html"}
        return self.answer(
            operation, status=502, body=BAD_GATEWAY_PAGE, headers=headers, times=times, after_handling=after_handling
        )

    def secondary_limit(self, operation: str = "*", *, retry_after: int | None = 60, times: int = 1) -> Fault:
        """Answer the next matching requests as GitHub does beyond a secondary limit (None: without ``Retry-After``)."""
        body = (
            b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}'
        )
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return self.answer(operation, status=403, body=body, headers=headers, times=times)

    def clear(self) -> None:
        """Switch all failures off."""
        self._pending.clear()

    def take(self, record: RequestRecord) -> Fault | None:
        """Return the failure that this request meets, if any."""
        return next((fault for fault in self._pending if fault.takes(record)), None)

    def count(self, pattern: str = "*") -> int:
        """Return how many requests matched a pattern over operation ids, or over ``graphql:Name``."""
        names = ((record.operation, f"graphql:{record.graphql_operation or ''}") for record in self.requests)
        return sum(any(fnmatch.fnmatchcase(name, pattern) for name in pair) for pair in names)

    def _add(self, fault: Fault) -> Fault:
        self._pending.append(fault)
        return fault

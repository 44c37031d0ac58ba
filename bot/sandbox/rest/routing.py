"""Which operation a method and path mean, by GitHub's own templates and operation ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.rest.call import Answer, Call

    Handler = Callable[[Call], Awaitable[Answer]]

# These path values may hold slashes, written as they are or as %2F.
WITH_SLASHES = {"path", "ref", "branch"}
# A path at the end may be left out: then the root is meant.
ROOT_TOO = "/{path}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: GitHub's id (``git/get-tree``), its method, its path, and what does it."""

    identifier: str
    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Handler
    open: bool  # needs no credential


OPERATIONS: list[Operation] = []


def operation(identifier: str, method: str, template: str, *, open: bool = False) -> Callable[[Handler], Handler]:  # noqa: A002
    """Register a handler for an operation of GitHub's description."""

    def register(handler: Handler) -> Handler:
        OPERATIONS.append(Operation(identifier, method, template, _pattern(template), handler, open))
        return handler

    return register


def find(method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
    """Return the operation of a request with its path values, unquoted; None where there is none.

    The most literal template wins: ``/git/ref/{ref}`` takes slashes, but not what another template says in words.
    """
    found = [
        (known, match)
        for known in OPERATIONS
        if known.method == method and (match := known.pattern.fullmatch(raw_path))
    ]
    if not found:
        return None
    best, match = max(found, key=lambda pair: len(re.sub(r"\{\w+\}", "", pair[0].template)))
    return best, {name: unquote(value or "") for name, value in match.groupdict().items()}


def _pattern(template: str) -> re.Pattern[str]:
    if template.endswith(ROOT_TOO):
        return re.compile(_pattern(template.removesuffix(ROOT_TOO)).pattern + "(?:/(?P<path>.*))?")
    parts = re.split(r"\{(\w+)\}", template)
    literals, names = parts[::2], parts[1::2]
    groups = [f"(?P<{name}>{'.+' if name in WITH_SLASHES else '[^/]+'})" for name in names]
    return re.compile(
        "".join(re.escape(literal) + group for literal, group in zip(literals, [*groups, ""], strict=True))
    )

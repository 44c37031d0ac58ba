"""One request as an operation sees it, and the answer it gives."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from bot.sandbox.authentication import Kind
from bot.sandbox.model import Role
from bot.sandbox.refusals import BadRequest, NotFound, Unauthorized, Validation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.sandbox.authentication import Token
    from bot.sandbox.doors import Doors
    from bot.sandbox.model import Account, App, Repository
    from bot.sandbox.world import World

T = TypeVar("T")
PAGE_SIZE = 30
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers; ``body`` None sends none, bytes are sent as they are."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who asks, the path's values, the query and the body."""

    doors: Doors
    caller: Token | None
    path: str
    values: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes

    @property
    def world(self) -> World:
        """The world that is asked about."""
        return self.doors.world

    @property
    def token(self) -> Token:
        """The checked credential; raises Unauthorized without one."""
        if self.caller is None:
            raise Unauthorized("Requires authentication")
        return self.caller

    @property
    def actor(self) -> Account:
        """In whose name it is done."""
        return self.token.account

    @property
    def app(self) -> App:
        """The App whose JWT this is; raises Unauthorized for any other credential."""
        if self.token.kind is not Kind.APP or self.token.app is None:
            raise Unauthorized("A JSON web token could not be decoded")
        return self.token.app

    @property
    def sent(self) -> Any:
        """The JSON value sent; an empty object without a body. Raises BadRequest."""
        if not self.content.strip():
            return {}
        try:
            return json.loads(self.content)
        except ValueError as invalid:
            raise BadRequest("Problems parsing JSON") from invalid

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object sent. Raises BadRequest."""
        if not isinstance(self.sent, dict):
            raise BadRequest("Body should be a JSON object")
        return self.sent

    def repository(self, permission: str = "metadata", level: str = "read") -> Repository:
        """Return the repository of the path, once the credential has the permission there; raises as ``require``."""
        record = self.world.repository(self.values["owner"], self.values["repo"])
        self.token.require(record, permission, level)
        return record

    def readable(self, permission: str = "metadata") -> Repository:
        """Return the repository of the path for reading: a public one is open to every token, whoever owns it."""
        record = self.world.repository(self.values["owner"], self.values["repo"])
        if record.private or self.token.kind is Kind.APP or self.token.sees(record):
            self.token.require(record, permission)
        return record

    def permissions(self, repository: Repository) -> dict[str, bool]:
        """Return what the caller may do, in the old words."""
        if self.token.kind is not Kind.USER:
            pushes = self.token.sees(repository) and self.token.may(repository, "contents", "write")
            return {"admin": False, "maintain": False, "push": pushes, "triage": False, "pull": True}
        role = self.world.role(repository, self.actor)
        names = {"admin": Role.ADMIN, "maintain": Role.MAINTAIN, "push": Role.WRITE, "triage": Role.TRIAGE}
        return {**{name: role.includes(least) for name, least in names.items()}, "pull": True}

    def number(self, name: str) -> int:
        """Return a number of the path; raises NotFound for anything else."""
        if not self.values[name].isdecimal():
            raise NotFound
        return int(self.values[name])

    def required(self, name: str, kind: type[T]) -> T:
        """Return a field that must be in the body; raises Validation in GitHub's words."""
        if name not in self.body:
            raise Validation(f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return self._typed(name, self.body[name], kind)

    def optional(self, name: str, kind: type[T]) -> T | None:
        """Return a field that may be in the body."""
        value = self.body.get(name)
        return None if value is None else self._typed(name, value, kind)

    def page(self, records: Sequence[Any], *, wrap: str | None = None, size: int = PAGE_SIZE) -> Answer:
        """Answer one page of a list, with the ``Link`` header; ``wrap`` names the list inside of an object.

        ``size`` is the width of a page where the caller does not tell.
        """
        size = min(self._whole("per_page", size), max(size, LARGEST_PAGE))
        page = self._whole("page", 1)
        last = max(-(-len(records) // size), 1)
        shown = list(records[(page - 1) * size : page * size])
        body = {"total_count": len(records), wrap: shown} if wrap else shown
        return Answer(body, headers=self._links(page, last))

    def wants(self, kind: str) -> bool:
        """Tell whether the caller accepts one of GitHub's special media types: ``raw``, ``object``."""
        accept = self.headers.get("Accept", "")
        return accept.startswith("application/vnd.github") and f".{kind}" in accept

    def _links(self, page: int, last: int) -> dict[str, str]:
        targets: dict[str, int] = {}
        if page > 1:
            targets |= {"prev": page - 1, "first": 1}
        if page < last:
            targets |= {"next": page + 1, "last": last}
        kept = {name: value for name, value in self.query.items() if name != "page"}
        parts = [
            f'<{self.world.url}{self.path}?{urlencode({**kept, "page": to})}>; rel="{rel}"'
            for rel, to in targets.items()
        ]
        return {"Link": ", ".join(parts)} if parts else {}

    def _whole(self, name: str, default: int) -> int:
        text = self.query.get(name, "")
        return max(int(text), 1) if text.isdecimal() else default

    def _typed(self, name: str, value: Any, kind: type[T]) -> T:
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Validation(f"Invalid request.\n\nFor '{name}', {value!r} is not a {kind.__name__}.")
        return value

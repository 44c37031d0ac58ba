"""How a field of the schema finds its value: tables of resolvers, one for each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import Future
    from datetime import datetime

    from bot.sandbox.authentication import Token
    from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Execution:
    """One document on its way: who sent it, and what was read once for all its fields."""

    world: World
    token: Token
    mergeability: dict[str, Future[bool | None]] = field(default_factory=dict)  # by pull request


@dataclass(frozen=True, slots=True)
class Call:
    """What a field is asked with; the arguments are named as in the schema."""

    execution: Execution
    arguments: Mapping[str, Any]

    @property
    def world(self) -> World:
        """The world that is asked."""
        return self.execution.world

    @property
    def token(self) -> Token:
        """Who asks."""
        return self.execution.token

    def argument(self, name: str, default: Any = None) -> Any:
        """Return one argument; a missing one and ``null`` are the default."""
        value = self.arguments.get(name)
        return default if value is None else value


Resolver = Callable[[Any, Call], Any]
"""Takes the parent's value and the call; returns the field's value or an awaitable of it; refuses with a Refusal."""

Fields = dict[str, Resolver]
"""The resolvers of one type, by field."""


def attribute(path: str) -> Resolver:
    """Return a resolver that reads an attribute of the parent (``owner.login`` reads on)."""
    read = attrgetter(path)
    return lambda parent, _: read(parent)


def moment(path: str) -> Resolver:
    """Return a resolver that reads a time of the parent, in GitHub's form of it."""
    read = attrgetter(path)
    return lambda parent, _: timestamp(read(parent))


def constant(value: Any) -> Resolver:
    """Return a resolver that always gives the same value."""
    return lambda _parent, _call: value


def timestamp(when: datetime | None) -> str | None:
    """Write a time as GitHub's DateTime: whole seconds of UTC with a Z."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None

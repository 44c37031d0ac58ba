"""Who performs which kind of work: a flow declares it, exactly one for each kind."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from bot.jobs.work import Work, kind

WorkType = TypeVar("WorkType", bound=Work)
Parts = TypeVar("Parts")

Performer = Callable[[Any, Any], Awaitable[None]]


class WaitUntil(Exception):
    """A flow's work goes on at `when` (aware UTC): its row moves there and the job ends well."""

    def __init__(self, when: datetime, reason: str) -> None:
        super().__init__(f"{reason} (until {when.isoformat()})")
        self.when, self.reason = when, reason


class ComesAgain(Exception):
    """Work without an end was done for now: its row moves to `when` (aware UTC), or sooner if it is asked for."""

    def __init__(self, when: datetime) -> None:
        super().__init__(f"due again at {when.isoformat()}")
        self.when = when


class SecondPerformer(TypeError):
    """A kind of work was given to two performers; remove one of them."""


class NoPerformer(LookupError):
    """A kind of work has no performer; import the flow that performs it."""


class Performers:
    """A register of performers by kind of work."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Performer] = {}

    def performs(
        self, work_type: type[WorkType]
    ) -> Callable[[Callable[[WorkType, Parts], Awaitable[None]]], Callable[[WorkType, Parts], Awaitable[None]]]:
        """Decorate the async function (work, parts) that performs this type of work.

        Raises SecondPerformer if there is one already.
        """

        def register(
            function: Callable[[WorkType, Parts], Awaitable[None]],
        ) -> Callable[[WorkType, Parts], Awaitable[None]]:
            name = kind(work_type)
            if name in self._by_kind:
                raise SecondPerformer(f"{name} is performed by {self._by_kind[name]} already, not also by {function}")
            self._by_kind[name] = function
            return function

        return register

    def performer(self, name: str) -> Performer:
        """Find the performer of a kind of work, by the kind's name. Raises NoPerformer."""
        try:
            return self._by_kind[name]
        except KeyError:
            raise NoPerformer(f"nobody performs {name}") from None

    def performers(self) -> Mapping[str, Performer]:
        """Show every performer by its kind's name."""
        return MappingProxyType(self._by_kind)


_everyone = Performers()
performs = _everyone.performs
performer = _everyone.performer
performers = _everyone.performers

"""What the runner needs of the table of due work, wherever it is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class DueRow(Protocol):
    """One piece of work that is due, as it stood when it was read."""

    @property
    def kind(self) -> str:
        """The kind of work."""

    @property
    def key(self) -> str:
        """The key of the work, unique within its kind."""

    @property
    def owner(self) -> str:
        """Whose share of the slots it uses; "" is not limited."""

    @property
    def priority(self) -> int:
        """Greater is sooner."""

    @property
    def generation(self) -> int:
        """Grows each time the work is asked for."""

    @property
    def attempts(self) -> int:
        """How often it failed since it last ended well."""

    @property
    def due_at(self) -> datetime:
        """Not to be done before (aware UTC)."""

    @property
    def delivery(self) -> str:
        """The id of the delivery that asked for it, or ""."""


class DueTable(Protocol):
    """The rows of due work. A lease protects a row from being handed out twice and lapses by itself."""

    async def lease(
        self, now: datetime, *, window: int, share: int, until: datetime, registries: int, patient: int
    ) -> Sequence[DueRow]:
        """Lease rows that are due, neither dead nor leased, most urgent first.

        At most `window` rows are leased in all, at most `share` for one owner ("" is not limited), at most `registries`
        for all owners that are registries, and of those at most `patient` that are polls or failed before.
        """

    async def begin(self, kind: str, key: str, *, now: datetime, until: datetime) -> DueRow | None:
        """Extend the row's lease and read it; None if it is gone, dead or not due yet."""

    async def renew(self, kind: str, key: str, *, until: datetime) -> None:
        """Extend a row's lease."""

    async def finish(self, row: DueRow) -> bool:
        """Remove the row, or only release it (False) if it was asked for again since it was read."""

    async def postpone(self, row: DueRow, *, when: datetime, attempts: int, reason: str, firm: bool = True) -> None:
        """Release the row, due at `when`; `firm`: not to be done before, even if it was asked for again."""

    async def park(self, row: DueRow, *, reason: str) -> None:
        """Release the row as dead, with the reason, unless it was asked for again since it was read."""

    async def next_due(self, now: datetime) -> datetime | None:
        """Tell the earliest time at which a row that is neither leased nor dead is due."""

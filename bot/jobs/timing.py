"""How often the runner looks, and how long it waits before it believes that something died."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds. `stalled` is three heartbeats; a lease is renewed three times before it lapses."""

    tick: float = 1.0  # between two looks at the due table
    lease: float = 30.0  # how long a row is kept from being handed out again
    poll: float = 1.0  # between two looks of a worker at the queue, for what no notice told it
    heartbeat: float = 10.0  # between two signs of life of a worker
    stalled: float = 30.0  # without a sign of life a worker is taken for dead
    recovery: float = 20.0  # between two searches for the work of dead workers
    pause: float = 1.0  # before a worker that ended is replaced
    grace: float = 20.0  # how long a worker that ends by itself lets its jobs finish

    @property
    def lease_length(self) -> timedelta:
        """The length of a lease, for date arithmetic."""
        return timedelta(seconds=self.lease)


def utc_now() -> datetime:
    """Read the clock: the default where a clock is not given."""
    return datetime.now(UTC)

"""How many calls one hook may make, so that whoever holds an address cannot fill the store with it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SUSTAINED = 20.0
"""Calls a second that a hook may make for ever."""

BURST = 600
"""Calls that a hook may make at once after a rest: a release of many images is one burst."""

CALL_BYTES = 1024 * 1024
"""What one call may bring; a larger one counts as so many calls as it is larger."""

MOST_HOOKS = 4096


class HookLimits:
    """Counts the calls of each hook in this process, in memory that does not grow with the number of calls."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock in seconds that never goes back."""
        self._clock = clock
        # For each hook that called lately: when all its calls will be forgiven.
        self._forgiven: dict[str, float] = {}

    def wait(self, hook: str) -> float:
        """Count a call of a hook and return 0.0; or count nothing, and return the seconds until it may call again."""
        now = self._clock()
        forgiven = max(self._forgiven.get(hook, now), now) + 1 / SUSTAINED
        excess = forgiven - now - BURST / SUSTAINED
        # A hundredth of a call, so that no rounding refuses the last of a burst.
        if excess > 0.01 / SUSTAINED:
            return excess
        if hook not in self._forgiven and len(self._forgiven) >= MOST_HOOKS:
            self._make_room(now)
        self._forgiven[hook] = forgiven
        return 0.0

    def weigh(self, hook: str, size: int) -> None:
        """Count the call of a hook that was let in last by the `size` of its body, in bytes: who brings more waits."""
        more = -(-size // CALL_BYTES) - 1
        if more > 0 and hook in self._forgiven:
            self._forgiven[hook] += more / SUSTAINED

    def _make_room(self, now: float) -> None:
        """Forget the hooks that may make a whole burst again, and if there is none, the one that is nearest to it."""
        self._forgiven = {hook: until for hook, until in self._forgiven.items() if until > now}
        if len(self._forgiven) >= MOST_HOOKS:
            del self._forgiven[min(self._forgiven, key=self._forgiven.__getitem__)]

"""The verifier that holds now: made when it is first needed, again every day, and kept a week when that fails."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.signatures.roots import load_verifier
from bot.signatures.signed import SigningUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sigstore.verify import Verifier

FRESH: Final = timedelta(days=1)
USABLE: Final = timedelta(days=7)
PAUSE: Final = timedelta(minutes=5)
PATIENCE_SECONDS: Final = 60

log = structlog.get_logger()


class Trust:
    """Sigstore's trusted root, read from a file or by TUF; `clock` tells the time, aware."""

    def __init__(self, trusted_root: Path | None, clock: Callable[[], datetime] | None = None) -> None:
        self._trusted_root = trusted_root
        self._clock = clock or (lambda: datetime.now(UTC))
        self._turn = asyncio.Lock()
        self._had: tuple[Verifier, datetime] | None = None
        self._failed: tuple[str, datetime] | None = None

    async def verifier(self) -> Verifier:
        """Give a verifier of today's root, or of one that is at most a week old. Raises SigningUnavailable."""
        async with self._turn:
            now = self._clock()
            if self._had is not None and now - self._had[1] < FRESH:
                return self._had[0]
            if self._failed is None or now - self._failed[1] >= PAUSE:
                await self._renew(now)
            if self._had is not None and now - self._had[1] < USABLE:
                return self._had[0]
            raise SigningUnavailable(self._failed[0] if self._failed else "there is no trusted root")

    async def _renew(self, now: datetime) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                self._had = (await asyncio.to_thread(load_verifier, self._trusted_root), now)
                return
        except TimeoutError:
            reason = f"the trusted root cannot be had within {PATIENCE_SECONDS} seconds"
        except SigningUnavailable as error:
            reason = str(error)
        self._failed = (reason, now)
        log.warning("signatures.no_trusted_root", reason=reason)

"""What came out of a run, by the place where it did, and how a secret is found in it however it is written."""

from __future__ import annotations

import base64
import html
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator

ACCOUNT = "ci-reader"


@dataclass
class Run:
    """What was said where, and what must be in none of it.

    secrets: by what each is. said: all bytes that came out, by the place where they did.
    """

    secrets: dict[str, str] = field(default_factory=dict)
    said: dict[str, bytes] = field(default_factory=dict)
    pulls: list[str] = field(default_factory=list)

    def say(self, where: str, what: bytes | str) -> None:
        said = what.encode() if isinstance(what, str) else what
        self.said[where] = self.said.get(where, b"") + said + b"\n"

    def found(self, where: str) -> list[str]:
        """Name the secrets that came out at a place, in whatever way they are written there."""
        said = self.said[where]
        return [name for name, secret in self.secrets.items() if any(form in said for form in forms(secret))]


def forms(secret: str) -> set[bytes]:
    """Give the ways in which a secret may be written: as it is, in an address, JSON, HTML, Python, and base64."""
    basic = base64.b64encode(f"{ACCOUNT}:{secret}".encode()).decode()
    written = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    written |= {html.escape(secret), repr(secret)[1:-1], basic, base64.b64encode(secret.encode()).decode()}
    return {form.encode() for form in written}


class Kept:
    """The lines of a stream, each kept in the run before it is handed on."""

    def __init__(self, stream: asyncio.StreamReader, run: Run) -> None:
        self._stream = stream
        self._run = run

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for line in self._stream:
            self._run.say("the log", line)
            yield line

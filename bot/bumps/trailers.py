"""How a commit of the bot is known again: the trailer that its message ends with."""

from __future__ import annotations

import re
from typing import Final

from bot.bumps.describing import TRAILER

_LINE: Final = re.compile(rf"{TRAILER}: \S+/([0-9a-f]{{16}})")


def fingerprint_in(message: str) -> str | None:
    """Read the fingerprint of the wish that a commit stands for, from its message; None when it has no trailer.

    Anybody can write such a trailer: who made the commit has to be asked elsewhere.
    """
    last = message.rstrip().rpartition("\n")[2]
    found = _LINE.fullmatch(last)
    return found[1] if found else None

"""Who did something, by one kind of name: a bot is "slug[bot]" wherever GitHub says it."""

from __future__ import annotations

import re
from typing import Any, Final

_BOT: Final = "[bot]"
_NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>[^@+]+)@users\.noreply\..+", re.DOTALL)


def actor_login(actor: dict[str, Any] | None) -> str:
    """Return the login of an Actor; "" for a deleted account. GraphQL leaves "[bot]" off, REST and git do not."""
    if actor is None:
        return ""
    login = str(actor["login"])
    bot = actor.get("__typename") == "Bot" and not login.endswith(_BOT)
    return login + _BOT if bot else login


def git_author_login(author: dict[str, Any] | None) -> str:
    """Return the login a commit's author goes by, from the account or the noreply address; "" without either.

    Only as true as the commit: whoever may push can write any address.
    """
    if author is None:
        return ""
    address = _NOREPLY.fullmatch(author.get("email") or "")
    from_address = address["login"] if address else ""
    account = str((author.get("user") or {}).get("login") or "")
    if not account or from_address == account + _BOT:
        return from_address
    return account


def is_bot(login: str) -> bool:
    """Tell whether a login is an App's."""
    return login.endswith(_BOT)

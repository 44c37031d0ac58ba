"""What whoever makes a hook should know besides its address: that nobody reaches it, or whose it is."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bot.store import Store


async def notes(store: Store, installation: int, public_url: str) -> tuple[str, ...]:
    """Return the sentences about a new hook of an installation, whose address begins with `public_url`."""
    found = []
    if _names_this_machine(public_url):
        found.append(
            f"Registries cannot reach {public_url}, which every machine calls itself: set NIRO_PUBLIC_URL to the "
            "address at which they reach the bot, remove this hook, and make another."
        )
    if await store.installations.get(installation) is None:
        found.append(
            f"The bot does not know the installation {installation} yet: the status page lists those it knows."
        )
    return tuple(found)


def _names_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified

"""Lets connections go only to public addresses: checked at the very address that is connected to."""

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.registries.special_addresses import Address, Network, is_public

# On a network without IPv4 its hosts appear under this prefix, the IPv4 address in the last 32 bits (RFC 6052).
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefusedError(OSError):
    """The address is not public. The text is always the same, so that several such errors stay one."""

    def __init__(self) -> None:
        super().__init__("neither public nor in the private networks that the operator allows")


PER_HOST = 8


class GuardedConnector(aiohttp.TCPConnector):
    """A connector that opens no socket to an address which `is_allowed` refuses.

    The check stands where the socket is made: names, address literals, redirects and a second, different answer of
    the name server all come through it, and TLS still checks the name.
    """

    def __init__(
        self, private_networks: Sequence[Network], resolver: AbstractResolver | None, *, per_host: int = PER_HOST
    ) -> None:
        """per_host: how many connections one server may have at a time; 0: as many as all."""

        def open_socket(address_info: tuple[Any, ...]) -> socket.socket:
            family, kind, protocol, _, target = address_info
            if not is_allowed(str(target[0]), private_networks):
                raise AddressRefusedError
            return socket.socket(family, kind, protocol)

        super().__init__(resolver=resolver, socket_factory=open_socket, limit=100, limit_per_host=per_host)


def is_allowed(text: str, private_networks: Sequence[Network] = ()) -> bool:
    """Whether a connection to this IP address may be opened; False for what is no address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    plain = (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address
    return any(plain in network for network in private_networks) or is_public(_translated(plain))


def _translated(address: Address) -> Address:
    """Return the IPv4 address that a packet to this one ends at, where the network translates."""
    if isinstance(address, ipaddress.IPv6Address) and address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address

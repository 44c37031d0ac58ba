"""The connections to registries: guarded, one pool for each set of networks, and one trust for each certificate."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.registries.access import Access
from bot.registries.errors import InvalidCertificate
from bot.registries.guard import PER_HOST, GuardedConnector
from bot.registries.recent import Recent

USER_AGENT = "niro-bot"
LARGEST_CERTIFICATE = 256 * 1024
# Each holds all the authorities of the system beside its own: about a megabyte.
MOST_CONTEXTS = 32


@asynccontextmanager
async def guarded_sessions(
    private_networks: Sequence[str] = (), *, resolver: AbstractResolver | None = None
) -> AsyncIterator["Sessions"]:
    """Give the sessions that registries are spoken to with, and close them all on leaving.

    private_networks: networks (`10.0.0.0/8`) that the operator lets everybody reach beside the public ones; raises
    ValueError for what is no network. No proxy of the environment is used, no cookie kept.
    """
    sessions = Sessions(private_networks, resolver)
    try:
        yield sessions
    finally:
        await sessions.close()


class Sessions:
    """Sessions by the networks they may reach: an open connection is never used for a reader who may not make it."""

    def __init__(self, private_networks: Iterable[str], resolver: AbstractResolver | None) -> None:
        self._networks = frozenset(private_networks)
        self._resolver = resolver
        # As many as there are different grants of the operator's.
        self._sessions: dict[tuple[frozenset[str], bool], aiohttp.ClientSession] = {}
        self._contexts: Recent[str, ssl.SSLContext] = Recent(MOST_CONTEXTS)
        self.session(frozenset())

    def session(self, networks: frozenset[str], *, long: bool = False) -> aiohttp.ClientSession:
        """Return the session for a reader who may reach these networks beside those of everybody.

        long: for what is open for minutes, which has connections of its own: other questions must not wait for it.
        How many there are at a time is for the caller to bound.
        """
        wanted = self._networks | networks
        if (wanted, long) not in self._sessions:
            connector = GuardedConnector(
                [ipaddress.ip_network(text) for text in wanted], self._resolver, per_host=0 if long else PER_HOST
            )
            self._sessions[wanted, long] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
                trust_env=False,
            )
        return self._sessions[wanted, long]

    def trust(self, access: Access, host: str) -> ssl.SSLContext | bool:
        """Return what TLS is checked by: the system's authorities (True), and the credential's own beside them.

        host: the `name[:port]` that is spoken to; the credential's own count only for its registry and its token hosts.
        Raises InvalidCertificate. Connections made with one certificate are used with no other.
        """
        credential = access.credential
        if credential is None or not credential.certificate:
            return True
        if host not in {_without_https_port(name) for name in {credential.host, *credential.token_hosts}}:
            return True
        context = self._contexts.get(credential.certificate)
        if context is None:
            context = _context(credential.host, credential.certificate)
            self._contexts.put(credential.certificate, context)
        return context

    async def close(self) -> None:
        """Close every session; none can be had afterwards."""
        await asyncio.gather(*(session.close() for session in self._sessions.values()))


def _without_https_port(host: str) -> str:
    return host.removesuffix(":443")


def _context(host: str, certificate: str) -> ssl.SSLContext:
    if len(certificate) > LARGEST_CERTIFICATE:
        raise InvalidCertificate(host, f"a credential's certificate has at most {LARGEST_CERTIFICATE:,} letters")
    context = ssl.create_default_context()
    try:
        # Between the certificates people write names, in any letters.
        context.load_verify_locations(cadata=certificate.encode("ascii", "ignore").decode())
    except (ssl.SSLError, ValueError):
        # `from None`: what was pasted may be the private key.
        sentence = "the credential's certificate is none: it begins with -----BEGIN CERTIFICATE----- (PEM)"
        raise InvalidCertificate(host, sentence) from None
    return context

"""Answers a registry's 401: which of the offered ways is taken, and what is remembered for the next request."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from enum import Enum

from bot.registries.access import Access
from bot.registries.authorizations import Authorizations, Own, holds_secret
from bot.registries.challenges import Challenge, parse_challenges
from bot.registries.endpoints import Endpoint, same_origin, trusted_realm
from bot.registries.errors import RegistryRefused, UntrustedRealm
from bot.registries.recent import Recent
from bot.registries.tokens import Grant, TokenKey, Tokens
from bot.registries.transport import Answer, Request, Transport

UNAUTHORIZED = 401
MOST_WAYS = 10_000
LONGEST_SCOPE = 1024


class Itself(Enum):
    """The way without a token: the registry takes the credential itself with every request."""

    CREDENTIAL = "credential"


# How a repository is read where it is not open: by a token, or by the credential itself.
Way = Grant | Itself


@dataclass(frozen=True, slots=True)
class Exchange:
    """An answer, and what it was given for. way: None where the registry asked for nothing."""

    answer: Answer
    way: Way | None
    sent: Own | str | None = field(repr=False)


class Authentication:
    """Sends requests with whatever authorization the registry wants."""

    def __init__(self, transport: Transport, tokens: Tokens, own: Authorizations, token_hosts: Set[str]) -> None:
        self.transport = transport
        self.own = own
        self._tokens = tokens
        self._token_hosts = token_hosts
        self._ways: Recent[tuple[str, str, str], Way] = Recent(MOST_WAYS)

    async def exchange(self, registry: Endpoint, what: str, request: Request, scope: str = "") -> Exchange:
        """Send a request that reads `what` (a repository); a 401 is answered with a new token, or another login.

        scope: what a token is asked for beside what the registry's challenge names for other repositories; empty:
        just what that names.

        Raises RegistryRefused when the registry still says 401, or offers no way that we may take; UntrustedRealm
        when the only way leads to a foreign token server; and all that Transport.send raises.
        """
        key = (registry.host, request.access.version, f"{what} {scope}" if scope else what)
        # Taken out while it is tried: a way that stopped working is not tried for ever.
        way = self._ways.take(key)
        sent = await self._authorization(registry, way, request.access, None) if way else None
        answer = await self._send(registry, request, sent)
        while answer.status == UNAUTHORIZED:
            way = await self._choose(registry, what, answer, request.access, scope)
            refused, sent = sent, await self._authorization(registry, way, request.access, sent)
            if sent is None:
                break
            answer = await self._send(registry, request, sent)
            if refused is not None or not isinstance(sent, Own):
                break
        if answer.status == UNAUTHORIZED:
            raise RegistryRefused(registry.host, f"does not let {_whose(request.access)} read {what}")
        if way:
            self._ways.put(key, way)
        return Exchange(answer, way, sent)

    async def _send(self, registry: Endpoint, request: Request, sent: Own | str | None) -> Answer:
        header = sent.header.get_secret_value() if isinstance(sent, Own) else sent
        return await self.transport.send(registry.host, request, header)

    async def _authorization(
        self, registry: Endpoint, way: Way, access: Access, refused: Own | str | None
    ) -> Own | str | None:
        """Return what to send by a way; None when that is but what was just refused."""
        if isinstance(way, Grant):
            refused_token = refused if isinstance(refused, str) else None
            return await self._tokens.authorization(replace(way, access=access), refused=refused_token)
        if isinstance(refused, Own):
            return await self.own.renewed(access, registry.host, refused)
        return await self.own.of(access, registry.host)

    async def _choose(self, registry: Endpoint, what: str, answer: Answer, access: Access, scope: str) -> Way:
        """Return the first way we may take: a token from a trusted server, else the credential itself."""
        if not same_origin(answer.url, registry.origin):
            raise RegistryRefused(registry.host, "redirects to another host, which wants a credential of its own")
        own = await self.own.of(access, registry.host)
        if own and own.is_bearer:
            return Itself.CREDENTIAL
        challenges = parse_challenges(answer.headers.getall("WWW-Authenticate", []))
        untrusted: UntrustedRealm | None = None
        for challenge in _of_scheme(challenges, "bearer"):
            try:
                return self._grant(registry, what, challenge, access, scope)
            except UntrustedRealm as error:
                untrusted = untrusted or error
        if own and _of_scheme(challenges, "basic"):
            return Itself.CREDENTIAL
        raise untrusted or RegistryRefused(registry.host, f"wants a credential for {what}")

    def _grant(self, registry: Endpoint, what: str, challenge: Challenge, access: Access, wanted: str) -> Grant:
        hosts = self._token_hosts | (access.credential.token_hosts if access.credential else frozenset())
        insecure_hosts = self.transport.insecure_hosts(access)
        realm = trusted_realm(registry, challenge.get("realm"), hosts, insecure_hosts)
        named = challenge.get("scope")[:LONGEST_SCOPE]
        scope = _joined(wanted, named) if wanted else named or f"repository:{what}:pull"
        key = TokenKey(registry.host, access.version, challenge.get("service"), scope)
        return Grant(key, registry, realm, access)


def _joined(wanted: str, named: str) -> str:
    """Return the wanted scopes, and of those that a challenge names the ones of what is not among them.

    Some registries' challenges name `pull` where a push was tried: what is wanted goes first.
    """
    covered = {scope.rpartition(":")[0] for scope in wanted.split()}
    others = [scope for scope in named.split() if scope.rpartition(":")[0] not in covered]
    return " ".join([*wanted.split(), *others])


def _of_scheme(challenges: Sequence[Challenge], scheme: str) -> list[Challenge]:
    return [challenge for challenge in challenges if challenge.scheme == scheme]


def _whose(access: Access) -> str:
    return "the credential" if holds_secret(access) else "a request without a credential"

"""Answers a registry's 401: which of the offered ways is taken, and what is remembered for the next request."""

from collections import OrderedDict
from collections.abc import Sequence, Set
from dataclasses import replace

from bot.registries.challenges import Challenge, parse_challenges
from bot.registries.credentials import Credential
from bot.registries.endpoints import Endpoint, same_origin, trusted_realm
from bot.registries.errors import RegistryRefused, UntrustedRealm
from bot.registries.tokens import Grant, TokenKey, Tokens, basic
from bot.registries.transport import Answer, Request, Transport

UNAUTHORIZED = 401
MOST_WAYS = 10_000
LONGEST_SCOPE = 1024

# How a repository is read with a credential: by a token, or (True) by the credential itself.
Way = Grant | bool


class Authentication:
    """Sends requests with whatever authorization the registry wants."""

    def __init__(self, transport: Transport, tokens: Tokens, token_hosts: Set[str]) -> None:
        self._transport = transport
        self._tokens = tokens
        self._token_hosts = token_hosts
        self._ways: OrderedDict[tuple[str, str, str], Way] = OrderedDict()

    async def send(
        self, registry: Endpoint, repository: str, request: Request, credential: Credential | None
    ) -> Answer:
        """Send a request that reads a repository; a 401 is answered once, with a new token if one was held.

        Raises RegistryRefused when the registry still says 401, or offers no way that we may take; UntrustedRealm
        when the only way leads to a foreign token server; and all that Transport.send raises.
        """
        key = (registry.host, request.credential_id, repository)
        # Taken out while it is tried: a way that stopped working is not tried for ever.
        way = self._ways.pop(key, None)
        authorization = await self._authorization(way, credential) if way else None
        answer = await self._transport.send(registry, request, authorization)
        if answer.status == UNAUTHORIZED:
            way = self._choose(registry, repository, answer, request.credential_id, credential)
            authorization = await self._authorization(way, credential, refused=authorization)
            answer = await self._transport.send(registry, request, authorization)
        if answer.status == UNAUTHORIZED:
            whose = "the credential" if credential else "a request without a credential"
            raise RegistryRefused(registry.host, f"does not let {whose} read {repository}")
        if way:
            self._remember(key, way)
        return answer

    async def _authorization(
        self, way: Way, credential: Credential | None, *, refused: str | None = None
    ) -> str | None:
        if not isinstance(way, Grant):
            return basic(credential)
        return await self._tokens.authorization(replace(way, credential=credential), refused=refused)

    def _remember(self, key: tuple[str, str, str], way: Way) -> None:
        self._ways[key] = way
        self._ways.move_to_end(key)
        while len(self._ways) > MOST_WAYS:
            self._ways.popitem(last=False)

    def _choose(
        self, registry: Endpoint, repository: str, answer: Answer, credential_id: str, credential: Credential | None
    ) -> Way:
        """Return the first way we may take: a token from a trusted server, else the credential itself."""
        if not same_origin(answer.url, registry.origin):
            raise RegistryRefused(registry.host, "redirects to another host, which wants a credential of its own")
        challenges = parse_challenges(answer.headers.getall("WWW-Authenticate", []))
        untrusted: UntrustedRealm | None = None
        for challenge in _of_scheme(challenges, "bearer"):
            try:
                return self._grant(registry, repository, challenge, credential_id, credential)
            except UntrustedRealm as error:
                untrusted = untrusted or error
        if credential and _of_scheme(challenges, "basic"):
            return True
        if untrusted:
            raise untrusted
        raise RegistryRefused(registry.host, f"wants a credential for {repository}")

    def _grant(
        self,
        registry: Endpoint,
        repository: str,
        challenge: Challenge,
        credential_id: str,
        credential: Credential | None,
    ) -> Grant:
        hosts = self._token_hosts | (credential.token_hosts if credential else frozenset())
        realm = trusted_realm(registry, challenge.get("realm"), hosts, self._transport.insecure_hosts)
        scope = challenge.get("scope")[:LONGEST_SCOPE] or f"repository:{repository}:pull"
        key = TokenKey(registry.host, credential_id, challenge.get("service"), scope)
        return Grant(key, registry, realm, credential)


def _of_scheme(challenges: Sequence[Challenge], scheme: str) -> list[Challenge]:
    return [challenge for challenge in challenges if challenge.scheme == scheme]

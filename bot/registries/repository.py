"""One repository at one registry, read with one credential: the questions that tags and manifests are made of."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from yarl import URL

from bot.registries.authentication import Authentication
from bot.registries.credentials import Credential
from bot.registries.endpoints import Endpoint
from bot.registries.errors import ImageNotFound, InvalidAnswer, RegistryRefused
from bot.registries.transport import Answer, Request

ERROR_CODE = re.compile(r"[A-Z][A-Z_]{1,39}")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where and with what to read. `name` is the repository without the host, checked by its grammar."""

    endpoint: Endpoint
    name: str
    credential: Credential | None
    authentication: Authentication

    @property
    def host(self) -> str:
        """The registry as images name it."""
        return self.endpoint.host

    async def get(self, path: str, *, query: str = "", accept: str = "application/json", largest: int) -> Answer:
        """Ask for `/v2/<name>/<path>?<query>`; a body over `largest` bytes is InvalidAnswer."""
        return await self._send("GET", path, query, accept, largest)

    async def head(self, path: str, *, accept: str) -> Answer:
        """Ask for the headers of `/v2/<name>/<path>` only."""
        return await self._send("HEAD", path, "", accept, 0)

    async def _send(self, method: str, path: str, query: str, accept: str, largest: int) -> Answer:
        address = str(self.endpoint.address(self.name, path))
        # encoded=True: the query of a next page must go back byte for byte.
        url = URL(f"{address}?{query}" if query else address, encoded=True)
        request = Request(method, url, {"Accept": accept}, self.credential.id if self.credential else "", largest)
        return await self.authentication.send(self.endpoint, self.name, request, self.credential)


def expect_ok(repository: Repository, answer: Answer, what: str) -> None:
    """Raise the typed error for every status but 200. `what` names the thing asked for, for a 404."""
    if answer.status == HTTPStatus.OK:
        return
    code = _error_code(answer)
    if answer.status == HTTPStatus.NOT_FOUND:
        raise ImageNotFound(repository.host, f"{what}{code}")
    if answer.status == HTTPStatus.FORBIDDEN:
        raise RegistryRefused(repository.host, f"forbids to read {repository.name}{code}")
    raise InvalidAnswer(repository.host, f"answered {answer.status} when asked for {what}{code}")


def _error_code(answer: Answer) -> str:
    """Return the protocol's own code (` (MANIFEST_UNKNOWN)`), the only words of a registry that get into an error."""
    try:
        fields = json.loads(answer.body)
        code = fields["errors"][0]["code"] if isinstance(fields, Mapping) else ""
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return f" ({code})" if isinstance(code, str) and ERROR_CODE.fullmatch(code) else ""

"""One repository at one registry, read by one reader: the questions that tags, manifests and push times are made of.

A provider's file asks through a Repository: `get` for `/v2/<name>/...`, `own` for another path of the registry's own
(both with whatever authorization the registry wants), `api` for a server beside it that `Provider.api_hosts` names,
which gets exactly the authorization that it is given: `repository.basic()` for the credential itself, or a token
that was asked for with it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus

from yarl import URL

from bot.registries.access import Access
from bot.registries.authentication import Authentication, Exchange
from bot.registries.authorizations import as_it_is, holds_secret
from bot.registries.endpoints import Endpoint, authority
from bot.registries.errors import ImageNotFound, InvalidAnswer, RegistryRefused
from bot.registries.limits import Asked
from bot.registries.room import Share
from bot.registries.transport import ANYWHERE, LONGEST_REQUEST_SECONDS, MOST_REDIRECTS, Answer, Body, Request

# An answer in words: an error, a status.
LARGEST_WORD = 256 * 1024
# A registry that keeps its bytes at another's may put a large blob together before it answers.
LONGEST_WRITE_SECONDS = 120
ERROR_CODE = re.compile(r"[A-Z][A-Z_]{1,39}")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where and with what to read. `name` is the repository without the host, checked by its grammar.

    clock: aware UTC, what an image says of its age is measured by. scope: what tokens are asked for, where it is more
    than what reading this repository wants (`repository:a/b:pull,push repository:c/d:pull`).
    """

    endpoint: Endpoint
    name: str
    access: Access
    authentication: Authentication
    clock: Callable[[], datetime]
    scope: str = ""

    @property
    def host(self) -> str:
        """The registry as images name it."""
        return self.endpoint.host

    async def get(
        self,
        path: str,
        *,
        query: str = "",
        accept: str = "application/json",
        largest: int,
        unless: str = "",
        seconds: float = LONGEST_REQUEST_SECONDS,
        share: Share | None = None,
    ) -> Answer:
        """Ask for `/v2/<name>/<path>?<query>`; a body over `largest` bytes is InvalidAnswer.

        unless: an ETag; where the registry still has it, it may answer 304 without a body. seconds: how long the answer
        may take. share: see Request.
        """
        headers = {"Accept": accept, **({"If-None-Match": unless} if unless else {})}
        asked = Asked.MANIFEST if path.startswith("manifests/") else Asked.OTHER
        request = self._request(path, query=query, headers=headers, largest=largest, asked=asked)
        return (await self._exchange(replace(request, seconds=seconds, share=share))).answer

    async def exchange(self, path: str, *, query: str = "", largest: int) -> Exchange:
        """As `get`, and return beside the answer what it was given for."""
        headers = {"Accept": "application/json"}
        return await self._exchange(self._request(path, query=query, headers=headers, largest=largest))

    async def head(self, path: str, *, accept: str) -> Answer:
        """Ask for the headers of `/v2/<name>/<path>` only."""
        request = self._request(path, headers={"Accept": accept}, largest=0, asked=Asked.DIGEST, method="HEAD")
        return (await self._exchange(request)).answer

    async def blob(self, digest: str, size: int, offset: int = 0) -> Answer:
        """Ask for a blob of so many bytes from one on; they are left in Answer.incoming, which the caller closes.

        The answer may begin at the first byte all the same (200 in place of 206), or be no success.
        """
        headers = {"Accept": "*/*", **({"Range": f"bytes={offset}-{size - 1}"} if offset else {})}
        request = self._request(f"blobs/{digest}", headers=headers, largest=LARGEST_WORD)
        return (await self._exchange(replace(request, opened=True))).answer

    async def write(
        self,
        method: str,
        url: URL,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | Body | None = None,
        seconds: float = LONGEST_WRITE_SECONDS,
    ) -> Answer:
        """Send what changes the repository, and return the answer whatever its status: a 507 and redirects, too.

        url: of the registry's own origin, which the caller has checked. body: see Request; seconds: for each of its
        pieces and for the answer. No redirect is followed. Raises all that Authentication.exchange raises.
        """
        request = Request(
            method,
            url,
            headers or {},
            self.access,
            LARGEST_WORD,
            redirects=0,
            body=body,
            seconds=seconds,
            taken=frozenset({HTTPStatus.INSUFFICIENT_STORAGE}),
        )
        return (await self._exchange(request)).answer

    def address(self, path: str, query: str = "") -> URL:
        """Return the address of `/v2/<name>/<path>?<query>`; both percent-encoded."""
        return _with_query(self.endpoint.address(self.name, path), query)

    async def own(self, path: str, *, query: str = "", accept: str = "application/json", largest: int) -> Answer:
        """Ask the registry's own origin for `<path>?<query>` (`/acr/v1/...`), with the authorization it wants.

        path, query: percent-encoded. Returns the answer whatever its status; raises what `get` raises.
        """
        url = _with_query(self.endpoint.origin.with_path(path, encoded=True), query)
        # Another path may want another token: what is remembered about the one does not serve the other.
        what = f"{self.name} {path.split('/')[1]}"
        request = Request("GET", url, {"Accept": accept}, self.access, largest)
        return (await self.authentication.exchange(self.endpoint, what, request)).answer

    async def api(
        self,
        url: URL | str,
        *,
        headers: Mapping[str, str],
        method: str = "GET",
        body: bytes | None = None,
        largest: int,
        authorization: str | None = None,
    ) -> Answer:
        """Ask a server beside the registry, and return its answer, which is a success (2xx).

        url: absolute; of the registry's own origin or of Provider.api_hosts, else InvalidAnswer and nothing is sent;
        encode what comes from outside. authorization: the header's whole value, or None for nobody in particular, for
        whom redirects to the same origin are followed. largest: of the answer, in bytes. Raises RegistryRefused (401,
        403), ImageNotFound (404),
        InvalidAnswer (other answers that are no success), and all that Transport.send raises.
        """
        answer = await self.authentication.transport.call(
            self.host,
            self.access,
            url,
            allowed=self.endpoint.api_hosts | {authority(self.endpoint.origin)},
            method=method,
            headers=headers,
            body=body,
            largest=largest,
            authorization=authorization,
            redirects=MOST_REDIRECTS if method == "GET" else 0,
        )
        return _successful(self, answer)

    def basic(self) -> str | None:
        """Return the Authorization of the credential as it is (Basic; Bearer without a user name), None without one.

        No login is made for it; where the provider has one, `own` sends what it gives.
        """
        credential = self.access.credential
        if credential is None or credential.ambient or not holds_secret(self.access):
            return None
        return as_it_is(credential).header.get_secret_value()

    def _request(
        self,
        path: str,
        *,
        headers: Mapping[str, str],
        largest: int,
        query: str = "",
        method: str = "GET",
        asked: Asked = Asked.OTHER,
    ) -> Request:
        # What a blob's bytes have to be is known, so they may come from anywhere; all else is the registry's own word.
        elsewhere = ANYWHERE if path.startswith("blobs/") else self.endpoint.redirect_hosts
        url = _with_query(self.endpoint.address(self.name, path), query)
        return Request(method, url, headers, self.access, largest, asked=asked, elsewhere=elsewhere)

    async def _exchange(self, request: Request) -> Exchange:
        return await self.authentication.exchange(self.endpoint, self.name, request, self.scope)


def _with_query(address: URL, query: str) -> URL:
    # encoded=True: the query of a next page must go back byte for byte.
    return URL(f"{address}?{query}" if query else str(address), encoded=True)


def _successful(repository: Repository, answer: Answer) -> Answer:
    """Return an API's answer when it is a success, else raise the typed error."""
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise RegistryRefused(repository.host, f"its API refused what it was asked about {repository.name}")
    if answer.status == HTTPStatus.NOT_FOUND:
        raise ImageNotFound(repository.host, f"{repository.name} in its API")
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise InvalidAnswer(repository.host, f"its API answered {answer.status} when asked about {repository.name}")
    return answer


def expect_ok(repository: Repository, answer: Answer, what: str) -> None:
    """Raise the typed error for every status but 200. `what` names the thing asked for, for a 404."""
    if answer.status == HTTPStatus.OK:
        return
    code = error_code(answer)
    if answer.status == HTTPStatus.NOT_FOUND:
        raise ImageNotFound(repository.host, f"{what}{code}")
    if answer.status == HTTPStatus.FORBIDDEN:
        raise RegistryRefused(repository.host, f"forbids to read {repository.name}{code}")
    raise InvalidAnswer(repository.host, f"answered {answer.status} when asked for {what}{code}")


def error_code(answer: Answer) -> str:
    """Return the protocol's own code (` (MANIFEST_UNKNOWN)`), the only words of a registry that get into an error."""
    try:
        fields = json.loads(answer.body)
        code = fields["errors"][0]["code"] if isinstance(fields, Mapping) else ""
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return f" ({code})" if isinstance(code, str) and ERROR_CODE.fullmatch(code) else ""

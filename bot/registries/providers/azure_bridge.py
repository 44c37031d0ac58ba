"""Lets azure-identity, in its thread, send through the guarded Transport: to one login server, without redirects."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from azure.core.pipeline.transport import HttpResponse
from yarl import URL

from bot.registries.endpoints import authority
from bot.registries.errors import InvalidAnswer, RegistryError
from bot.registries.transport import REDIRECTS, Answer

if TYPE_CHECKING:
    from azure.core.rest import HttpRequest

    from bot.registries.providers.azure_entra import LoginServer, Send


class BridgedResponse(HttpResponse):
    """An Answer in the form that Azure's libraries read."""

    def __init__(self, request: "HttpRequest", answer: Answer) -> None:
        super().__init__(request, None)  # type: ignore[arg-type]
        self.status_code = answer.status
        self.headers = dict(answer.headers)
        self.content_type = answer.content_type
        self.reason = ""
        self._body = answer.body

    def body(self) -> bytes:
        """Return the whole body."""
        return self._body


class Bridge:
    """Stands where Azure's libraries expect a transport (azure.core.pipeline.transport.HttpTransport)."""

    def __init__(self, host: str, server: "LoginServer", send: "Send", loop: asyncio.AbstractEventLoop) -> None:
        """host: the registry. server: the only one that may be asked. send: run in the loop."""
        self._host = host
        self._server = server
        self._send = send
        self._loop = loop
        self.failure: RegistryError | None = None

    def send(self, request: "HttpRequest", **_options: Any) -> BridgedResponse:
        """Send a request from the library's thread; what goes wrong is kept in `failure`, too."""
        try:
            return BridgedResponse(request, self._answer(request))
        except RegistryError as error:
            # The library changes every error into one of its own.
            self.failure = error
            raise

    def _answer(self, request: "HttpRequest") -> Answer:
        url = URL(request.url, encoded=True)
        if url.scheme != "https" or authority(url) != self._server.name:
            raise InvalidAnswer(self._host, "is not logged in to: Microsoft's login server leads to another server")
        address = self._server.origin.join(url.relative())
        sending = self._send(request.method, address, dict(request.headers), _encoded(request.content))
        answer = asyncio.run_coroutine_threadsafe(sending, self._loop).result()
        if answer.status in REDIRECTS:
            raise InvalidAnswer(self._host, "is not logged in to: Microsoft's login server redirects")
        return answer

    def open(self) -> None:
        """Do nothing: the session belongs to others."""

    def close(self) -> None:
        """Do nothing: the session belongs to others."""

    def sleep(self, seconds: float) -> None:
        """Do nothing: nothing is tried twice here."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Do nothing."""


def _encoded(content: object) -> bytes | None:
    """Return a body as it is sent: the library leaves it to its transport to write a form."""
    if isinstance(content, Mapping):
        return urlencode(content).encode()
    if isinstance(content, str):
        return content.encode()
    return content if isinstance(content, bytes) else None

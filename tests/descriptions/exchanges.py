"""Plain views of one request with its answer, in the shape openapi-core reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

HOST = "https://api.github.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request that reached the sandbox and what it answered; ``target`` is the raw path with its query."""

    method: str
    target: str
    status: int
    request_headers: Mapping[str, str] = field(default_factory=dict)
    request_body: bytes = b""
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer_body: bytes = b""

    @property
    def path(self) -> str:
        """The raw path without the query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The raw query, without its question mark."""
        return self.target.partition("?")[2]

    def __str__(self) -> str:
        return f"{self.method} {self.target} (answered {self.status})"


class CheckedRequest:
    """The request of an exchange, for openapi-core."""

    def __init__(self, exchange: Exchange, path: str) -> None:
        headers = Headers(dict(exchange.request_headers))
        self.host_url = HOST
        self.path = path
        self.method = exchange.method.lower()
        self.body = exchange.request_body or None
        # Clients send JSON under several names, or none; GitHub reads the body as JSON whatever they say.
        self.content_type = "application/json"
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(exchange.query, keep_blank_values=True)), header=headers
        )


class CheckedAnswer:
    """The answer of an exchange, for openapi-core."""

    def __init__(self, exchange: Exchange) -> None:
        self.headers = Headers(dict(exchange.answer_headers))
        self.status_code = exchange.status
        self.data = exchange.answer_body or None
        self.content_type = self.headers.get("Content-Type", "application/octet-stream").lower()


class CheckedWebhook:
    """A webhook as it is sent, for openapi-core; ``name`` is the description's own name of it."""

    def __init__(self, name: str, headers: Mapping[str, str], body: bytes) -> None:
        self.name = name
        self.method = "post"
        self.body = body
        self.content_type = Headers(dict(headers)).get("Content-Type", "").lower()
        self.parameters = RequestParameters(header=Headers(dict(headers)))

"""Holds each REST request and answer against GitHub's OpenAPI description."""

import json
import re
from collections.abc import Mapping
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError

from tests.descriptions.exchanges import CheckedAnswer, CheckedRequest, Exchange
from tests.descriptions.routes import Route, Routes
from tests.descriptions.violations import sentences

# A request that was refused for what it says is wrong by intention: nobody relies on it.
REFUSED = frozenset({400, 404, 415, 422})
# GitHub answers these to any operation, whether its description lists them or not.
ALWAYS_POSSIBLE = frozenset({401, 403, 404, 429})
BROKEN = 500
BODILESS = frozenset({204, 304})
# Redirects to GitHub's own API use this form, which the description leaves out; it takes all that /repos/... takes.
BY_ID = re.compile(r"/repositories/\d+(?=/|$)")
# Media types that ask for the bytes of a thing instead of its JSON.
RAW = re.compile(r"application/vnd\.github\.(v3\.|\d{4}-\d\d-\d\d\.)?(raw|diff|patch|sha|html)")


class RestChecker:
    """Checks exchanges against one OpenAPI description; what each path needs is built when the path is first seen."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._description = description
        self._routes = Routes(description["paths"])
        self._built: dict[str, OpenAPI] = {}

    def problems(self, exchange: Exchange) -> list[str]:
        """Return what is wrong with a request or its answer, one sentence each; empty when it is as at GitHub."""
        route = self._routes.find(exchange.method, BY_ID.sub("/repos/by/id", exchange.path))
        if route is None:
            return [] if exchange.status in REFUSED else ["GitHub has no such operation"]
        return [*self._request_problems(route, exchange), *self._answer_problems(route, exchange)]

    def _request_problems(self, route: Route, exchange: Exchange) -> list[str]:
        if exchange.status in REFUSED:
            return []
        try:
            self._openapi(route).validate_request(CheckedRequest(exchange, route.path))
        except OpenAPIError as error:
            return [f"the request is not what GitHub takes: {sentence}" for sentence in sentences(error)]
        return []

    def _answer_problems(self, route: Route, exchange: Exchange) -> list[str]:
        if exchange.status >= BROKEN:
            return []
        if exchange.status in BODILESS:
            return ["an answer without a body has one"] if exchange.answer_body else []
        if str(exchange.status) not in self._responses(route, exchange.method):
            return _undocumented_problems(exchange)
        return [] if _is_raw(exchange) else self._described_problems(route, exchange)

    def _described_problems(self, route: Route, exchange: Exchange) -> list[str]:
        request = CheckedRequest(exchange, route.path)
        try:
            self._openapi(route).validate_response(request, CheckedAnswer(exchange))
        except OpenAPIError as error:
            return [f"the answer is not what GitHub gives: {sentence}" for sentence in sentences(error)]
        return []

    def _responses(self, route: Route, method: str) -> Mapping[str, Any]:
        responses: Mapping[str, Any] = self._description["paths"][route.template][method.lower()]["responses"]
        return responses

    def _openapi(self, route: Route) -> OpenAPI:
        """Return the description cut down to one path; the parts it refers to are shared, and read when needed."""
        if route.template not in self._built:
            item = self._description["paths"][route.template]
            cut: Any = {**self._description, "paths": {route.template: item}}
            self._built[route.template] = OpenAPI.from_dict(cut, config=Config(spec_validator_cls=None))
        return self._built[route.template]


def _undocumented_problems(exchange: Exchange) -> list[str]:
    if exchange.status not in ALWAYS_POSSIBLE:
        return [f"GitHub never answers {exchange.status} here"]
    try:
        body = json.loads(exchange.answer_body)
    except ValueError:
        return ["a refusal is not JSON"]
    return [] if isinstance(body, dict) and isinstance(body.get("message"), str) else ["a refusal has no message"]


def _is_raw(exchange: Exchange) -> bool:
    """Tell whether the caller asked for bytes: the description knows only the JSON form."""
    return bool(RAW.match(str(CheckedAnswer(exchange).headers.get("Content-Type", ""))))

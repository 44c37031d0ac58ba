"""GitHub's descriptions, read once for the whole test session."""

import json
from functools import cache
from typing import Any

from tests.descriptions.rest_checker import RestChecker
from tests.descriptions.webhook_checker import WebhookChecker
from tests.parts.descriptions import GRAPHQL_SCHEMA, OPENAPI, WEBHOOKS, fetch


@cache
def openapi_description() -> dict[str, Any]:
    """GitHub's OpenAPI description of its REST interface."""
    description: dict[str, Any] = json.loads(fetch(OPENAPI).read_bytes(), object_hook=_mended)
    return description


def _mended(entry: dict[str, Any]) -> dict[str, Any]:
    """Read what GitHub means where its description says it in a way that a strict reader takes otherwise."""
    if "oneOf" in entry or "anyOf" in entry:
        # The alternatives themselves decide: the hints between them name a field that lists do not have.
        entry.pop("discriminator", None)
    if entry.get("nullable") is True and isinstance(entry.get("enum"), list) and None not in entry["enum"]:
        entry["enum"].append(None)
    return entry


@cache
def graphql_schema_text() -> str:
    """GitHub's whole GraphQL schema, in the schema language."""
    return fetch(GRAPHQL_SCHEMA).read_text(encoding="utf-8")


@cache
def rest_checker() -> RestChecker:
    """The checker of REST requests and answers; it keeps what it built for later tests."""
    return RestChecker(openapi_description())


@cache
def webhook_checker() -> WebhookChecker:
    """The checker of webhooks."""
    return WebhookChecker(json.loads(fetch(WEBHOOKS).read_bytes()))

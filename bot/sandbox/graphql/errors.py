"""Errors of a GraphQL answer in GitHub's shape: a ``type`` beside path, places and message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from bot.sandbox.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable


def render(errors: Iterable[GraphQLError]) -> list[dict[str, Any]]:
    """Write errors as GitHub does. An error that is no refusal is a fault of the sandbox, and is raised."""
    return [_render(error) for error in errors]


def _render(error: GraphQLError) -> dict[str, Any]:
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        rendered: dict[str, Any] = {"locations": places, "message": error.message}
        return {"path": error.path, **rendered} if error.path else rendered
    if not isinstance(cause, Refusal):
        raise cause
    return {"type": cause.kind, "path": error.path, "locations": places, "message": cause.sentence}

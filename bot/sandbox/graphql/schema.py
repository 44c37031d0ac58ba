"""Reads a GraphQL schema: the bundled part of GitHub's, or the whole one."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from graphql import build_schema

if TYPE_CHECKING:
    from graphql import GraphQLSchema


def bundled_schema_text() -> str:
    """Return the part of GitHub's schema that the sandbox answers."""
    return resources.files("bot.sandbox.graphql").joinpath("schema.graphql").read_text(encoding="utf-8")


@cache
def read_schema(text: str | None = None) -> GraphQLSchema:
    """Build a schema, once for each text; None is the bundled one. Building GitHub's whole schema takes a second."""
    # GitHub's own schema deprecates a few fields that its interfaces do not, which a strict reading refuses.
    return build_schema(bundled_schema_text() if text is None else text, assume_valid=True)

"""Executes GraphQL documents over the world."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, execute, parse, validate
from graphql.utilities import get_operation_ast

from bot.sandbox.graphql.errors import render
from bot.sandbox.graphql.resolving import Call, Execution
from bot.sandbox.graphql.schema import read_schema
from bot.sandbox.graphql.types import FIELDS, type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, ExecutionResult, GraphQLResolveInfo

    from bot.sandbox.authentication import Token
    from bot.sandbox.world import World


class GraphQL:
    """The GraphQL interface of one world; without a text the bundled part of GitHub's schema is spoken."""

    def __init__(self, world: World, schema_text: str | None = None) -> None:
        self._world = world
        self._schema = read_schema(schema_text)

    async def execute(
        self,
        token: Token,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
    ) -> dict[str, Any]:
        """Return the JSON answer: ``data``, ``errors`` or both. GitHub sends either with status 200."""
        try:
            document = parse(query)
        except GraphQLError as error:
            return {"errors": render([error])}
        errors = validate(self._schema, document)
        if errors:
            return {"errors": render(errors)}
        return _answer(await self._executed(token, document, variables, operation_name))

    def is_mutation(self, query: str, operation_name: str | None = None) -> bool:
        """Tell whether a document writes: GitHub's secondary limits count a mutation as five."""
        try:
            operation = get_operation_ast(parse(query), operation_name)
        except GraphQLError:
            return False
        return operation is not None and operation.operation.value == "mutation"

    async def _executed(
        self, token: Token, document: DocumentNode, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> ExecutionResult:
        result = execute(
            self._schema,
            document,
            root_value=self._world,
            context_value=Execution(self._world, token),
            variable_values=dict(variables or {}),
            operation_name=operation_name,
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: type_name(value),
        )
        return await result if inspect.isawaitable(result) else result

    def _resolve(self, parent: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        resolver = FIELDS.get(info.parent_type.name, {}).get(info.field_name)
        if resolver is None:
            raise NotImplementedError(f"the sandbox does not know {info.parent_type.name}.{info.field_name}")
        return resolver(parent, Call(info.context, arguments))


def _answer(result: ExecutionResult) -> dict[str, Any]:
    """Write a result as JSON: there is no data at all where nothing was executed."""
    errors = {"errors": render(result.errors)} if result.errors else {}
    executed = result.data is not None or any(error.path for error in result.errors or ())
    return {"data": result.data, **errors} if executed else errors

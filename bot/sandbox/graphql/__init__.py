"""GitHub's GraphQL door of the sandbox: graphql-core executes the documents, the world answers the fields."""

from bot.sandbox.graphql.endpoint import GraphQL

__all__ = ["GraphQL"]

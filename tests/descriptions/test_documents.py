"""Every GraphQL document the bot sends is one that GitHub understands, and the sandbox too."""

import pytest
from graphql import parse, validate

from bot.github.documents import all_documents
from bot.sandbox.graphql.schema import read_schema
from tests.descriptions.loaded import graphql_schema_text

DOCUMENTS = all_documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_github_understands_it(name):
    assert validate(read_schema(graphql_schema_text()), parse(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_sandbox_of_the_demo_understands_it(name):
    assert validate(read_schema(), parse(DOCUMENTS[name])) == []


def test_a_document_with_an_invented_field_is_seen():
    document = DOCUMENTS["head"].replace("nameWithOwner", "nameOfRepository")
    assert document != DOCUMENTS["head"]
    assert validate(read_schema(graphql_schema_text()), parse(document)) != []

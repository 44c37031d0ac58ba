"""The bundled schema is a true part of GitHub's, and every field of it can be asked for."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    is_specified_scalar_type,
    print_ast,
    validate_schema,
)
from graphql.type import is_introspection_type

from bot.sandbox.graphql.schema import read_schema
from bot.sandbox.graphql.types import FIELDS
from tests.descriptions.loaded import graphql_schema_text

OURS = {
    name: found
    for name, found in read_schema().type_map.items()
    if not is_specified_scalar_type(found) and not is_introspection_type(found)
}
WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


def members(found):
    """Everything a type says of itself, as one set of sentences that can be compared."""
    if isinstance(found, GraphQLEnumType):
        return set(found.values)
    if isinstance(found, GraphQLUnionType):
        return {member.name for member in found.types}
    if not isinstance(found, WITH_FIELDS):
        return set()
    interfaces = {f"implements {face.name}" for face in getattr(found, "interfaces", ())}
    return interfaces.union(*(field_members(name, field) for name, field in found.fields.items()))


def field_members(name, field):
    arguments = getattr(field, "args", {})
    return {
        f"{name}: {field.type}{default(field)}",
        *(f"{name}({key}: {argument.type}{default(argument)})" for key, argument in arguments.items()),
    }


def default(place):
    value = getattr(place.ast_node, "default_value", None)
    return f" = {print_ast(value)}" if value is not None else ""


def test_the_bundled_schema_is_sound():
    assert validate_schema(read_schema()) == []


def test_all_of_the_bundled_schema_is_githubs():
    theirs = read_schema(graphql_schema_text()).type_map
    invented = {f"{name}.{member}" for name, found in OURS.items() for member in members(found) - members(theirs[name])}
    assert invented == set()
    assert {name: type(found) for name, found in OURS.items()} == {name: type(theirs[name]) for name in OURS}


def test_enumerations_are_whole():
    theirs = read_schema(graphql_schema_text()).type_map
    enumerations = {name for name, found in OURS.items() if isinstance(found, GraphQLEnumType)}
    assert {name: members(OURS[name]) for name in enumerations} == {
        name: members(theirs[name]) for name in enumerations
    }


def test_what_the_subset_leaves_out_is_never_required():
    theirs = read_schema(graphql_schema_text()).type_map
    inputs = [name for name, found in OURS.items() if isinstance(found, GraphQLInputObjectType)]
    required = {
        f"{name}.{key}"
        for name in inputs
        for key, field in theirs[name].fields.items()
        if str(field.type).endswith("!")
    }
    assert required <= {f"{name}.{key}" for name in inputs for key in OURS[name].fields}


def test_each_field_has_exactly_one_answer():
    asked = {name: set(found.fields) for name, found in OURS.items() if isinstance(found, GraphQLObjectType)}
    assert {name: set(fields) for name, fields in FIELDS.items()} == asked

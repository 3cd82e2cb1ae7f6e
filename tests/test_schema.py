"""Rules of the GraphQL schema, each checked over all of it."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    find_breaking_changes,
    get_named_type,
)

from resolvers.root import schema

ROOT = Path(__file__).parent.parent
COMMITTED = ROOT / "schema" / "schema.graphql"
RELEASED = ROOT / "schema" / "released.graphql"


@pytest.fixture(scope="module")
def sdl() -> GraphQLSchema:
    return build_schema(schema.as_str())


def own_types(sdl: GraphQLSchema) -> dict[str, Any]:
    standard = {"String", "Int", "Float", "Boolean", "ID"}
    return {name: one for name, one in sdl.type_map.items() if not name.startswith("__") and name not in standard}


def fields_of(one: Any) -> dict[str, GraphQLField]:
    return dict(one.fields) if isinstance(one, GraphQLObjectType | GraphQLInterfaceType) else {}


def test_committed_sdl_is_what_the_code_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8").strip() == schema.as_str().strip(), "run `make schema`"


def test_nothing_breaks_a_client_of_the_last_release(sdl: GraphQLSchema) -> None:
    changes = find_breaking_changes(build_schema(RELEASED.read_text(encoding="utf-8")), sdl)
    assert [change.description for change in changes] == []


def test_everything_is_described(sdl: GraphQLSchema) -> None:
    undescribed = []
    roots = {sdl.query_type, sdl.mutation_type, sdl.subscription_type}
    for name, one in own_types(sdl).items():
        if not one.description and one not in roots and not isinstance(one, GraphQLScalarType):
            undescribed.append(name)
        for field_name, field in fields_of(one).items():
            undescribed += [f"{name}.{field_name}"] * (not field.description)
            arguments = {} if one is sdl.mutation_type else field.args
            undescribed += [f"{name}.{field_name}({key})" for key, arg in arguments.items() if not arg.description]
        if isinstance(one, GraphQLInputObjectType):
            undescribed += [f"{name}.{key}" for key, field in one.fields.items() if not field.description]
    assert undescribed == []


def test_each_mutation_has_one_input_and_a_nullable_union_of_success_and_errors(sdl: GraphQLSchema) -> None:
    assert sdl.mutation_type is not None
    error = sdl.type_map["Error"]
    for name, field in sdl.mutation_type.fields.items():
        pascal = name[0].upper() + name[1:]
        assert list(field.args) == ["input"], name
        argument = field.args["input"].type
        assert isinstance(argument, GraphQLNonNull), name
        given = get_named_type(argument)
        assert isinstance(given, GraphQLInputObjectType)
        assert given.name == f"{pascal}Input", name
        assert "idempotencyKey" in given.fields, name
        assert isinstance(field.type, GraphQLUnionType), f"{name} must be nullable, and a union"
        assert field.type.name == f"{pascal}Payload"
        success, *errors = field.type.types
        assert success.name == f"{pascal}Success"
        assert errors, name
        for one in errors:
            assert error in one.interfaces, f"{one.name} in {name}"


def test_errors_carry_a_message_and_a_code(sdl: GraphQLSchema) -> None:
    error = sdl.type_map["Error"]
    assert isinstance(error, GraphQLInterfaceType)
    assert set(error.fields) == {"message", "code"}


def test_a_document_may_select_the_same_field_on_all_members_of_a_union(sdl: GraphQLSchema) -> None:
    """Otherwise a client that asks for `message` of an error and of a success must know about aliases."""
    for name, one in own_types(sdl).items():
        if isinstance(one, GraphQLUnionType):
            types: dict[str, set[str]] = defaultdict(set)
            for member in one.types:
                for field_name, field in member.fields.items():
                    types[field_name].add(str(field.type))
            clashes = {field: kinds for field, kinds in types.items() if len(kinds) > 1}
            assert clashes == {}, name


def test_unbounded_lists_are_connections(sdl: GraphQLSchema) -> None:
    for name, one in own_types(sdl).items():
        if name.endswith("Connection"):
            assert set(fields_of(one)) >= {"edges", "nodes", "pageInfo"}, name
        for field_name, field in fields_of(one).items():
            if {"first", "after"} <= set(field.args):
                assert get_named_type(field.type).name.endswith("Connection"), f"{name}.{field_name}"


def test_enums_are_closed_sets_in_capitals(sdl: GraphQLSchema) -> None:
    for name, one in own_types(sdl).items():
        if isinstance(one, GraphQLEnumType):
            assert all(value.isupper() for value in one.values), name

"""Who lacks the permission that a field states is refused it, whoever they are and whatever they send."""

import json
from collections.abc import AsyncIterator, Mapping

import pytest
from strawberry.types import get_object_definition

from domain.account.permission import Permission
from resolvers.root import Mutation, Query, Subscription
from schema.needs import OPEN, Needs
from tests.security.conftest import Neighbours
from tests.security.fuzz import ask, code_of, listen
from tests.security.operations import SDL, Arguments, Operation, document_of, roots
from tests.security.tenants import GRANTABLE, key_for, node_types, token
from tests.security.test_needs import of_type

FOR_STRANGERS: frozenset[str] = frozenset()
"""Mutations that somebody may run who is nobody."""
OPEN_TO_STRANGERS = {"viewer", "node", "nodes", "widget"}
"""Queries that answer a stranger: who they are, that there is nothing for them, and how a widget looks."""


def needed() -> Mapping[str, Needs]:
    """What each root field needs."""
    names: dict[str, Needs] = {}
    for kind, root in (("query", Query), ("mutation", Mutation), ("subscription", Subscription)):
        fields = get_object_definition(root, strict=True).fields
        names |= {name: field.metadata["needs"] for name, field in zip(roots(kind), fields, strict=True)}
    return names


@pytest.fixture
async def attempts(neighbours: Neighbours) -> AsyncIterator[list[Operation]]:
    """One well-formed attempt at each root field, on what is one's own."""
    arguments = Arguments(neighbours.own, neighbours.own, seed=3)
    yield [
        next(iter(arguments.operations(kind, name, 1)))
        for kind in ("query", "mutation", "subscription")
        for name in roots(kind)
    ]


async def outcome(neighbours: Neighbours, bearer: str | None, operation: Operation) -> tuple[str, str]:
    """The code of an answer, and the whole of it."""
    if operation.kind == "subscription":
        texts = await listen(neighbours.stack, bearer, [operation], seconds=5)
        text = next(iter(texts), '{"data": null}')
    else:
        text = await ask(neighbours.stack, bearer, operation)
    return code_of(json.loads(text), operation.name), text


async def test_a_stranger_gets_past_nothing(neighbours: Neighbours, attempts: list[Operation]) -> None:
    needs = needed()
    for operation in attempts:
        code, text = await outcome(neighbours, None, operation)
        if operation.kind == "mutation":
            assert (code == "UNAUTHENTICATED") is (operation.name not in FOR_STRANGERS), text
        else:
            assert (code == "UNAUTHENTICATED") is (operation.name not in OPEN_TO_STRANGERS), text
    assert {name for name, need in needs.items() if need is OPEN} == OPEN_TO_STRANGERS | FOR_STRANGERS


async def test_a_key_without_the_one_permission_is_refused(neighbours: Neighbours, attempts: list[Operation]) -> None:
    """A key that may do everything else: so it is that permission, and no other, that was missing."""
    needs = needed()
    for operation in attempts:
        need = needs[operation.name]
        if isinstance(need, Permission):
            async with neighbours.engine.begin() as connection:
                bearer = await key_for(connection, neighbours.own, [one for one in GRANTABLE if one is not need])
            code, text = await outcome(neighbours, bearer, operation)
            assert code == "FORBIDDEN" and f"'{need}'" in text, text


@pytest.mark.parametrize("person", ["customer", "agent", "analyst", "admin"])
async def test_people_without_the_permission_are_refused(
    neighbours: Neighbours, attempts: list[Operation], person: str
) -> None:
    needs, granted = needed(), neighbours.own.actors[person].grants
    lacking = [one for one in attempts if isinstance(needs[one.name], Permission) and needs[one.name] not in granted]
    assert lacking
    async with neighbours.engine.begin() as connection:
        bearer = await token(connection, neighbours.own, person)
    for operation in lacking:
        code, text = await outcome(neighbours, bearer, operation)
        assert code == "FORBIDDEN" and f"'{needs[operation.name]}'" in text, text


OF_ONE_PERSON = {"Notification", "PushSubscription"}
"""Types of which nobody sees but the one person's whose they are, whatever they are permitted."""


async def test_who_lacks_the_permission_of_a_type_finds_no_object_of_it(neighbours: Neighbours) -> None:
    for name in sorted(set(node_types()) - OF_ONE_PERSON):
        need = of_type(SDL.type_map[name])
        operation = Operation("query", "node", document_of("query", "node", name), {"id": neighbours.own.ids[name][0]})
        async with neighbours.engine.begin() as connection:
            without = await key_for(connection, neighbours.own, [one for one in GRANTABLE if one != need])
            complete = await key_for(connection, neighbours.own, GRANTABLE)
        assert (await outcome(neighbours, without, operation))[0] == "null", name
        assert (await outcome(neighbours, complete, operation))[0] == "ok", name

"""Operations made from the schema: every root field with all that can be selected below it, and arguments by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from infra import bootstrap
from resolvers.execution import Engine, GraphQLRequest, Refusal
from resolvers.root import schema
from tests.security.tenants import Tenant, node_types

SDL = schema._schema
KINDS = {"query": SDL.query_type, "mutation": SDL.mutation_type, "subscription": SDL.subscription_type}
DEEPEST = 4
ENGINE = Engine(schema)
SELDOM = ("idempotencyKey", "after", "before", "base64", "kinds", "from", "to", "actor", "fileIds", "seenCursor")
"""Arguments that few attempts should have, since with them most come to nothing."""
SHAPED = {
    "contentType": "text/plain",
    "email": "somebody.{}@people.example",
    "opens": "09:00",
    "closes": "17:00",
    "zone": "Europe/Zurich",
    "timeZone": "Europe/Zurich",
    "metrics": "conversations",
    "metric": "conversations",
    "by": "time",
    "languages": "en",
    "language": "en",
    "translateTo": "de",
    "currency": "EUR",
    "allowedOrigins": "https://shop.example",
    "kinds": "RoleCreated",
    "issuer": "https://login.example",
    "secretHeader": "X-Key-{}",
    "document": "subscription {{ inboxChanged {{ __typename }} }}",
}
"""Texts that must have a form to be of any use; what needs none contains the tenant's mark."""
PLAIN = dict.fromkeys(("createTool", "changeTool", "createMcpServer", "changeWebhook"), ("name", "url"))
"""Root fields that take a name which models can say, and where tools are."""
MEANT = {"actor": ("Agent", "ApiKey", "Customer"), "beforeId": ("SuiteRun",), "afterId": ("SuiteRun",)} | {
    "assigneeId": ("Agent",),
    "intoId": ("Conversation",),
    "otherId": ("Conversation",),
    **dict.fromkeys(("anyTagIds", "allTagIds", "addTagIds", "removeTagIds"), ("Tag",)),
}
"""What an id is of where its argument's name does not tell."""
DEFINED = {"conversations", "createView", "changeView", "createMacro", "changeMacro"}
"""Root fields with keys of attributes, of which there is one: see `tests/security/rows.py`."""
FOREIGN, MIXED = "foreign", "mixed"


@dataclass(frozen=True)
class Operation:
    """One document, with variables made for one attempt."""

    kind: str
    name: str
    document: str
    variables: Mapping[str, Any]


def roots(kind: str) -> Mapping[str, GraphQLField]:
    """The root fields of one kind."""
    root = KINDS[kind]
    assert root is not None
    return dict(root.fields)


@cache
def document_of(kind: str, name: str, only: str | None = None) -> str:
    """The largest document of a root field that the limits allow; of an interface, `only` selects one of its types."""
    for depth in range(DEEPEST, 0, -1):
        document = _document(kind, name, only, depth)
        with suppress(Refusal):
            ENGINE.prepare(GraphQLRequest(document))
            return document
    return _document(kind, name, only, 0)


def _document(kind: str, name: str, only: str | None, depth: int) -> str:
    field = roots(kind)[name]
    variables = ", ".join(f"${key}: {argument.type}" for key, argument in field.args.items())
    given = ", ".join(f"{key}: ${key}" for key in field.args)
    head, call = (f"({variables})", f"({given})") if field.args else ("", "")
    return f"{kind} Fuzz{head} {{ {name}{call} {_selection(field, depth, (), only)} }}"


def _selection(field: GraphQLField, depth: int, path: tuple[str, ...], only: str | None = None) -> str:
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    parts = ["__typename"]
    for one in _types(kind):
        if only in (None, one.name):
            parts.append(f"... on {one.name} {{ __typename {_fields(one, depth, path)} }}")
    return "{ " + " ".join(parts) + " }"


def _types(kind: Any) -> list[GraphQLObjectType]:
    if isinstance(kind, GraphQLUnionType):
        return list(kind.types)
    if isinstance(kind, GraphQLInterfaceType):
        return list(SDL.get_implementations(kind).objects)
    return [kind]


def _fields(kind: GraphQLObjectType, depth: int, path: tuple[str, ...]) -> str:
    chosen = []
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        missing = [key for key, argument in field.args.items() if is_required_argument(argument)]
        if missing or (not is_leaf_type(below) and (depth == 0 or below.name in path)):
            continue
        if kind.name.endswith("Connection") and name == "edges":
            chosen.append("edges { cursor }")
            continue
        page = "(first: 3)" if "first" in field.args else ""
        chosen.append(f"{name}{page} {_selection(field, depth - 1, (*path, below.name))}")
    return " ".join(chosen)


class Arguments:
    """Values for arguments: ids, cursors and keys of the foreign tenant, now and then mixed with one's own."""

    def __init__(self, own: Tenant, foreign: Tenant, seed: int) -> None:
        self._own = own
        self._foreign = foreign
        self._random = Random(seed)

    def operations(self, kind: str, name: str, attempts: int) -> Iterator[Operation]:
        """Attempts at one root field. One that finds any object by its id is tried with each id there is."""
        field = roots(kind)[name]
        if isinstance(get_named_type(field.type), GraphQLInterfaceType) and field.args:
            for concept, ids in self._foreign.ids.items():
                document = document_of(kind, name, concept if concept in node_types() else "Organization")
                for identity in ids:
                    chosen = [identity, self._random.choice(self._own.all_ids)]
                    yield Operation(
                        kind, name, document, {key: identity if key == "id" else chosen for key in field.args}
                    )
            return
        document = document_of(kind, name)
        for number in range(attempts if field.args else 1):
            mode = MIXED if number % 2 else FOREIGN
            variables = {key: self._value(key, argument.type, name, mode) for key, argument in field.args.items()}
            yield Operation(kind, name, document, {key: value for key, value in variables.items() if value is not None})

    def _value(self, key: str, kind: Any, root: str, mode: str) -> Any:
        is_range = isinstance(kind, GraphQLNonNull) and key in ("from", "to")
        if key in SELDOM and not is_range and root not in roots("subscription") and self._random.random() < 0.6:
            return None
        if isinstance(kind, GraphQLNonNull):
            return self._given(key, kind.of_type, root, mode)
        return self._given(key, kind, root, mode) if self._random.random() < 0.6 else None

    def _given(self, key: str, kind: Any, root: str, mode: str) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._given(key, kind.of_type, root, mode)
        if isinstance(kind, GraphQLList):
            return [self._given(key, kind.of_type, root, mode) for _ in range(self._random.randint(1, 2))]
        if isinstance(kind, GraphQLInputObjectType):
            values = {name: self._value(name, field.type, root, mode) for name, field in kind.fields.items()}
            return {name: value for name, value in values.items() if value is not None}
        if isinstance(kind, GraphQLEnumType):
            return "ALL" if kind.name == "Scope" else self._random.choice(list(kind.values))
        return self._leaf(key, kind.name, root, mode)

    def _leaf(self, key: str, kind: str, root: str, mode: str) -> Any:
        chance = self._random
        match kind:
            case "ID":
                return self._id(key, root, self._own if mode == MIXED and chance.random() < 0.5 else self._foreign)
            case "Int" | "BigInt":
                return chance.randint(1, 3)
            case "Float":
                return chance.random()
            case "Boolean":
                return chance.random() < 0.5
            case "DateTime":
                return (bootstrap.now() + timedelta(days=chance.choice([-30, 30]))).isoformat()
            case "Date":
                return "2027-01-01"
            case "String":
                return self._text(key, root)
            case "AttributeValue":
                return f"{self._own.mark} value"
        return {"type": "object"} if key == "parameters" else {}

    def _text(self, key: str, root: str) -> str:
        chance = self._random
        if key == "after" and root in roots("subscription"):
            return chance.choice(self._foreign.cursors[:2])
        if key in ("after", "before"):
            return chance.choice([*self._foreign.cursors, "bm90aGluZw"])
        if key == "idempotencyKey":
            return chance.choice(self._foreign.request_keys)
        if key in PLAIN.get(root, ()):
            plain = f"{self._own.mark}_{chance.randrange(10**9)}"
            return plain if key == "name" else f"https://{self._own.mark}.example/{plain}"
        if key == "key":
            return "size" if "attributes" in root.lower() or root in DEFINED else f"key_{chance.randrange(10**9)}"
        if key in SHAPED:
            return SHAPED[key].format(chance.randrange(10**9))
        if root.startswith(("search", "similar")):
            return f"{self._foreign.mark} question"
        return f"{self._own.mark} {chance.randrange(10**9)}"

    def _id(self, key: str, root: str, tenant: Tenant) -> str:
        """Mostly of the type that the argument's name tells, else that the field's name tells, else of any."""
        chance = self._random
        stem = key.removesuffix("s").removesuffix("Id").lower()
        told = list(MEANT.get(key, ())) or [name for name in tenant.ids if stem and name.lower().endswith(stem)]
        told = told or [name for name in tenant.ids if name.lower() in root.lower()]
        if not told or chance.random() < 0.15:
            told = list(tenant.ids)
        return chance.choice(tenant.ids[chance.choice(told)])

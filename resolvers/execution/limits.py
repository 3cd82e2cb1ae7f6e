"""Measures what a document asks for, in time linear in the document, and names the limit that it passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_list_type,
)

PAGE_ARGUMENTS = frozenset({"first", "last"})
MOST_ITEMS = 1_000_000


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """What one document may ask for; every number counts after fragments are expanded.

    `cost` estimates the values in the answer: a list multiplies what is below it by its `first` or `last`, or by
    `list_size` where neither is given. `overlaps` are pairs of selections with one name, which validation compares each
    with each. `characters`, `tokens` and `comments` are checked by the parser, before anything is expanded; to read and
    check a token takes some 20 µs, so that the worst document takes some 40 ms. `cached_documents` and
    `cached_characters` bound the memory of the document cache.
    """

    depth: int = 15
    aliases: int = 50
    fields: int = 1_000
    directives: int = 50
    cost: int = 50_000
    overlaps: int = 5_000
    list_size: int = 10
    operations: int = 20
    characters: int = 100_000
    tokens: int = 2_000
    comments: int = 500
    cached_documents: int = 1_000
    cached_characters: int = 4_000_000


class Totals(NamedTuple):
    """What a selection asks for, fragments expanded."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    directives: int = 0
    cost: int = 0

    def beside(self, other: "Totals") -> "Totals":
        return Totals(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.fields + other.fields,
            self.directives + other.directives,
            self.cost + other.cost,
        )


NOTHING = Totals()


class Meter:
    """Totals of operations, each fragment measured once however often it is spread.

    `variables` are the raw values of the request: only the ones used as `first` or `last` matter, and their names are
    collected in `page_variables`.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, object],
        list_size: int,
    ) -> None:
        self.page_variables: set[str] = set()
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._list_size = list_size
        self._measured: dict[str, Totals] = {}

    def operation(self, node: OperationDefinitionNode) -> Totals:
        """Raises: RecursionError when fragments are nested deeper than the interpreter can follow."""
        root = self._schema.get_root_type(node.operation)
        totals = self._selections(node.selection_set, root)
        return totals._replace(directives=totals.directives + len(node.directives or ()))

    def _selections(self, node: SelectionSetNode | None, parent: GraphQLNamedType | None) -> Totals:
        total = NOTHING
        for selection in node.selections if node else ():
            total = total.beside(self._selection(selection, parent))
        return total

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None) -> Totals:
        directives = len(node.directives or ())
        if isinstance(node, FieldNode):
            totals = self._field(node, parent)
        elif isinstance(node, FragmentSpreadNode):
            totals = self._fragment(node.name.value)
        else:
            condition = getattr(node, "type_condition", None)
            inner = self._schema.get_type(condition.name.value) if condition else parent
            totals = self._selections(getattr(node, "selection_set", None), inner)
        return totals._replace(directives=totals.directives + directives) if directives else totals

    def _fragment(self, name: str) -> Totals:
        if name not in self._measured:
            self._measured[name] = NOTHING  # a cycle would add nothing; documents with one are refused before
            fragment = self._fragments.get(name)
            if fragment is not None:
                parent = self._schema.get_type(fragment.type_condition.name.value)
                self._measured[name] = self._selections(fragment.selection_set, parent)
        return self._measured[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Totals:
        definition = _definition(self._schema, parent, node.name.value)
        below = self._selections(node.selection_set, get_named_type(definition.type) if definition else None)
        items = self._items(node, definition, parent)
        return Totals(
            below.depth + 1,
            below.aliases + bool(node.alias),
            below.fields + 1,
            below.directives,
            below.cost * items + 1,
        )

    def _items(self, node: FieldNode, definition: GraphQLField | None, parent: GraphQLNamedType | None) -> int:
        """How often what is below the field comes in the answer, as far as the document can tell."""
        if definition is None or parent is None:
            return 1
        if parent.name.startswith("__") and parent.name != "__Schema":
            return 1  # introspection is as large as the schema; graphql-core bounds its nesting
        given = [self._number(each.value) for each in node.arguments or () if each.name.value in PAGE_ARGUMENTS]
        sizes = [size for size in given if size is not None]
        if sizes:
            return max(sizes)
        if not PAGE_ARGUMENTS.isdisjoint(definition.args):
            defaults = [
                page_size(definition.args[name].default_value) for name in PAGE_ARGUMENTS & set(definition.args)
            ]
            return max((size for size in defaults if size is not None), default=self._list_size)
        return self._list_size if _is_list(definition) and not parent.name.endswith("Connection") else 1

    def _number(self, node: ValueNode) -> int | None:
        if isinstance(node, VariableNode):
            self.page_variables.add(node.name.value)
            return page_size(self._variables.get(node.name.value))
        if isinstance(node, IntValueNode):
            return page_size(int(node.value)) if len(node.value) < 10 else MOST_ITEMS
        return None


def page_size(value: object) -> int | None:
    """The number of items a raw `first` or `last` asks for; None when it names none, so that a default applies.

    What GraphQL takes for a whole number counts as one: a variable may be 100.0, and is 100 to whoever makes the page.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return min(max(value, 0), MOST_ITEMS) if isinstance(value, int) else None


def passed_limit(totals: Mapping[str, int], limits: DocumentLimits) -> GraphQLError | None:
    """The error that names the first limit the totals pass, or None."""
    for name, total in totals.items():
        allowed = getattr(limits, name)
        if total > allowed:
            shown = str(total) if total < 10**9 else "more than 10^9"
            message = f"The operation asks for too much: {name} is {shown}, the limit is {allowed}."
            return GraphQLError(message, extensions={"code": "LIMIT_EXCEEDED", "limit": name})
    return None


def _definition(schema: GraphQLSchema, parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    try:
        return schema.get_field(parent, name) if parent else None  # type: ignore[arg-type]
    except AttributeError:  # a scalar or an input type: validation says so
        return None


def _is_list(definition: GraphQLField) -> bool:
    kind = definition.type
    return is_list_type(kind.of_type if isinstance(kind, GraphQLNonNull) else kind)

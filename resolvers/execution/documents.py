"""Turns GraphQL text into a checked document once, and remembers it."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    IntValueNode,
    NoFragmentCyclesRule,
    NoSchemaIntrospectionCustomRule,
    NoUnusedFragmentsRule,
    OperationDefinitionNode,
    UniqueFragmentNamesRule,
    parse,
    specified_rules,
    validate,
    value_from_ast_untyped,
)
from strawberry import Schema
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from resolvers.execution.limits import DocumentLimits, Meter, Totals, page_size, passed_limit
from resolvers.execution.overlaps import Overlaps

SIZES_REMEMBERED = 64
MOST_ERRORS = 10
"""Validation ends there: to find and word more of them takes longer than all the rest."""

# Without these, what a fragment expands to is not known: it could be endless, unmeasured, or one of two.
STRUCTURE = (NoFragmentCyclesRule, NoUnusedFragmentsRule, UniqueFragmentNamesRule)
RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


class Refusal(Exception):  # noqa: N818 - the answer to a request, not a fault of the program
    """A request that is answered without being executed; `errors` go to the client as they are."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = list(errors)

    @classmethod
    def because(cls, message: str, code: str) -> "Refusal":
        return cls([GraphQLError(message, extensions={"code": code})])


@dataclass(slots=True)
class Document:
    """A valid document; `totals` remembers what each operation asks for, by the page sizes in the variables."""

    node: DocumentNode
    operations: list[OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]
    totals: dict[tuple[object, ...], Totals] = field(default_factory=dict)
    page_variables: frozenset[str] = frozenset()

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Raises: Refusal when the name selects no operation, or is missing where there are several."""
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        if name is None:
            words = "has several operations: say which by operationName" if self.operations else "has no operation"
            raise Refusal.because(f"The document {words}.", "OPERATION_RESOLUTION_FAILURE")
        for node in self.operations:
            if node.name is not None and node.name.value == name:
                return node
        raise Refusal.because(f"Unknown operation named '{name}'.", "OPERATION_RESOLUTION_FAILURE")


class Documents:
    """The least recently used documents of one schema, bounded by number and by characters; only valid ones stay.

    Without `introspection` nobody is told what the schema holds, neither by `__schema` nor by hints at other names.
    """

    def __init__(self, schema: Schema, limits: DocumentLimits, *, introspection: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._rules = RULES if introspection else (*RULES, NoSchemaIntrospectionCustomRule)
        self._hides = not introspection
        self._trusted: dict[str, Document] = {}
        self._cached: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def __contains__(self, text: str) -> bool:
        return text in self._cached or text in self._trusted

    def trust(self, text: str) -> None:
        """Check a document now, however long it is, and keep it with the costs of its operations. Raises: as `get`."""
        document = self._check(self._parse(text, tokens=None))
        for node in document.operations:
            self.weigh(document, node, {})
        self._trusted[text] = document

    def get(self, text: str) -> Document:
        """Raises: Refusal with the parser's error, the passed limit, or all validation errors."""
        if text in self._trusted:
            return self._trusted[text]
        if text in self._cached:
            self._cached.move_to_end(text)
            return self._cached[text]
        document = self._check(self._parse(text, tokens=self._limits.tokens))
        self._remember(text, document)
        return document

    def weigh(self, document: Document, node: OperationDefinitionNode, variables: Mapping[str, object]) -> Totals:
        """What the operation asks for with these raw variables. Raises: Refusal that names the limit it passes."""
        given = {**_defaults(node), **variables}  # a variable that is null has no default, one that is absent has
        sizes = tuple(page_size(given.get(name)) for name in sorted(document.page_variables))
        key = (node.name.value if node.name else None, *sizes)
        if key not in document.totals:
            if len(document.totals) >= SIZES_REMEMBERED:
                document.totals.clear()
            document.totals[key] = self._measure(document, node, given)[0]
        totals = document.totals[key]
        self._refuse(totals._asdict())
        return totals

    def _parse(self, text: str, *, tokens: int | None) -> Document:
        limits = self._limits
        try:
            node = parse(
                text,
                max_lexical_tokens=tokens,
                max_comments=limits.comments,
                max_source_length=limits.characters,
            )
        except GraphQLError as error:
            error.extensions = {"code": "GRAPHQL_PARSE_FAILED"}
            raise Refusal([error]) from None
        operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
        fragments = {each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)}
        return Document(node, operations, fragments)

    def _check(self, document: Document) -> Document:
        """Cheap checks come first, because the rules are not cheap on a document that fails one of them."""
        schema = self._schema._schema
        self._refuse({"operations": len(document.operations)})
        _raise(validate(schema, document.node, STRUCTURE, MOST_ERRORS))
        names: set[str] = set()
        overlaps = Overlaps(document.fragments)
        for node in document.operations:
            totals, page_variables = self._measure(document, node, _defaults(node))
            names |= page_variables
            self._refuse(totals._replace(cost=0)._asdict())
            self._refuse({"overlaps": overlaps.count(node)})
        _raise(validate(schema, document.node, self._rules, MOST_ERRORS, hide_suggestions=self._hides))
        document.page_variables = frozenset(names)
        return document

    def _measure(
        self, document: Document, node: OperationDefinitionNode, variables: Mapping[str, object]
    ) -> tuple[Totals, set[str]]:
        meter = Meter(self._schema._schema, document.fragments, variables, self._limits.list_size)
        try:
            return meter.operation(node), meter.page_variables
        except RecursionError:
            pass  # left first: the error below would keep a thousand frames alive
        raise Refusal.because("The operation asks for too much: fragments are nested too deeply.", "LIMIT_EXCEEDED")

    def _refuse(self, totals: Mapping[str, int]) -> None:
        error = passed_limit(totals, self._limits)
        if error is not None:
            raise Refusal([error])

    def _remember(self, text: str, document: Document) -> None:
        self._cached[text] = document
        self._characters += len(text)
        while len(self._cached) > self._limits.cached_documents or self._characters > self._limits.cached_characters:
            oldest, _ = self._cached.popitem(last=False)
            self._characters -= len(oldest)


def _raise(errors: list[GraphQLError]) -> None:
    for error in errors:
        error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}
    if errors:
        raise Refusal(errors)


def _defaults(node: OperationDefinitionNode) -> dict[str, object]:
    """Default values of the variables that are whole numbers, the only ones that can be page sizes."""
    return {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in node.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode) and len(each.default_value.value) < 10
    }

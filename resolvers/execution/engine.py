"""Runs checked GraphQL operations over a Strawberry schema."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, Protocol, cast

from graphql import (
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLFormattedError,
    MiddlewareManager,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
    map_source_to_response_event,
)
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.types.execution import ExecutionContext
from strawberry.types.execution import ExecutionResult as StrawberryResult
from strawberry.types.graphql import OperationType as StrawberryOperationType

from resolvers.execution.documents import Document, Documents, Refusal
from resolvers.execution.errors import ErrorMask
from resolvers.execution.limits import DocumentLimits, Totals


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of a request; `variables` are raw JSON values.

    A document may be named by its SHA-256 (64 lower-case hexadecimal digits), with its text, or instead of it.
    """

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)
    document_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """A request whose document is valid and whose operation is known; `totals` say what it asks for."""

    request: GraphQLRequest
    document: Document
    node: OperationDefinitionNode
    totals: Totals

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.node.operation.value

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    @property
    def is_subscription(self) -> bool:
        return self.node.operation is OperationType.SUBSCRIPTION


@dataclass(slots=True)
class Result:
    """One answer. `executed` is False for a request error: then there is no `data`, and nothing ran."""

    data: dict[str, Any] | None = None
    errors: list[GraphQLFormattedError] = field(default_factory=list)
    extensions: dict[str, Any] = field(default_factory=dict)
    executed: bool = True

    def payload(self) -> dict[str, Any]:
        """The response map: `errors` first, `data` only when something was executed."""
        shown: dict[str, Any] = {"errors": self.errors} if self.errors else {}
        if self.executed:
            shown["data"] = self.data
        if self.extensions:
            shown["extensions"] = self.extensions
        return shown


@dataclass(frozen=True, slots=True)
class _Run:
    """One operation between the hooks of Strawberry's extensions."""

    hooks: SchemaExtensionsRunner
    state: ExecutionContext
    executor: Executor[Any] | None
    errors: list[GraphQLError]


class Engine:
    """Documents in, results out. Never raises for what a client sent or a resolver did, except `Refusal`.

    `expose` are the exceptions that clients may read: each has a `message` and a `code`. Without `introspection`
    nobody is told what the schema holds.
    """

    def __init__(
        self,
        schema: Schema,
        *,
        expose: tuple[type[Exception], ...] = (),
        limits: DocumentLimits | None = None,
        introspection: bool = True,
    ) -> None:
        self.schema = schema
        self.expose = expose
        self.mask = ErrorMask(expose)
        self._documents = Documents(schema, limits or DocumentLimits(), introspection=introspection)
        self._hides = not introspection

    def trust(self, text: str) -> None:
        """Check a document now, and keep it for good. Raises: Refusal."""
        self._documents.trust(text)

    def remembers(self, text: str) -> bool:
        """Whether a document is known to be valid, so that preparing it costs next to nothing."""
        return text in self._documents

    def prepare(self, request: GraphQLRequest) -> Operation:
        """Parse, check and select. Raises: Refusal."""
        document = self._documents.get(request.query)
        node = document.operation(request.operation_name)
        return Operation(request, document, node, self._documents.weigh(document, node, request.variables))

    async def execute(self, operation: Operation, context: object) -> Result:
        """Run a query or a mutation to its end."""
        try:
            async with self._run(operation, context) as run:
                if run.executor is None:
                    return self._refused(run.errors)
                async with run.hooks.executing():
                    outcome = run.executor.execute_operation()
                    result = _result(await outcome if isawaitable(outcome) else outcome)
                    run.state.result = result
                result.extensions = await run.hooks.get_extensions_results(run.state)
        except Exception as error:  # an extension's hook failed
            return self.failure(error)
        return self._shown(result)

    async def subscribe(self, operation: Operation, context: object) -> AsyncGenerator[Result, None]:
        """Run a subscription. Close the generator to end it; a source that fails ends it with a request error."""
        try:
            async with self._run(operation, context) as run:
                async with run.hooks.executing():
                    source = await self._source(run)
                if isinstance(source, Result):
                    yield source
                    return
                async with aclosing(source) as events:
                    async for event in events:
                        result = _result(event)
                        await _renewed(context)
                        result.extensions = await run.hooks.get_extensions_results(run.state)
                        async with run.hooks.on_stream_result(result):
                            yield self._shown(result)
        except Exception as error:  # the source failed while it streamed
            yield self.failure(error)

    def failure(self, error: Exception) -> Result:
        """The answer for an exception outside any field: nothing of it reaches the client unless it is exposed."""
        if isinstance(error, Refusal):
            return self._refused(error.errors)
        return Result(errors=[self.mask.exception(error)], executed=False)

    async def _source(self, run: _Run) -> AsyncGenerator[ExecutionResult, None] | Result:
        if run.executor is None:
            return self._refused(run.errors)
        source = create_source_event_stream(run.executor)
        opened = await source if isawaitable(source) else source
        if isinstance(opened, ExecutionResult):
            return Result(errors=self.mask.format(opened.errors or ()), executed=False)
        return map_source_to_response_event(run.executor, opened)

    @asynccontextmanager
    async def _run(self, operation: Operation, context: object) -> AsyncIterator[_Run]:
        """Hooks in Strawberry's order; parsing and validation were done by `prepare`, and are remembered."""
        state = self._state(operation, context)
        extensions = self.schema.get_extensions()
        for extension in extensions:
            extension.execution_context = state
        hooks = SchemaExtensionsRunner(state, extensions)
        async with hooks.operation():
            async with hooks.parsing():
                pass
            async with hooks.validation():
                pass
            middleware = MiddlewareManager(*(each for each in extensions if each._implements_resolve()))
            built = self._build(operation, context, middleware if middleware.middlewares else None)
            executor = None if isinstance(built, list) else built
            yield _Run(hooks, state, executor, built if isinstance(built, list) else [])

    def _state(self, operation: Operation, context: object) -> ExecutionContext:
        request = operation.request
        return ExecutionContext(
            query=request.query,
            schema=self.schema,
            allowed_operations=list(StrawberryOperationType),
            context=context,
            variables=request.variables,
            provided_operation_name=request.operation_name,
            graphql_document=operation.document.node,
            operation_extensions=request.extensions,
        )

    def _build(
        self, operation: Operation, context: object, middleware: MiddlewareManager | None
    ) -> Executor[Any] | list[GraphQLError]:
        return self.schema.execution_context_class.build(
            self.schema._schema,
            operation.document.node,
            context_value=context,
            raw_variable_values=operation.request.variables,
            operation_name=operation.name,
            middleware=middleware,
            is_awaitable=cast(Any, optimized_is_awaitable),
            operation_extensions=operation.request.extensions,
            hide_suggestions=self._hides,
        )

    def _refused(self, errors: list[GraphQLError]) -> Result:
        for error in errors:
            error.extensions = {"code": "BAD_USER_INPUT", **(error.extensions or {})}
        return Result(errors=[error.formatted for error in errors], executed=False)

    def _shown(self, result: StrawberryResult) -> Result:
        return Result(result.data, self.mask.format(result.errors or ()), result.extensions or {})


class Renewable(Protocol):
    """A context that lives longer than one event, and is made as new after each."""

    async def renew(self) -> None:
        """Give back what the execution of an event has taken."""
        ...


async def _renewed(context: object) -> None:
    """A reader that takes its time must not hold a connection meanwhile."""
    if hasattr(context, "renew"):
        await cast(Renewable, context).renew()


def _result(outcome: Any) -> StrawberryResult:
    if not isinstance(outcome, ExecutionResult):
        raise TypeError("Incremental delivery is not offered: build the schema without @defer and @stream.")
    return StrawberryResult(data=outcome.data, errors=outcome.errors)

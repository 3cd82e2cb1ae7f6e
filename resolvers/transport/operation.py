"""Runs one operation in its own context and at its caller's cost, the same way for every transport."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import orjson
from opentelemetry import trace
from starlette.requests import HTTPConnection

from resolvers.execution import Engine, GraphQLRequest, Operation, Refusal, Result
from resolvers.transport.charging import Charges, Payer
from resolvers.transport.library import Library
from resolvers.transport.metrics import REQUESTS, SUBSCRIPTIONS
from resolvers.transport.request import Contexts


class Operations:
    """Prepares and runs the operations of one transport; `transport` is its name in the metrics.

    Without `charges` nobody pays.
    """

    def __init__(
        self, engine: Engine, contexts: Contexts[Any], transport: str, library: Library, charges: Charges | None
    ) -> None:
        self.engine = engine
        self.contexts = contexts
        self._transport = transport
        self._library = library
        self._charges = charges

    def payer(self, caller: object, connection: HTTPConnection) -> Payer | None:
        """Whoever pays for the caller's next operation."""
        return self._charges.payer(caller, connection) if self._charges else None

    async def prepare(self, request: GraphQLRequest, caller: object, payer: Payer | None) -> Operation | Result:
        """The operation, paid for by its estimate, or the request error that answers it."""
        is_known = self._library.knows(request) or self.engine.remembers(request.query)
        refused = payer.read(request.query) if payer and not is_known else None
        kind = "unknown"
        try:
            if refused is None:
                operation = self.engine.prepare(await self._library.find(request, caller))
                await self._library.keep(request, caller)
                kind, refused = operation.kind, await payer.take(operation) if payer else None
                if refused is None:
                    return operation
        except Refusal as refusal:
            refused = self.engine.failure(refusal)
        self.count(kind, refused)
        return refused

    async def results(self, operation: Operation, caller: object, payer: Payer | None) -> AsyncGenerator[Result, None]:
        """One result of a query or mutation, many of a subscription; closing the generator ends the operation."""
        try:
            if operation.is_subscription:
                with SUBSCRIPTIONS.labels(self._transport).track_inprogress():
                    async with aclosing(self._stream(operation, caller, payer)) as stream:
                        async for result in stream:
                            yield result
            else:
                yield await self._execute(operation, caller, payer)
        except Exception as error:  # opening or closing the context failed
            self.count(operation.kind, failed := self.engine.failure(error))
            yield failed

    def encode(self, result: Result) -> tuple[Result, bytes]:
        """JSON on one line. A value that JSON cannot hold makes it the masked failure, which is returned instead."""
        try:
            return result, orjson.dumps(result.payload())
        except TypeError as error:
            failed = self.engine.failure(error)
            return failed, orjson.dumps(failed.payload())

    def count(self, kind: str, result: Result) -> None:
        outcome = "refused" if not result.executed else "errors" if result.errors else "ok"
        REQUESTS.labels(self._transport, kind, outcome).inc()

    async def _execute(self, operation: Operation, caller: object, payer: Payer | None) -> Result:
        async with self.contexts.operation(caller) as context:
            self._name_span(operation)
            result = await self.engine.execute(operation, context)
        self.count(operation.kind, result)
        if payer:
            payer.settle(operation, result)
        return result

    async def _stream(self, operation: Operation, caller: object, payer: Payer | None) -> AsyncGenerator[Result, None]:
        """What the start took pays for the first event; after that, a caller in debt waits for the next."""
        first = True
        async with (
            self.contexts.operation(caller) as context,
            aclosing(self.engine.subscribe(operation, context)) as stream,
        ):
            self._name_span(operation)
            async for result in stream:
                debt = 0.0
                if first:
                    self.count(operation.kind, result)
                if payer and first:
                    payer.settle(operation, result)
                elif payer:
                    debt = payer.charge(result)
                first = False
                yield result
                if debt:
                    await asyncio.sleep(debt)

    def _name_span(self, operation: Operation) -> None:
        """The context's span, if it has one, is told what it is about; names of clients stay out of its own name."""
        span = trace.get_current_span()
        span.update_name(f"graphql {operation.kind}")
        span.set_attribute("graphql.operation.type", operation.kind)
        span.set_attribute("graphql.operation.name", (operation.name or "")[:100])
        span.set_attribute("parley.transport", self._transport)

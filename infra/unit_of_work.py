"""One transaction for one command: aggregates out, their changes and events in, then the news."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from asyncpg import DeadlockDetectedError, SerializationError, UniqueViolationError
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import Actor, Aggregate, Audited, Clock, ConflictError, IdempotencyKeyReusedError
from domain.ports import IdempotencyKey, Receipt
from infra.accounts.access import SqlOpenSessions, stored_api_keys
from infra.accounts.customers import SqlCustomers
from infra.accounts.identity_keys import SqlIdentityKeys
from infra.accounts.invitations import SqlInvitations
from infra.accounts.providers import SqlProviders
from infra.accounts.repositories import SqlAgents, SqlInboxes, SqlRoles, SqlTeams, StoredOrganizations
from infra.assist.stored import SqlClassifications, SqlSummaries
from infra.database import Database
from infra.desk.repositories import DeskRepositories
from infra.knowledge.stored import SqlArticles, SqlEmbeddings, SqlImports, SqlSources
from infra.learning.gaps import SqlGaps
from infra.learning.stored import SqlCuratedAnswers, SqlOrigins, SqlSuiteRuns, SqlSuites, SqlTestCases
from infra.live.signals import COMMITTED, Sender
from infra.prompts.stored import SqlPrompts
from infra.repositories import Repository, SqlConversations
from infra.rows import events, idempotency_keys
from infra.spending.repositories import SqlBudgets, SqlPriceLists
from infra.storage.codec import dump, encode
from infra.telemetry import correlation_id, span, traceparent
from infra.tools.stored import SqlCalls, SqlMcpServers, SqlProofs, SqlTools

RIVALS = (UniqueViolationError, DeadlockDetectedError, SerializationError)
"""What Postgres says when somebody else was faster; any other refusal is a defect of ours."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
"""Requests with one idempotency key take turns, so that the second finds what the first did."""


class SqlUnitOfWork(DeskRepositories):
    """A unit of work on one connection. Repositories load aggregates through it and tell it what they hold.

    They save in the order in which they are listed: what others refer to comes first.
    """

    def __init__(self, connection: AsyncConnection, actor: Actor, clock: Clock) -> None:
        self.connection = connection
        self.actor = actor
        self.at = clock()
        self._clock = clock
        self.earlier: Receipt | None = None
        self.committed: list[dict[str, Any]] = []
        self.signals: set[str] = set()
        self._key: IdempotencyKey | None = None
        self.customers, self.conversations = SqlCustomers(self), SqlConversations(self)
        aggregates = (*self._knowledge(), *self._people(), *self._assistants(), *self._furnish(self))
        self._repositories: Sequence[Repository] = (self.customers, self.conversations, *aggregates)

    def _knowledge(self) -> Sequence[Repository]:
        self.sources, self.articles = SqlSources(self), SqlArticles(self)
        self.imports, self.embeddings = SqlImports(self), SqlEmbeddings(self)
        return self.sources, self.articles, self.imports, self.embeddings

    def _people(self) -> Sequence[Repository]:
        self.organizations, self.roles, self.agents = StoredOrganizations(self), SqlRoles(self), SqlAgents(self)
        self.teams, self.inboxes = SqlTeams(self), SqlInboxes(self)
        self.sessions, self.api_keys = SqlOpenSessions(self), stored_api_keys(self)
        self.invitations, self.providers = SqlInvitations(self), SqlProviders(self, self.sessions)
        self.identity_keys = SqlIdentityKeys(self)
        work = (self.organizations, self.roles, self.agents, self.teams, self.inboxes)
        return *work, self.sessions, self.api_keys, self.invitations, self.providers, self.identity_keys

    def _assistants(self) -> Sequence[Repository]:
        self.budgets, self.price_lists = SqlBudgets(self), SqlPriceLists(self)
        self.prompts, self.suites = SqlPrompts(self), SqlSuites(self)
        self.test_cases, self.suite_runs = SqlTestCases(self), SqlSuiteRuns(self)
        self.curated_answers, self.gaps, self.origins = SqlCuratedAnswers(self), SqlGaps(self), SqlOrigins(self)
        self.mcp_servers, self.tools = SqlMcpServers(self), SqlTools(self)
        self.calls, self.proofs = SqlCalls(self), SqlProofs(self)
        self.summaries, self.classifications = SqlSummaries(self), SqlClassifications(self)
        rehearsals = (self.prompts, self.suites, self.test_cases, self.suite_runs)
        learning = (self.curated_answers, self.gaps, self.origins)
        tools = (self.mcp_servers, self.tools, self.calls, self.proofs)
        return self.budgets, self.price_lists, *rehearsals, *learning, *tools, self.summaries, self.classifications

    async def recall(self, key: IdempotencyKey | None) -> None:
        """Find what a request with this key did before, or is doing right now: then this waits for it."""
        self._key = key
        if key is None:
            return
        await self.connection.execute(ONE_AT_A_TIME, {"name": f"{self.actor.tenant} {self.actor} {key.value}"})
        found = (await self.connection.execute(_earlier(self.actor, key))).one_or_none()
        if found is not None:
            if found.fingerprint != key.fingerprint:
                raise IdempotencyKeyReusedError
            self.earlier = _receipt(found.result)

    async def commit(self, receipt: Receipt) -> Receipt:
        """Save all that changed, as of now; a rival's commit in between raises `ConflictError`."""
        self.at = self._clock()  # all locks are held, so that times do not run backwards within a stream
        with span("commit"):
            try:
                for repository in self._repositories:
                    await repository.save()
                if self._key is not None:
                    await self.connection.execute(insert(idempotency_keys), self._remembered(self._key, receipt))
                await self.connection.commit()
            except DBAPIError as error:
                if isinstance(error.orig and error.orig.__cause__, RIVALS):
                    raise ConflictError from error
                raise
        return receipt

    async def journal(self, aggregate: Aggregate) -> None:
        """Append the pending events of an aggregate to its stream."""
        rows = [
            {
                "organization_id": aggregate.organization_id,
                "stream": aggregate.stream,
                "version": aggregate.version + number,
                "kind": event.kind,
                "payload": dump(event),
                "actor": str(self.actor),
                "address": self.actor.address if isinstance(event, Audited) else None,
                "audited": isinstance(event, Audited),
                "at": self.at,
                "correlation_id": correlation_id.get(),
                "traceparent": traceparent(),
            }
            for number, event in enumerate(aggregate.pending, 1)
        ]
        ids = await self.connection.execute(insert(events).returning(events.c.id, sort_by_parameter_order=True), rows)
        self.committed += [
            {**row, "id": number, "delivered_position": None} for row, number in zip(rows, ids.scalars(), strict=True)
        ]
        aggregate.version += len(rows)
        aggregate.pending.clear()

    def _remembered(self, key: IdempotencyKey, receipt: Receipt) -> Mapping[str, object]:
        return {
            "organization_id": self.actor.tenant,
            "actor": str(self.actor),
            "key": key.value,
            "fingerprint": key.fingerprint,
            "result": {"id": str(receipt.id), "part_id": receipt.part_id and str(receipt.part_id)},
            "created_at": self.at,
        }


def _earlier(actor: Actor, key: IdempotencyKey) -> Any:
    c = idempotency_keys.c
    mine = (c.organization_id == actor.tenant) & (c.actor == str(actor)) & (c.key == key.value)
    return select(c.fingerprint, c.result).where(mine)


def _receipt(result: Mapping[str, str | None]) -> Receipt:
    part = result["part_id"]
    return Receipt(UUID(result["id"]), UUID(part) if part else None)


class SqlUnits:
    """Opens units of work on the database; after a commit the process that listens is told at once."""

    def __init__(self, database: Database, sender: Sender, clock: Clock) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    @asynccontextmanager
    async def __call__(self, actor: Actor, key: IdempotencyKey | None = None) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work; a used key with other input raises `IdempotencyKeyReusedError`."""
        async with self._database.tenant(actor.tenant) as connection:
            unit = SqlUnitOfWork(connection, actor, self._clock)
            await unit.recall(key)
            yield unit
            self._tell(unit)  # before the connection is given back, which takes a round trip

    @asynccontextmanager
    async def accounts(self, actor: Actor) -> AsyncIterator[SqlUnitOfWork]:
        """A unit of work of whoever signs people in: it sees accounts, and appends to the actor's organization."""
        async with self._database.accounts(actor.tenant) as connection:
            unit = SqlUnitOfWork(connection, actor, self._clock)
            yield unit
            self._tell(unit)

    def _tell(self, unit: SqlUnitOfWork) -> None:
        if unit.committed:
            self._sender.send(COMMITTED, encode(unit.committed))
        for channel in unit.signals:
            self._sender.send(channel, b"")

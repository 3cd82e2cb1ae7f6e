"""Proofs of who asks: a code goes to the address that the organization knows, and is entered in the conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening
from domain.assistant import Clarification, Handoff, HandoffReason, Provenance, Question
from domain.base import (
    Actor,
    ActorKind,
    Aggregate,
    Clock,
    Event,
    FieldProblem,
    InvalidInputError,
    InvalidStateError,
    assistant_of,
    system_of,
)
from domain.login.mail import Mailer, customer_code
from domain.ports import Receipt, UnitOfWork
from domain.retry import retried_once
from domain.tool.events import CodeEntered, CodeRequested, CodeSent
from domain.tool.ports import Catalog

CODE_LASTS = timedelta(minutes=10)
PROOF_LASTS = timedelta(minutes=30)
MOST_TRIES = 5
LONGEST_CODE = 20
MOST_CODES = 5
"""How many codes are sent for one conversation, so that nobody can fill a mailbox."""
ENTERED = "I have entered the code."
UNKNOWN_LINE = "To do this I would have to be sure who you are. Someone from our team will go on with this here."


@dataclass
class Proof(Aggregate):
    """Who the customer of a conversation, whose id it has, has shown to be; codes are kept as hashes."""

    customer_id: UUID | None = None
    code_hash: bytes | None = None
    code_until: datetime | None = None
    tries_left: int = 0
    codes: int = 0
    proven_until: datetime | None = None

    def holds(self, customer_id: UUID, at: datetime) -> bool:
        """Whether it is this customer, for sure, at this moment."""
        return self.customer_id == customer_id and self.proven_until is not None and at < self.proven_until

    def expects(self, customer_id: UUID, at: datetime) -> bool:
        """Whether a code is on its way that this customer can still enter."""
        is_open = self.code_until is not None and at < self.code_until and self.tries_left > 0
        return self.customer_id == customer_id and is_open

    def request(self, customer_id: UUID, *, at: datetime) -> None:
        """Want a code; whatever was proven or sent before is void."""
        self.customer_id, self.code_hash, self.proven_until = customer_id, None, None
        self.code_until, self.tries_left, self.codes = at + CODE_LASTS, MOST_TRIES, self.codes + 1
        self._record(CodeRequested(customer_id))

    def send(self, code_hash: bytes, *, at: datetime) -> None:
        """Have made a code."""
        self.code_hash, self.code_until = code_hash, at + CODE_LASTS
        self._record(CodeSent())

    def enter(self, given: bytes, *, at: datetime) -> bool:
        """Be shown a code's hash: right or wrong, it counts."""
        right = self.code_hash is not None and compare_digest(self.code_hash, given)
        self.tries_left -= 1
        if right:
            self.code_hash, self.code_until, self.tries_left = None, None, 0
            self.proven_until, self.codes = at + PROOF_LASTS, 0
        self._record(CodeEntered(right))
        return right

    def _apply(self, event: Event) -> None:
        """Everything is kept in the row; an event only tells of it."""


class ProofRepository(Protocol):
    """Proofs of the actor's organization, to change."""

    async def of(self, conversation_id: UUID) -> Proof | None:
        """The proof of a conversation, locked; None where nothing was asked of its customer."""
        ...

    def add(self, aggregate: Proof) -> None:
        """Take a new one in."""
        ...


class ProofUnit(UnitOfWork, Protocol):
    """A unit of work that holds proofs."""

    @property
    def proofs(self) -> ProofRepository:
        """Proofs, to change."""
        ...


class Codes(Protocol):
    """Makes codes, and what they are kept as."""

    def new(self) -> str:
        """Six digits, by chance."""
        ...

    def hash(self, conversation_id: UUID, code: str) -> bytes:
        """What tells whether a code is right, and nobody with only the database what it was."""
        ...


@dataclass(frozen=True)
class Proofs:
    """Asks customers to show who they are, and lets them. `name_of` an organization stands in the mail."""

    units: Opening[ProofUnit]
    catalog: Catalog
    codes: Codes
    mailer: Mailer
    clock: Clock
    name_of: Callable[[UUID], Awaitable[str]]

    @retried_once
    async def demand(self, question: Question) -> Clarification | Handoff | None:
        """None where it is proven who asks; otherwise what the customer is told, and a code is on its way."""
        tenant, where = question.organization_id, question.conversation_id
        asker = question.customer_id and await self.catalog.asker(tenant, question.customer_id, where)
        if not asker or not question.conversation_id or not asker.email or not asker.external_id:
            return _unprovable(question)
        async with self.units(assistant_of(question.organization_id)) as unit:
            proof = await unit.proofs.of(question.conversation_id)
            at = self.clock()
            if proof is None:
                proof = Proof(question.conversation_id, question.organization_id)
                unit.proofs.add(proof)
            if proof.holds(asker.id, at):
                return None
            if not proof.expects(asker.id, at):
                if proof.codes >= MOST_CODES:
                    return _unprovable(question)
                proof.request(asker.id, at=at)
                await unit.commit(Receipt(proof.id))
        return _asked(asker.email)

    async def send(self, organization_id: UUID, conversation_id: UUID, customer_id: UUID) -> None:
        """Make a code and mail it, if one is wanted; a repeated call sends another, which alone is good then."""
        asker = await self.catalog.asker(organization_id, customer_id, conversation_id)
        if asker is None or asker.email is None:
            return
        code = self.codes.new()
        async with self.units(system_of(organization_id)) as unit:
            proof = await unit.proofs.of(conversation_id)
            if proof is None or not proof.expects(customer_id, self.clock()):
                return
            proof.send(self.codes.hash(conversation_id, code), at=self.clock())
            await unit.commit(Receipt(proof.id))
        organization = await self.name_of(organization_id)
        await self.mailer.send(customer_code(asker.email, organization=organization, code=code, lifetime=CODE_LASTS))

    @retried_once
    async def enter(self, actor: Actor, conversation_id: UUID, code: str) -> Receipt:
        """Enter the code that came by mail; `InvalidInputError` where it is wrong, after which few tries are left.

        It takes no idempotency key: a wrong code counts each time, and after the right one all is proven already.
        """
        actor.require(Permission.REPLY_TO_CONVERSATIONS)
        actor.require_kind(ActorKind.CUSTOMER)
        async with self.units(actor) as unit:
            await unit.conversations.get(conversation_id)
            proof, at = await unit.proofs.of(conversation_id), self.clock()
            if proof is not None and proof.holds(actor.identity, at):
                return Receipt(conversation_id)
            if proof is None or not proof.expects(actor.identity, at):
                raise InvalidStateError("No code is expected here, or not any more: ask the assistant once more.")
            right = proof.enter(self.codes.hash(conversation_id, code.strip()[:LONGEST_CODE]), at=at)
            receipt = await unit.commit(Receipt(conversation_id))
        if not right:
            left = f"{proof.tries_left} tries are left." if proof.tries_left else "Ask the assistant for another one."
            raise InvalidInputError(FieldProblem("input.code", f"is not the code that was sent. {left}"))
        return receipt


def _asked(email: str) -> Clarification:
    name, _, domain = email.partition("@")
    text = (
        f"Before I do this I have to be sure that it is you. I have sent a code to {name[:1]}•••@{domain}: "
        "enter it here within ten minutes, then tell me to go on."
    )
    return Clarification(text, (ENTERED,), Provenance("tools", 1.0, 0.0, decision="code_sent"), needs_code=True)


def _unprovable(question: Question) -> Handoff:
    grounds = Provenance("tools", 1.0, 0.0, decision="not_verified")
    summary = f"The assistant could not be sure who asks: “{question.text[:160]}”."
    return Handoff(HandoffReason.NOT_VERIFIED, summary, UNKNOWN_LINE, grounds)

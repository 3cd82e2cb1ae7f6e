"""The words every concept is built from: actors, events, aggregates and errors.

The exception tree; each leaf becomes one GraphQL error type:

    DomainError
    ├── InvalidInputError           a value the caller sent cannot be used
    ├── NotFoundError               not there, or not yours: one answer for both
    ├── ForbiddenError              you may see it, but not do this to it
    ├── UnauthenticatedError        nobody is signed in (the only one answered at top level)
    ├── InvalidStateError           the thing is not in a state that allows this
    ├── ConflictError               somebody else was faster
    ├── IdempotencyKeyReusedError   an idempotency key came back with other input
    └── UnavailableError            a part of Parley is away: answered at top level
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from domain.account.permission import ASSISTANT, NOTHING, Grants, Permission, Scope, everything


class ActorKind(StrEnum):
    """Who may act. The assistant and the system act without a person behind them."""

    ANONYMOUS = "anonymous"
    CUSTOMER = "customer"
    AGENT = "agent"
    ADMIN = "admin"
    API_KEY = "api_key"
    ASSISTANT = "assistant"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: the first argument of every service method.

    `organization_id` and `id` are None for an anonymous caller only; `id` is the customer's, the agent's or the key's
    id, and the organization's own id for the assistant and the system. `grants` are what the actor may do at this
    moment: nothing unless somebody granted it. `address` is where the request came from, `session_id` the sign-in
    behind it; neither these nor the grants make an actor somebody else.
    """

    kind: ActorKind
    id: UUID | None = None
    organization_id: UUID | None = None
    grants: Grants = field(default_factory=lambda: NOTHING, compare=False, repr=False)
    address: str | None = field(default=None, compare=False)
    session_id: UUID | None = field(default=None, compare=False)

    @property
    def is_staff(self) -> bool:
        """True for agents and admins."""
        return self.kind in STAFF

    @property
    def tenant(self) -> UUID:
        """The organization the actor belongs to; raises `UnauthenticatedError` where there is none."""
        if self.organization_id is None:
            raise UnauthenticatedError()
        return self.organization_id

    @property
    def identity(self) -> UUID:
        """The actor's own id; raises `UnauthenticatedError` where there is none."""
        if self.id is None:
            raise UnauthenticatedError()
        return self.id

    def may(self, permission: Permission) -> bool:
        """Whether the actor has the permission, in whatever scope."""
        return permission in self.grants

    def require(self, permission: Permission) -> Scope:
        """How far the permission reaches; `UnauthenticatedError` for strangers, `ForbiddenError` for who lacks it."""
        if self.kind is ActorKind.ANONYMOUS:
            raise UnauthenticatedError()
        if permission not in self.grants:
            raise ForbiddenError(f"This needs the permission '{permission}', which you do not have.")
        return self.grants[permission]

    def require_kind(self, *kinds: ActorKind) -> None:
        """Refuse what only some kinds of caller can mean: a key says nothing in a conversation, and takes none over."""
        if self.kind is ActorKind.ANONYMOUS:
            raise UnauthenticatedError()
        if self.kind not in kinds:
            raise ForbiddenError(f"A caller of the kind '{self.kind}' cannot do this.")

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    @classmethod
    def parse(cls, text: str, organization_id: UUID) -> Actor:
        """The actor that `str(actor)` named, as the journal stores it: who it was, without any grant.

        What a newer release wrote and this code cannot read is `ANONYMOUS`, in whose name nothing can be done.
        """
        kind, _, identity = text.partition(":")
        try:
            return cls(ActorKind(kind), UUID(identity) if identity else None, organization_id)
        except ValueError:
            return ANONYMOUS


ANONYMOUS = Actor(ActorKind.ANONYMOUS)
STAFF = (ActorKind.AGENT, ActorKind.ADMIN)
PEOPLE = (ActorKind.CUSTOMER, *STAFF)


def assistant_of(organization_id: UUID) -> Actor:
    """The organization's assistant as an actor."""
    return Actor(ActorKind.ASSISTANT, organization_id, organization_id, ASSISTANT)


def system_of(organization_id: UUID) -> Actor:
    """Parley itself at work for one organization: imports from the command line, sweeps."""
    return Actor(ActorKind.SYSTEM, organization_id, organization_id, everything())


def on_behalf_of(actor: Actor) -> Actor:
    """Parley finishing, in somebody's name, what they were allowed to begin: the actor as a job has it."""
    return replace(actor, grants=everything())


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. Subclasses are frozen dataclasses, named in the past tense."""

    kinds: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        Event.kinds[cls.__name__] = cls

    @property
    def kind(self) -> str:
        """The name that the journal stores: the class name."""
        return type(self).__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited(Event):
    """A sensitive act: it stands in the audit log, with the address it came from; `reason` is what somebody gave."""

    reason: str | None = None


class Internal(Event):
    """Something between the people at work: customers are never told, by whatever way."""


@dataclass(frozen=True, slots=True)
class UnknownEvent(Event):
    """What a newer release wrote: readers pass over it, and no aggregate is changed by code that does not know it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the journal holds it.

    `version` counts within `stream` from 1; `position` is the place in the order of delivery over all
    streams, None until the relay has given it out.
    """

    id: int
    organization_id: UUID
    stream: str
    version: int
    event: Event
    actor: Actor
    at: datetime
    position: int | None = None
    correlation_id: str = ""
    traceparent: str | None = None
    address: str | None = None


@dataclass
class Aggregate(ABC):
    """Something that changes by events: `_apply` folds one in, `_record` also remembers it as new."""

    id: UUID
    organization_id: UUID
    version: int = 0
    pending: list[Event] = field(default_factory=list)

    @property
    def stream(self) -> str:
        """The name of the event stream, such as `conversation:6f1c…`."""
        return stream_of(type(self).__name__, self.id)

    def replay(self, events: Sequence[Event]) -> None:
        """Rebuild the state from stored events, in order."""
        for event in events:
            self._apply(event)
            self.version += 1

    def _record(self, event: Event) -> None:
        self._apply(event)
        self.pending.append(event)

    @abstractmethod
    def _apply(self, event: Event) -> None:
        """Change the state as the event says."""


def stream_of(concept: str, identity: UUID | str) -> str:
    """The stream of one aggregate: concept in lower case, a colon, its id."""
    return f"{concept.lower()}:{identity}"


Clock = Callable[[], datetime]
Identifiers = Callable[[], UUID]


class DomainError(Exception):
    """What a person can act on: a sentence, with the facts as attributes."""

    code: ClassVar[str] = "ERROR"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one input field; `path` is dotted, as in the GraphQL input."""

    path: str
    message: str


class InvalidInputError(DomainError):
    """A value cannot be used; `fields` say which and why."""

    code = "INVALID_INPUT"

    def __init__(self, *fields: FieldProblem) -> None:
        super().__init__(" ".join(f"{problem.path}: {problem.message}" for problem in fields))
        self.fields = fields


class NotFoundError(DomainError):
    """Nothing here that the actor may see."""

    code = "NOT_FOUND"

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what} with this id that you may see.")


class ForbiddenError(DomainError):
    """The actor may not do this."""

    code = "FORBIDDEN"


class UnauthenticatedError(DomainError):
    """Nobody is signed in."""

    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in first: send a token as 'Authorization: Bearer …'.") -> None:
        super().__init__(message)


class InvalidStateError(DomainError):
    """The thing is not in a state that allows this; the message says what would."""

    code = "INVALID_STATE"


class ConflictError(DomainError):
    """Somebody else changed the thing first."""

    code = "CONFLICT"

    def __init__(self, message: str = "Somebody else changed this at the same moment. Look again, then retry.") -> None:
        super().__init__(message)


class IdempotencyKeyReusedError(DomainError):
    """An idempotency key was sent again with other input."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__("This idempotency key was used before with other input. Make a new key for a new request.")


class UnavailableError(DomainError):
    """Something Parley needs is away for a moment; a retry with the same idempotency key is safe."""

    code = "UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("Parley cannot reach its database right now. Retry with the same idempotency key.")

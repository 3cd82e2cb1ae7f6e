"""The audit log as those see it who may."""

from datetime import datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from domain.account import audit
from domain.account.permission import Permission
from domain.base import STAFF, ActorKind
from schema.access import ApiKey
from schema.account import Agent, Customer
from schema.base import edge, global_id
from schema.needs import needing


@needing(Permission.READ_AUDIT_LOG)
@strawberry.type(description="A sensitive act, as it was told when it happened. It never changes.")
class AuditEntry:
    """One line of the log."""

    agent_id: strawberry.Private[UUID | None]
    api_key_id: strawberry.Private[UUID | None]
    customer_id: strawberry.Private[UUID | None]
    id: strawberry.ID = strawberry.field(description="Unique among all entries.")
    kind: str = strawberry.field(description="What happened, such as `ApiKeyCreated`; `auditKinds` has all of them.")
    subject: str = strawberry.field(description="What it was done to, as the journal names it, such as `role:6f1c…`.")
    actor_kind: ActorKind = strawberry.field(description="What kind of caller did it.")
    address: str | None = strawberry.field(description="The network address it came from, where there was one.")
    reason: str | None = strawberry.field(description="Why, if somebody said so.")
    facts: JSON = strawberry.field(description="What else was told of it: names, rights, ids. Never a secret.")
    at: datetime = strawberry.field(description="When.")
    agent: Agent | None = edge("agents", "agent_id", of=Agent.of, description="Who did it, if an agent did.")
    api_key: ApiKey | None = edge(
        "api_keys", "api_key_id", of=ApiKey.of, description="The key that did it, if one did."
    )
    customer: Customer | None = edge(
        "customers", "customer_id", of=Customer.of, description="Who did it, if a customer did."
    )

    @classmethod
    def of(cls, entry: audit.AuditEntry) -> "AuditEntry":
        """Built from its view."""
        actor = entry.actor
        return cls(
            agent_id=actor.id if actor.kind in STAFF else None,
            api_key_id=actor.id if actor.kind is ActorKind.API_KEY else None,
            customer_id=actor.id if actor.kind is ActorKind.CUSTOMER else None,
            id=global_id("AuditEntry", entry.id),
            kind=entry.kind,
            subject=entry.stream,
            actor_kind=actor.kind,
            address=entry.address,
            reason=entry.reason,
            facts=JSON(dict(entry.facts)),
            at=entry.at,
        )

"""Requests about people's data as those see them who look after it."""

from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import STAFF, ActorKind
from domain.privacy import request as domain
from schema.access import ApiKey
from schema.account import Agent, Customer
from schema.base import Info, Node, edge, field
from schema.needs import needing
from schema.number import BigInt

strawberry.enum(domain.PrivacyKind, description="What is asked for.")
strawberry.enum(domain.PrivacyState, description="How far a request is; only an `OPEN` one can be taken back.")


@needing(Permission.MANAGE_PRIVACY)
@strawberry.type(description="A request about the data of one customer: to have it, or to have it erased.")
class PrivacyRequest(Node):
    """What was asked, and what came of it."""

    customer_key: strawberry.Private[UUID]
    agent_key: strawberry.Private[UUID | None]
    api_key_key: strawberry.Private[UUID | None]
    view: strawberry.Private[domain.PrivacyRequestView]
    kind: domain.PrivacyKind = strawberry.field(description="What for.")
    state: domain.PrivacyState = strawberry.field(description="How far it is.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    starts_at: datetime = strawberry.field(description="When it begins; until then it can be taken back.")
    due_at: datetime = strawberry.field(description="When the company must have answered: 30 days after.")
    finished_at: datetime | None = strawberry.field(description="When it was over, in whatever way.")
    failure: str | None = strawberry.field(description="Why it failed, if it did.")
    conversation_count: int = strawberry.field(description="How many conversations it was about, once it is done.")
    file_count: int = strawberry.field(description="How many files it was about, once it is done.")
    size: BigInt | None = strawberry.field(
        description="Bytes of the export; null where there is none, or not any more: it is kept for seven days."
    )
    customer: Customer | None = edge("customers", "customer_key", of=Customer.of, description="Whose data.")
    agent: Agent | None = edge("agents", "agent_key", of=Agent.of, description="Who asked, if a person did.")
    api_key: ApiKey | None = edge(
        "api_keys", "api_key_key", of=ApiKey.of, description="The key that asked, if one did."
    )

    @field("Where to get the export by a plain GET, for five minutes and for whoever has it; null without one.")
    async def url(self, info: Info) -> str | None:
        url: str | None = await info.context.load("privacy_export_urls", self.view)
        return url

    @classmethod
    def of(cls, view: domain.PrivacyRequestView) -> "PrivacyRequest":
        """Built from its view."""
        actor = view.asked_by
        return cls(
            key=view.id,
            view=view,
            customer_key=view.customer_id,
            agent_key=actor.id if actor.kind in STAFF else None,
            api_key_key=actor.id if actor.kind is ActorKind.API_KEY else None,
            kind=view.kind,
            state=view.state,
            created_at=view.created_at,
            starts_at=view.starts_at,
            due_at=view.due_at,
            finished_at=view.finished_at,
            failure=view.failure,
            conversation_count=view.conversations,
            file_count=view.files,
            size=None if view.size is None else BigInt(view.size),
        )

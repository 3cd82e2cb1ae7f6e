"""Who people are: the caller, their organization, agents and customers."""

from uuid import UUID

import strawberry

from domain.base import Actor, ActorKind
from domain.ports import AgentView, CustomerView, OrganizationView
from schema.base import Info, Node, edge, encode_cursor, field

strawberry.enum(ActorKind, name="CallerKind", description="What kind of caller somebody is.")


@strawberry.type(description="A company that uses Parley: everything belongs to one.")
class Organization(Node):
    """A tenant."""

    name: str = strawberry.field(description="As its people write it.")
    slug: str = strawberry.field(description="As it stands in addresses.")

    @classmethod
    def of(cls, view: OrganizationView) -> "Organization":
        """Built from its view."""
        return cls(key=view.id, name=view.name, slug=view.slug)


@strawberry.type(description="Somebody who helps customers.")
class Agent(Node):
    """An agent or an admin."""

    name: str = strawberry.field(description="As customers read it.")
    role: str = strawberry.field(description="`agent` or `admin`.")

    @classmethod
    def of(cls, view: AgentView) -> "Agent":
        """Built from its view."""
        return cls(key=view.id, name=view.name, role=view.role)


@strawberry.type(description="Somebody who asks.")
class Customer(Node):
    """A customer."""

    name: str = strawberry.field(description="As they are called.")
    email: str | None = strawberry.field(description="Where they can be written to, if known.")

    @classmethod
    def of(cls, view: CustomerView) -> "Customer":
        """Built from its view."""
        return cls(key=view.id, name=view.name, email=view.email)


@strawberry.type(description="Whoever sent this request.")
class Viewer:
    """The caller."""

    actor: strawberry.Private[Actor]
    organization_id: strawberry.Private[UUID | None]
    agent_id: strawberry.Private[UUID | None]
    customer_id: strawberry.Private[UUID | None]
    kind: ActorKind = strawberry.field(description="What kind of caller.")
    organization: Organization | None = edge(
        "organizations", "organization_id", of=Organization.of, description="Where the caller belongs."
    )
    agent: Agent | None = edge(
        "agents", "agent_id", of=Agent.of, description="The caller as an agent, if they are one."
    )
    customer: Customer | None = edge(
        "customers", "customer_id", of=Customer.of, description="The caller as a customer, if they are one."
    )

    @field("Where `inboxChanged` goes on from what this very request saw; null for customers.")
    async def inbox_cursor(self, info: Info) -> str | None:
        if not self.actor.is_staff:
            return None
        return encode_cursor([str(await info.context.reads.inbox_position())])

    @classmethod
    def of(cls, actor: Actor) -> "Viewer":
        """Built from the actor."""
        return cls(
            actor=actor,
            organization_id=actor.organization_id,
            agent_id=actor.id if actor.is_staff else None,
            customer_id=actor.id if actor.kind is ActorKind.CUSTOMER else None,
            kind=actor.kind,
        )

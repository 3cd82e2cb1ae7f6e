"""Who people are: the caller, their organization, agents and customers."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Optional
from uuid import UUID

import strawberry

from domain.account.agent import AgentView
from domain.account.inbox import Channel, InboxView
from domain.account.organization import OrganizationView
from domain.account.permission import PERMISSIONS, Permission, Scope, scopes_of
from domain.account.role import RoleView
from domain.account.team import TeamView
from domain.base import Actor, ActorKind
from domain.login.own import PersonView
from domain.ports import CustomerView
from schema.base import Connection, Info, Node, edge, edges, encode_cursor, field, pages
from schema.finding.profile import CustomerContact, TimelineEntry
from schema.needs import OPEN, SIGNED_IN, needing
from schema.organization import OrganizationSettings
from schema.permission import Grant, shown
from schema.routing.availability import AgentAvailability, InboxNeeds
from schema.session import Session
from schema.triage.attribute import Attribute

if TYPE_CHECKING:
    from schema.conversation import Conversation

strawberry.enum(Channel, description="How conversations come in.")


@needing(Permission.READ_ORGANIZATION)
@strawberry.type(description="A company that uses Parley: everything belongs to one.")
class Organization(Node):
    """A tenant."""

    name: str = strawberry.field(description="As its people write it.")
    slug: str = strawberry.field(description="As it stands in addresses.")
    settings: OrganizationSettings | None = strawberry.field(
        description="What it has decided for itself; null without. Needs `organization.manage`."
    )

    @classmethod
    def of(cls, view: OrganizationView) -> "Organization":
        """Built from its view."""
        settings = OrganizationSettings.of(view.settings) if view.settings else None
        return cls(key=view.id, name=view.name, slug=view.slug, settings=settings)


@strawberry.type(description="A line of the table of permissions.")
class PermissionEntry:
    """What can be granted."""

    permission: Permission = strawberry.field(description="As grants name it.")
    name: str = strawberry.field(description="As descriptions and refusals name it, such as `conversation.read`.")
    description: str = strawberry.field(description="What it allows, in a sentence.")
    scopes: list[Scope] = strawberry.field(description="How far it can be granted to reach.")

    @classmethod
    def of(cls, permission: Permission) -> "PermissionEntry":
        """Built from the table."""
        scopes = list(scopes_of(permission))
        return cls(permission=permission, name=permission.value, description=PERMISSIONS[permission], scopes=scopes)


@needing(Permission.READ_AGENTS)
@strawberry.type(description="What its holders may do. For the people who work here, not for customers.")
class Role(Node):
    """A role."""

    name: str = strawberry.field(description="Unique within the company.")
    is_builtin: bool = strawberry.field(description="Whether every company has it; then nobody can change it.")
    grants: list[Grant] = strawberry.field(description="Everything it allows.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def of(cls, view: RoleView) -> "Role":
        """Built from its view."""
        return cls(
            key=view.id,
            name=view.name,
            is_builtin=view.is_builtin,
            grants=shown(view.grants),
            created_at=view.created_at,
        )


def _team(view: TeamView) -> "Team":
    return Team.of(view)  # which has agents, as these have teams


@needing(Permission.READ_AGENTS)
@strawberry.type(description="Somebody who helps customers.")
class Agent(Node):
    """A person at work here."""

    role_id: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="As customers read it.")
    role: str = strawberry.field(description="The name of their role; to customers everybody is an `agent`.")
    suspended_at: datetime | None = strawberry.field(
        description="Since when they do not get in, if so; not for customers."
    )
    email: str | None = strawberry.field(
        description="Where they are written to, and what they sign in with; null without. Needs `agent.manage`."
    )
    assigned_role: Role | None = edge(
        "roles", "role_id", of=Role.of, description="Their role, and what it allows; null for customers."
    )
    availability: AgentAvailability | None = edge(
        "availabilities", "key", of=AgentAvailability.of, description="Whether they take conversations; for staff."
    )
    teams: list["Team"] = edges("agent_teams", "key", of=_team, description="Their teams, by name; none for customers.")

    @classmethod
    def of(cls, view: AgentView) -> "Agent":
        """Built from its view."""
        return cls(
            key=view.id,
            role_id=view.role_id,
            name=view.name,
            role=view.role,
            suspended_at=view.suspended_at,
            email=view.email,
        )


@needing(Permission.READ_ORGANIZATION)
@strawberry.type(description="Where conversations come in.")
class Inbox(Node):
    """An inbox."""

    name: str = strawberry.field(description="Unique within the company.")
    channel: Channel = strawberry.field(description="How they come in.")
    assistant_enabled: bool = strawberry.field(
        description="Whether the assistant answers here, where the company lets it answer at all."
    )

    routing_needs: InboxNeeds | None = edge(
        "inbox_needs", "key", of=InboxNeeds.of, description="What its conversations need, if that was decided."
    )

    @classmethod
    def of(cls, view: InboxView) -> "Inbox":
        """Built from its view."""
        return cls(key=view.id, name=view.name, channel=view.channel, assistant_enabled=view.assistant_enabled)


@needing(Permission.READ_AGENTS)
@strawberry.type(description="People who work together on some inboxes. Not for customers.")
class Team(Node):
    """A team."""

    name: str = strawberry.field(description="Unique within the company.")
    agents: Connection[Agent] = pages("team_agents", of=Agent.of, description="Its people, by name.")
    inboxes: list[Inbox] = edges(
        "team_inboxes",
        "key",
        of=Inbox.of,
        description="Where its people see conversations if their rights reach as far as their teams, at most 100.",
    )

    @classmethod
    def of(cls, view: TeamView) -> "Team":
        """Built from its view."""
        return cls(key=view.id, name=view.name)


@needing(Permission.READ_CUSTOMERS)
@strawberry.type(description="Somebody who asks.")
class Customer(Node):
    """A customer."""

    merged_key: strawberry.Private[UUID | None]
    name: str = strawberry.field(description="As they are called.")
    email: str | None = strawberry.field(description="Where they can be written to, if known.")
    phone: str | None = strawberry.field(description="Their number, such as +4930123456, if known.")
    language: str | None = strawberry.field(description="Their language's tag, such as `de`, if known.")
    zone: str | None = strawberry.field(description="Their time zone's name, if known.")
    attributes: list[Attribute] = strawberry.field(description="Their custom attributes, by key; not for customers.")
    external_id: str | None = strawberry.field(
        description="What the company's own systems call them, if it vouched for them; not for customers."
    )
    verified_at: datetime | None = strawberry.field(description="When it first did; not for customers.")
    blocked_at: datetime | None = strawberry.field(
        description="Since when they are not heard, if so; not for customers."
    )
    erased_at: datetime | None = strawberry.field(
        description="When all that was known of them was erased, if so; not for customers."
    )
    created_at: datetime | None = strawberry.field(description="When they came first; not for customers.")
    merged_into: Optional["Customer"] = edge(
        "customers", "merged_key", of=Node.named("Customer"), description="Who they turned out to be, if so."
    )
    contacts: list[CustomerContact] = edges(
        "customer_contacts", "key", of=CustomerContact.of, description="Their addresses; not for customers."
    )
    duplicates: list["Customer"] = edges(
        "customer_duplicates",
        "key",
        of=Node.named("Customer"),
        description="Others with the same e-mail address or number, at most 20; not for customers.",
    )
    conversations: Connection[Annotated["Conversation", strawberry.lazy("schema.conversation")]] = pages(
        "customer_conversation_pages",
        of=Node.named("Conversation"),
        description="Those that you may read, the latest activity first.",
    )
    timeline: Connection[TimelineEntry] = pages(
        "timeline_pages",
        of=TimelineEntry.of,
        description="What happened to them and in their latest 200 conversations that you may read, the newest first;"
        " not for customers.",
    )

    @classmethod
    def of(cls, view: CustomerView) -> "Customer":
        """Built from its view."""
        return cls(
            key=view.id,
            merged_key=view.merged_into,
            name=view.name,
            email=view.email,
            phone=view.phone,
            language=view.language,
            zone=view.zone,
            attributes=Attribute.all_of(view.attributes or {}),
            external_id=view.external_id,
            verified_at=view.verified_at,
            blocked_at=view.blocked_at,
            erased_at=view.erased_at,
            created_at=view.created_at,
        )


@needing(SIGNED_IN)
@strawberry.type(description="You as a person with an e-mail address, wherever you work.")
class Person:
    """The person behind the caller."""

    email: str = strawberry.field(description="Where you are written to, and what you sign in with.")
    email_verified: bool = strawberry.field(description="Whether it was shown to be yours.")
    second_factor_enabled: bool = strawberry.field(description="Whether you are asked for a code of your app.")

    @classmethod
    def of(cls, view: PersonView) -> "Person":
        """Built from its view."""
        return cls(
            email=view.email,
            email_verified=view.email_verified,
            second_factor_enabled=view.second_factor_enabled,
        )


@needing(OPEN)
@strawberry.type(description="Whoever sent this request.")
class Viewer:
    """The caller."""

    actor: strawberry.Private[Actor]
    organization_id: strawberry.Private[UUID | None]
    agent_id: strawberry.Private[UUID | None]
    customer_id: strawberry.Private[UUID | None]
    signed_in_id: strawberry.Private[UUID | None]
    kind: ActorKind = strawberry.field(description="What kind of caller.")
    grants: list[Grant] = strawberry.field(description="Everything that you may do at this moment.")
    organization: Organization | None = edge(
        "organizations", "organization_id", of=Organization.of, description="Where the caller belongs."
    )
    agent: Agent | None = edge(
        "agents", "agent_id", of=Agent.of, description="The caller as an agent, if they are one."
    )
    person: Person | None = edge(
        "own_people", "agent_id", of=Person.of, description="The person that you are; null for who did not sign in."
    )
    sessions: list[Session] | None = edges(
        "own_sessions",
        "signed_in_id",
        of=Session.of,
        description="Your open sessions, the last seen first, at most 100; null for who did not sign in.",
    )
    customer: Customer | None = edge(
        "customers", "customer_id", of=Customer.of, description="The caller as a customer, if they are one."
    )

    @field("Where `inboxChanged` goes on from what this very request saw; null for who may not watch it.")
    async def inbox_cursor(self, info: Info) -> str | None:
        if not (self.actor.is_staff and self.actor.may(Permission.READ_CONVERSATIONS)):
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
            signed_in_id=actor.id if actor.session_id else None,
            kind=actor.kind,
            grants=shown(actor.grants),
        )

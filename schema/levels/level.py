"""How soon conversations are to be answered, and how they stand to that."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.conversation.desk_events import Target
from domain.level.level import LevelState
from domain.level.policy import ServiceLevelPolicyView
from domain.level.service import ServiceLevelView
from schema.account import Inbox
from schema.base import Node, edge, edges_by_key
from schema.needs import needing
from schema.triage.priority import Priority
from schema.triage.tag import Tag

strawberry.enum(Target, name="ServiceLevelTarget", description="What a service level is about.")
strawberry.enum(LevelState, name="ServiceLevelState", description="How a conversation stands to one target.")


@strawberry.type(description="How soon conversations of one priority are to be answered, in minutes of business time.")
class ServiceLevelTargets:
    """The targets of one priority; null is none."""

    priority: Priority = strawberry.field(description="Which conversations.")
    first_response: int | None = strawberry.field(description="From when a person is needed to a person's first word.")
    next_response: int | None = strawberry.field(description="From a customer's word to a person's next one.")
    resolution: int | None = strawberry.field(description="From when a person is needed until it is settled.")

    @classmethod
    def of(cls, priority: Priority, minutes: Mapping[str, int]) -> "ServiceLevelTargets":
        """Built from what is kept of one priority."""
        return cls(priority=priority, **{str(target): minutes.get(target) for target in Target})


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="Which conversations are to be answered and settled how soon; for staff.")
class ServiceLevelPolicy(Node):
    """A policy."""

    inbox_keys: strawberry.Private[tuple[UUID, ...]]
    tag_keys: strawberry.Private[tuple[UUID, ...]]
    name: str = strawberry.field(description="What people call it.")
    place: int = strawberry.field(description="Of the policies that are about a conversation, the lowest place counts.")
    enabled: bool = strawberry.field(description="Whether it counts at all.")
    targets: list[ServiceLevelTargets] = strawberry.field(description="How soon, for each priority that it is about.")
    inboxes: list[Inbox | None] = edges_by_key(
        "inboxes", "inbox_keys", of=Inbox.of, description="The inboxes that it is about; none are all."
    )
    tags: list[Tag | None] = edges_by_key(
        "tags",
        "tag_keys",
        of=Tag.of,
        description="The tags of which one is enough, null for one that is gone; none are all.",
    )
    pauses: bool = strawberry.field(
        description="Whether time stands still while a conversation is snoozed, and that of the resolution while its"
        " customer is the one who is to write."
    )
    warn_at: int = strawberry.field(description="After what share of a target's time it is warned of, in percent.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def of(cls, view: ServiceLevelPolicyView) -> "ServiceLevelPolicy":
        """Built from its view."""
        terms = view.terms
        return cls(
            key=view.id,
            name=terms.name,
            place=terms.place,
            enabled=terms.enabled,
            targets=[ServiceLevelTargets.of(one, terms.targets[one]) for one in Priority if one in terms.targets],
            inbox_keys=tuple(terms.inbox_ids),
            tag_keys=tuple(terms.tag_ids),
            pauses=terms.pauses,
            warn_at=terms.warn_at,
            created_at=view.created_at,
        )


@strawberry.type(description="How a conversation stands to one target, as of when anything happened to it last.")
class ServiceLevel:
    """One target."""

    policy_key: strawberry.Private[UUID | None]
    target: Target = strawberry.field(description="Which.")
    state: LevelState = strawberry.field(description="How it stands.")
    due_at: datetime | None = strawberry.field(description="By when; null while its time stands still.")
    policy: ServiceLevelPolicy | None = edge(
        "service_level_policies", "policy_key", of=ServiceLevelPolicy.of, description="What says so."
    )

    @classmethod
    def of(cls, view: ServiceLevelView) -> "ServiceLevel":
        """Built from its view."""
        return cls(
            policy_key=view.policy_id, target=Target(view.target), state=LevelState(view.state), due_at=view.due_at
        )

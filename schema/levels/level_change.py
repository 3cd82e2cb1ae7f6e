"""What watchers are told of service levels and of rules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from domain.base import Event
from domain.conversation import desk_events as domain
from schema.base import edge
from schema.event import ConversationEvent
from schema.levels.level import ServiceLevelPolicy
from schema.levels.rule import RuleRun

_POLICY = "What says so."


@strawberry.type(description="A target will be missed unless somebody acts.")
class ServiceLevelWarned(ConversationEvent):
    """There is time yet."""

    policy_key: strawberry.Private[UUID]
    target: domain.Target = strawberry.field(description="Which.")
    due_at: datetime = strawberry.field(description="By when.")
    policy: ServiceLevelPolicy | None = edge(
        "service_level_policies", "policy_key", of=ServiceLevelPolicy.of, description=_POLICY
    )


@strawberry.type(description="A target was missed.")
class ServiceLevelBreached(ConversationEvent):
    """Too late."""

    policy_key: strawberry.Private[UUID]
    target: domain.Target = strawberry.field(description="Which.")
    due_at: datetime = strawberry.field(description="By when it should have been reached.")
    policy: ServiceLevelPolicy | None = edge(
        "service_level_policies", "policy_key", of=ServiceLevelPolicy.of, description=_POLICY
    )


@strawberry.type(description="A target was reached in time.")
class ServiceLevelMet(ConversationEvent):
    """Well done."""

    policy_key: strawberry.Private[UUID]
    target: domain.Target = strawberry.field(description="Which.")
    policy: ServiceLevelPolicy | None = edge(
        "service_level_policies", "policy_key", of=ServiceLevelPolicy.of, description=_POLICY
    )


@strawberry.type(description="A rule did something.")
class RuleApplied(ConversationEvent):
    """See `run`."""

    run_key: strawberry.Private[UUID]
    run: RuleRun | None = edge(
        "rule_runs", "run_key", of=RuleRun.of, description="What it did and why, for who makes rules."
    )


@strawberry.type(description="The customer left an address for the answer, which nobody has verified.")
class EmailLeft(ConversationEvent):
    """Nobody is there right now."""

    email: str = strawberry.field(description="Where the answer is to go too.")


def level_event(event: Event, shared: Mapping[str, Any]) -> ConversationEvent | None:
    """The type of an event about service levels."""
    match event:
        case domain.ServiceLevelWarned(policy_id, target, due_at):
            return ServiceLevelWarned(policy_key=policy_id, target=target, due_at=due_at, **shared)
        case domain.ServiceLevelBreached(policy_id, target, due_at):
            return ServiceLevelBreached(policy_key=policy_id, target=target, due_at=due_at, **shared)
        case domain.ServiceLevelMet(policy_id, target):
            return ServiceLevelMet(policy_key=policy_id, target=target, **shared)
        case domain.RuleApplied(run_id=run_id):
            return RuleApplied(run_key=run_id, **shared)
        case domain.EmailLeft(email):
            return EmailLeft(email=email, **shared)
    return None

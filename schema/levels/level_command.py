"""What goes into and comes out of the mutations on service-level policies."""

from typing import Annotated

import strawberry

from domain.conversation.desk_events import Target
from domain.level.policy import Targets
from schema.access_command import reason_field
from schema.command import idempotency_key_field
from schema.conversation import Conversation
from schema.errors import CommonError
from schema.levels.level import ServiceLevelPolicy
from schema.triage.priority import Priority


@strawberry.input(description="How soon conversations of one priority are to be answered, in minutes of business time.")
class ServiceLevelTargetsInput:
    """Targets of one priority; null is none."""

    priority: Priority = strawberry.field(description="Which conversations.")
    first_response: int | None = strawberry.field(
        default=None, description="From when a person is needed to a person's first word."
    )
    next_response: int | None = strawberry.field(
        default=None, description="From a customer's word to a person's next one."
    )
    resolution: int | None = strawberry.field(
        default=None, description="From when a person is needed until it is settled."
    )


def targets_of(inputs: list[ServiceLevelTargetsInput]) -> Targets:
    """The targets as they are kept; of two of one priority the later counts."""
    given = {
        str(one.priority): {str(target): getattr(one, target) for target in Target if getattr(one, target) is not None}
        for one in inputs
    }
    return {priority: targets for priority, targets in given.items() if targets}


@strawberry.input(description="A new service-level policy.")
class CreateServiceLevelPolicyInput:
    """Input of `createServiceLevelPolicy`."""

    name: str = strawberry.field(description="At most 100 characters.")
    targets: list[ServiceLevelTargetsInput] = strawberry.field(description="For each priority that it is about.")
    place: int = strawberry.field(default=0, description="0 to 999; the lowest that is about a conversation counts.")
    inbox_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="None are all inboxes.")
    tag_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Of which one is enough; none are all tags."
    )
    pauses: bool = strawberry.field(default=True, description="Whether time stands still: see `pauses` of the policy.")
    warn_at: int = strawberry.field(default=75, description="After what share of the time, 10 to 99 percent.")
    enabled: bool = strawberry.field(default=True, description="Whether it counts.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What a service-level policy is to say; null leaves a part as it is.")
class ChangeServiceLevelPolicyInput:
    """Input of `changeServiceLevelPolicy`."""

    policy_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="At most 100 characters.")
    targets: list[ServiceLevelTargetsInput] | None = strawberry.field(default=None, description="All of them.")
    place: int | None = strawberry.field(default=None, description="0 to 999.")
    inbox_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="All of them.")
    tag_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="All of them.")
    pauses: bool | None = strawberry.field(default=None, description="Whether time stands still.")
    warn_at: int | None = strawberry.field(default=None, description="10 to 99 percent.")
    enabled: bool | None = strawberry.field(default=None, description="Whether it counts.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The service-level policy to take away.")
class DeleteServiceLevelPolicyInput:
    """Input of `deleteServiceLevelPolicy`."""

    policy_id: strawberry.ID = strawberry.field(description="Which.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The policy counts from now on.")
class CreateServiceLevelPolicySuccess:
    """Success of `createServiceLevelPolicy`."""

    policy: ServiceLevelPolicy = strawberry.field(description="The policy.")


@strawberry.type(description="Conversations that people have go by it at once.")
class ChangeServiceLevelPolicySuccess:
    """Success of `changeServiceLevelPolicy`."""

    policy: ServiceLevelPolicy = strawberry.field(description="The policy as it is now.")


@strawberry.type(description="The policy is no more; what was told of it stays.")
class DeleteServiceLevelPolicySuccess:
    """Success of `deleteServiceLevelPolicy`."""

    deleted_id: strawberry.ID = strawberry.field(description="Its id.")


CreateServiceLevelPolicyPayload = Annotated[
    CreateServiceLevelPolicySuccess | CommonError,
    strawberry.union("CreateServiceLevelPolicyPayload", description="What came of `createServiceLevelPolicy`."),
]
ChangeServiceLevelPolicyPayload = Annotated[
    ChangeServiceLevelPolicySuccess | CommonError,
    strawberry.union("ChangeServiceLevelPolicyPayload", description="What came of `changeServiceLevelPolicy`."),
]
DeleteServiceLevelPolicyPayload = Annotated[
    DeleteServiceLevelPolicySuccess | CommonError,
    strawberry.union("DeleteServiceLevelPolicyPayload", description="What came of `deleteServiceLevelPolicy`."),
]


@strawberry.input(description="An address for the answer.")
class LeaveEmailInput:
    """Input of `leaveEmail`."""

    conversation_id: strawberry.ID = strawberry.field(description="Where the answer is awaited.")
    email: str = strawberry.field(description="Where it is to go too.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="What people answer goes there too, if an inbox is connected to mail.")
class LeaveEmailSuccess:
    """Success of `leaveEmail`."""

    conversation: Conversation = strawberry.field(description="The conversation.")


LeaveEmailPayload = Annotated[
    LeaveEmailSuccess | CommonError, strawberry.union("LeaveEmailPayload", description="What came of `leaveEmail`.")
]

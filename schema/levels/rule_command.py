"""What goes into and comes out of the mutations on rules."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from domain.automation.action import ActionKind
from domain.automation.rule import Trigger
from domain.conversation.triage import Priority
from schema.access_command import reason_field
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.levels.rule import Rule

CONDITION = (
    "What must be so, as JSON: a test such as `{fact: “message.text”, contains: [“refund”]}`, or `{all: […]}`,"
    " `{any: […]}`, `{not: …}` of such, at most 5 deep and 50 tests; `{}` is always. `ruleFacts` lists what can be"
    " asked; `conversation.attribute.KEY` is a custom attribute."
)
ACTIONS = "What it does, in order: 1 to 20. One that fails undoes none of the others."


@strawberry.input(description="One thing that a rule is to do. Each kind takes what it needs, and nothing else.")
class RuleActionInput:
    """An action."""

    kind: ActionKind = strawberry.field(description="What.")
    priority: Priority | None = strawberry.field(default=None, description="For `SET_PRIORITY`.")
    tag_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="For `ADD_TAGS` and `REMOVE_TAGS`."
    )
    attribute: str | None = strawberry.field(default=None, description="For `SET_ATTRIBUTE`: the key of one.")
    value: JSON | None = strawberry.field(default=None, description="For `SET_ATTRIBUTE`; null takes it away.")
    agent_id: strawberry.ID | None = strawberry.field(default=None, description="For `ASSIGN`.")
    text: str | None = strawberry.field(
        default=None, description="For `SEND_MESSAGE`, which the customer reads as the assistant's, and `ADD_NOTE`."
    )
    minutes: int | None = strawberry.field(default=None, description="For `SNOOZE`; null waits for the customer.")


@strawberry.input(description="A new rule.")
class CreateRuleInput:
    """Input of `createRule`."""

    name: str = strawberry.field(description="At most 100 characters.")
    triggers: list[Trigger] = strawberry.field(description="What it waits for.")
    condition: JSON = strawberry.field(description=CONDITION)
    actions: list[RuleActionInput] = strawberry.field(description=ACTIONS)
    place: int = strawberry.field(default=0, description="0 to 999; rules run in the order of their places.")
    stops: bool = strawberry.field(default=False, description="Whether no later rule runs after it did something.")
    enabled: bool = strawberry.field(default=True, description="Whether it runs.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What a rule is to say; null leaves a part as it is.")
class ChangeRuleInput:
    """Input of `changeRule`."""

    rule_id: strawberry.ID = strawberry.field(description="Which.")
    name: str | None = strawberry.field(default=None, description="At most 100 characters.")
    triggers: list[Trigger] | None = strawberry.field(default=None, description="All of them.")
    condition: JSON | None = strawberry.field(default=None, description=CONDITION)
    actions: list[RuleActionInput] | None = strawberry.field(default=None, description=ACTIONS)
    place: int | None = strawberry.field(default=None, description="0 to 999.")
    stops: bool | None = strawberry.field(default=None, description="Whether no later rule runs after it.")
    enabled: bool | None = strawberry.field(default=None, description="Whether it runs.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The rule to take away.")
class DeleteRuleInput:
    """Input of `deleteRule`."""

    rule_id: strawberry.ID = strawberry.field(description="Which; its log goes too.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A rule to try on what has been.")
class DryRunRuleInput:
    """The argument of `dryRunRule`."""

    triggers: list[Trigger] = strawberry.field(description="What it would wait for.")
    condition: JSON = strawberry.field(description=CONDITION)
    actions: list[RuleActionInput] = strawberry.field(description=ACTIONS)
    since: datetime = strawberry.field(description="From when on, at most 90 days ago.")
    most: int = strawberry.field(default=50, description="How many of the newest events, 1 to 100.")


@strawberry.type(description="The rule runs from now on.")
class CreateRuleSuccess:
    """Success of `createRule`."""

    rule: Rule = strawberry.field(description="The rule.")


@strawberry.type(description="The rule runs as it is now; it is not blocked anywhere any more.")
class ChangeRuleSuccess:
    """Success of `changeRule`."""

    rule: Rule = strawberry.field(description="The rule as it is now.")


@strawberry.type(description="The rule is no more.")
class DeleteRuleSuccess:
    """Success of `deleteRule`."""

    deleted_id: strawberry.ID = strawberry.field(description="Its id.")


CreateRulePayload = Annotated[
    CreateRuleSuccess | CommonError, strawberry.union("CreateRulePayload", description="What came of `createRule`.")
]
ChangeRulePayload = Annotated[
    ChangeRuleSuccess | CommonError, strawberry.union("ChangeRulePayload", description="What came of `changeRule`.")
]
DeleteRulePayload = Annotated[
    DeleteRuleSuccess | CommonError, strawberry.union("DeleteRulePayload", description="What came of `deleteRule`.")
]

"""What goes into and comes out of the mutations about who gets what."""

from typing import Annotated

import strawberry

from domain.routing.availability import DEFAULT_CAPACITY
from domain.routing.events import Status
from domain.routing.policy import Terms
from schema.account import Agent, Inbox
from schema.account_command import reason_field
from schema.command import idempotency_key_field
from schema.conversation import Conversation
from schema.errors import CommonError
from schema.routing.routing import RoutingPolicy


def _conversation_field() -> strawberry.ID:
    found: strawberry.ID = strawberry.field(description="Which.")
    return found


@strawberry.input(description="Whether you take conversations from now on.")
class SetAvailabilityInput:
    """Input of `setAvailability`."""

    status: Status = strawberry.field(description="ONLINE to be asked.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="That you are there.")
class BePresentInput:
    """Input of `bePresent`."""

    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What an agent can take, as a whole.")
class SetAgentSkillsInput:
    """Input of `setAgentSkills`."""

    agent_id: strawberry.ID = strawberry.field(description="Whose.")
    languages: list[str] = strawberry.field(description="As tags of BCP 47, at most 20; empty for no limit.")
    topics: list[str] = strawberry.field(description="As conversations are classified, at most 50; empty for no limit.")
    capacity: int = strawberry.field(
        default=DEFAULT_CAPACITY, description="How many conversations and offers at once: 0 to 100."
    )
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="What all conversations of an inbox need, as a whole.")
class SetInboxNeedsInput:
    """Input of `setInboxNeeds`."""

    inbox_id: strawberry.ID = strawberry.field(description="Which.")
    language: str | None = strawberry.field(
        default=None, description="A tag of BCP 47; that of each conversation if unset."
    )
    topic: str | None = strawberry.field(default=None, description="A topic; that of each conversation if unset.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="How long everything takes, as a whole, in seconds up to a day.")
class SetRoutingPolicyInput:
    """Input of `setRoutingPolicy`."""

    offer_seconds: int = strawberry.field(
        default=Terms.offer, description="How long somebody has to accept an offer: 5 or more."
    )
    pause_seconds: int = strawberry.field(
        default=Terms.pause, description="For how long who passed is not asked for the same again."
    )
    grace_seconds: int = strawberry.field(
        default=Terms.grace, description="After how long unseen somebody gives back what they have: 60 or more."
    )
    topic_seconds: int = strawberry.field(
        default=Terms.topic, description="After what wait people are asked who do not know the topic."
    )
    language_seconds: int = strawberry.field(
        default=Terms.language, description="After what wait people are asked who do not write the language."
    )
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()

    @property
    def terms(self) -> Terms:
        """What it asks for."""
        return Terms(
            self.offer_seconds, self.pause_seconds, self.grace_seconds, self.topic_seconds, self.language_seconds
        )


@strawberry.input(description="The conversation that you are asked to take, and do.")
class AcceptOfferInput:
    """Input of `acceptOffer`."""

    conversation_id: strawberry.ID = _conversation_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The conversation that you are asked to take, and do not.")
class DeclineOfferInput:
    """Input of `declineOffer`."""

    conversation_id: strawberry.ID = _conversation_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The conversation that you do not go on with.")
class ReturnConversationInput:
    """Input of `returnConversation`."""

    conversation_id: strawberry.ID = _conversation_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A conversation, and who is to have it.")
class AssignConversationInput:
    """Input of `assignConversation`."""

    conversation_id: strawberry.ID = _conversation_field()
    agent_id: strawberry.ID = strawberry.field(description="Who is to have it.")
    reason: str | None = strawberry.field(
        default=None, description="Why, at most 500 characters: for who has as many already as they are to have."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="That is how you are from now on.")
class SetAvailabilitySuccess:
    """Success of `setAvailability`."""

    agent: Agent = strawberry.field(description="You.")


@strawberry.type(description="You were heard of.")
class BePresentSuccess:
    """Success of `bePresent`."""

    agent: Agent = strawberry.field(description="You.")


@strawberry.type(description="They are asked accordingly from now on.")
class SetAgentSkillsSuccess:
    """Success of `setAgentSkills`."""

    agent: Agent = strawberry.field(description="As they are now.")


@strawberry.type(description="Its conversations go to people accordingly from now on.")
class SetInboxNeedsSuccess:
    """Success of `setInboxNeeds`."""

    inbox: Inbox = strawberry.field(description="As it is now.")


@strawberry.type(description="That is how long everything takes from now on.")
class SetRoutingPolicySuccess:
    """Success of `setRoutingPolicy`."""

    routing_policy: RoutingPolicy = strawberry.field(description="As it is now.")


@strawberry.type(description="You have the conversation.")
class AcceptOfferSuccess:
    """Success of `acceptOffer`."""

    conversation: Conversation = strawberry.field(description="As it is now.")


@strawberry.type(description="Somebody else is asked.")
class DeclineOfferSuccess:
    """Success of `declineOffer`."""

    conversation: Conversation = strawberry.field(description="As it is now.")


@strawberry.type(description="The conversation waits again.")
class ReturnConversationSuccess:
    """Success of `returnConversation`."""

    conversation: Conversation = strawberry.field(description="As it is now.")


@strawberry.type(description="They have the conversation.")
class AssignConversationSuccess:
    """Success of `assignConversation`."""

    conversation: Conversation = strawberry.field(description="As it is now.")


SetAvailabilityPayload = Annotated[
    SetAvailabilitySuccess | CommonError,
    strawberry.union("SetAvailabilityPayload", description="What came of `setAvailability`."),
]
BePresentPayload = Annotated[
    BePresentSuccess | CommonError,
    strawberry.union("BePresentPayload", description="What came of `bePresent`."),
]
SetAgentSkillsPayload = Annotated[
    SetAgentSkillsSuccess | CommonError,
    strawberry.union("SetAgentSkillsPayload", description="What came of `setAgentSkills`."),
]
SetInboxNeedsPayload = Annotated[
    SetInboxNeedsSuccess | CommonError,
    strawberry.union("SetInboxNeedsPayload", description="What came of `setInboxNeeds`."),
]
SetRoutingPolicyPayload = Annotated[
    SetRoutingPolicySuccess | CommonError,
    strawberry.union("SetRoutingPolicyPayload", description="What came of `setRoutingPolicy`."),
]
AcceptOfferPayload = Annotated[
    AcceptOfferSuccess | CommonError,
    strawberry.union("AcceptOfferPayload", description="What came of `acceptOffer`."),
]
DeclineOfferPayload = Annotated[
    DeclineOfferSuccess | CommonError,
    strawberry.union("DeclineOfferPayload", description="What came of `declineOffer`."),
]
ReturnConversationPayload = Annotated[
    ReturnConversationSuccess | CommonError,
    strawberry.union("ReturnConversationPayload", description="What came of `returnConversation`."),
]
AssignConversationPayload = Annotated[
    AssignConversationSuccess | CommonError,
    strawberry.union("AssignConversationPayload", description="What came of `assignConversation`."),
]

"""The root fields about who gets what."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import DomainError, Recorded, UnavailableError
from domain.conversation.desk_events import OfferEvent
from domain.conversation.events import ConversationTakenOver
from domain.routing.availability import Skills
from domain.routing.service import Routing
from resolvers.context import RequestContext, mutation, shown, subscription
from resolvers.conversation import Cursor, place_of
from resolvers.idempotency import key_of
from schema.account import Agent, Inbox
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.change import InboxChange, change, resync
from schema.conversation import Conversation
from schema.routing import routing_command as c
from schema.routing.routing import Offer, QueueEntry, RoutingPolicy

Info = strawberry.Info[RequestContext, None]

BEAT_EVERY = 10.0
"""Seconds between two times that whoever watches their offers is seen to be there."""
TOLD = (OfferEvent, ConversationTakenOver)


@strawberry.type
class RoutingQuery:
    """Questions about who gets what."""

    @field("What waits for a person, in the order in which people are asked.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def queue(self, info: Info, first: First = None, after: After = None) -> Connection[QueueEntry]:
        return connection(await info.context.reads.queue_page(page_request(first, after)), QueueEntry.of)

    @field("What you are asked to take, the first to lapse first.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def my_offers(self, info: Info) -> list[Offer]:
        return [Offer.of(view) for view in await info.context.reads.my_offers()]

    @field("How long everything about the queue takes.", needs=Permission.MANAGE_ROUTING)
    async def routing_policy(self, info: Info) -> RoutingPolicy:
        return RoutingPolicy.of(await info.context.reads.routing_terms())


def _routing(info: Info) -> Routing:
    return info.context.services.desk.routing


async def _agent(info: Info, agent_id: UUID) -> Agent:
    return await shown(info, "agents", agent_id, Agent.of)


async def _conversation(info: Info, conversation_id: UUID) -> Conversation:
    return await shown(info, "conversations", conversation_id, Conversation.of)


def _which(input: c.AcceptOfferInput | c.DeclineOfferInput | c.ReturnConversationInput) -> UUID:
    return parse_key(input.conversation_id, "Conversation", "input.conversationId")


@strawberry.type
class RoutingMutation:
    """What can be done about it."""

    @mutation("Take conversations from now on, or do not. For agents.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def set_availability(self, info: Info, input: c.SetAvailabilityInput) -> c.SetAvailabilityPayload | None:
        receipt = await _routing(info).set_availability(info.context.actor, input.status, key=key_of(input))
        return c.SetAvailabilitySuccess(agent=await _agent(info, receipt.id))

    @mutation(
        "Be there: for clients without `offersChanged`, every ten seconds. Who is not heard of for 45 seconds is asked"
        " no more. For agents.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def be_present(self, info: Info, input: c.BePresentInput) -> c.BePresentPayload | None:
        receipt = await _routing(info).be_present(info.context.actor, key=key_of(input))
        return c.BePresentSuccess(agent=await _agent(info, receipt.id))

    @mutation("Decide what an agent is asked to take, and how much.", needs=Permission.MANAGE_ROUTING)
    async def set_agent_skills(self, info: Info, input: c.SetAgentSkillsInput) -> c.SetAgentSkillsPayload | None:
        agent_id = parse_key(input.agent_id, "Agent", "input.agentId")
        skills = Skills(tuple(input.languages), tuple(input.topics))
        await _routing(info).qualify(
            info.context.actor, agent_id, skills, input.capacity, reason=input.reason, key=key_of(input)
        )
        return c.SetAgentSkillsSuccess(agent=await _agent(info, agent_id))

    @mutation("Decide which skills the conversations of an inbox need.", needs=Permission.MANAGE_ROUTING)
    async def set_inbox_needs(self, info: Info, input: c.SetInboxNeedsInput) -> c.SetInboxNeedsPayload | None:
        inbox_id = parse_key(input.inbox_id, "Inbox", "input.inboxId")
        await _routing(info).set_needs(
            info.context.actor, inbox_id, input.language, input.topic, reason=input.reason, key=key_of(input)
        )
        return c.SetInboxNeedsSuccess(inbox=await shown(info, "inboxes", inbox_id, Inbox.of))

    @mutation("Decide how long everything about the queue takes.", needs=Permission.MANAGE_ROUTING)
    async def set_routing_policy(self, info: Info, input: c.SetRoutingPolicyInput) -> c.SetRoutingPolicyPayload | None:
        await _routing(info).set_terms(info.context.actor, input.terms, reason=input.reason, key=key_of(input))
        await info.context.renew()
        return c.SetRoutingPolicySuccess(routing_policy=RoutingPolicy.of(await info.context.reads.routing_terms()))

    @mutation("Take what you are asked to take, in time. For agents.", needs=Permission.REPLY_TO_CONVERSATIONS)
    async def accept_offer(self, info: Info, input: c.AcceptOfferInput) -> c.AcceptOfferPayload | None:
        await _routing(info).accept(info.context.actor, _which(input), key=key_of(input))
        return c.AcceptOfferSuccess(conversation=await _conversation(info, _which(input)))

    @mutation(
        "Do not take what you are asked to take: somebody else is asked. For agents.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def decline_offer(self, info: Info, input: c.DeclineOfferInput) -> c.DeclineOfferPayload | None:
        await _routing(info).decline(info.context.actor, _which(input), key=key_of(input))
        return c.DeclineOfferSuccess(conversation=await _conversation(info, _which(input)))

    @mutation(
        "Give a conversation back: it waits for somebody else, as long as it has waited already. For agents.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def return_conversation(
        self, info: Info, input: c.ReturnConversationInput
    ) -> c.ReturnConversationPayload | None:
        await _routing(info).give_back(info.context.actor, _which(input), key=key_of(input))
        return c.ReturnConversationSuccess(conversation=await _conversation(info, _which(input)))

    @mutation(
        "Give a conversation to an agent: yours, one that nobody has, or, as an admin, anybody's.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def assign_conversation(
        self, info: Info, input: c.AssignConversationInput
    ) -> c.AssignConversationPayload | None:
        key = parse_key(input.conversation_id, "Conversation", "input.conversationId")
        agent_id = parse_key(input.agent_id, "Agent", "input.agentId")
        await _routing(info).assign(info.context.actor, key, agent_id, reason=input.reason, key=key_of(input))
        return c.AssignConversationSuccess(conversation=await _conversation(info, key))


@strawberry.type
class RoutingSubscription:
    """What those watch who take conversations."""

    @subscription(
        "What you are asked to take, and what became of that. Who watches is there for as long as they do. For agents.",
        needs=Permission.REPLY_TO_CONVERSATIONS,
    )
    async def offers_changed(self, info: Info, after: Cursor = None) -> AsyncGenerator[InboxChange, None]:
        context = info.context
        feed = context.services.feed.inbox(context.actor, place_of(after))
        async with _present(context), aclosing(feed) as items:
            async for item in items:
                if not isinstance(item, Recorded):
                    yield resync(item)
                elif isinstance(item.event, TOLD) and getattr(item.event, "agent_id", None) == context.actor.id:
                    yield change(item, item.position or 0, staff=True)


@asynccontextmanager
async def _present(context: RequestContext) -> AsyncIterator[None]:
    """Let somebody be there until the block ends."""
    routing = context.services.desk.routing
    await routing.be_present(context.actor)
    beating = asyncio.create_task(_beat(context))
    try:
        yield
    finally:
        beating.cancel()


async def _beat(context: RequestContext) -> None:
    """Until cancelled, or until they may not any more, which the subscription itself tells them."""
    while True:
        await asyncio.sleep(BEAT_EVERY)
        try:
            await context.services.desk.routing.be_present(context.actor)
        except UnavailableError:
            continue
        except DomainError:
            return

"""Conversations and their messages."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from domain import conversation as domain
from domain.account.permission import Permission
from domain.assistant import HandoffReason
from domain.base import ActorKind
from domain.ports import ConversationView, MessageView, RatingView
from schema.account import Agent, Customer, Inbox
from schema.assistant import Citation, Provenance
from schema.base import (
    Connection,
    Node,
    edge,
    edges,
    encode_cursor,
    pages,
)
from schema.channels.channel import MessageOrigin
from schema.collaboration.draft import Draft
from schema.collaboration.file import File
from schema.collaboration.note import Note
from schema.collaboration.signal import ConversationViewer
from schema.desk.survey import Survey
from schema.digest import ConversationClassification, ConversationSummary
from schema.levels.level import ServiceLevel
from schema.needs import needing
from schema.routing.routing import QueueEntry
from schema.tool import ToolCall
from schema.triage.triage import ConversationTriage

strawberry.enum(domain.ConversationState, description="Who has the conversation now.")
strawberry.enum(domain.MessageKind, description="Somebody's words, or one of the outcomes of an assistant's answer.")


@strawberry.type(description="The company's assistant.")
class Assistant:
    """The assistant as an author."""

    name: str = strawberry.field(description="What to call it.")


@strawberry.type(description="What the customer says of an answer.")
class AnswerRating:
    """Was this helpful?"""

    helpful: bool = strawberry.field(description="Whether it helped.")
    comment: str | None = strawberry.field(description="What they wrote about it, if anything.")
    rated_at: datetime = strawberry.field(description="When they said so last.")

    @classmethod
    def of(cls, view: RatingView) -> "AnswerRating":
        """Built from its view."""
        return cls(helpful=view.helpful, comment=view.comment, rated_at=view.rated_at)


Author = Annotated[Customer | Agent | Assistant, strawberry.union("Author", description="Whoever wrote a message.")]


def _author(view: Any) -> Any:
    return view


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A message of a conversation. Its words never change once they are there.")
class Message(Node):
    """Somebody's words or an outcome."""

    author_key: strawberry.Private[tuple[ActorKind, UUID | None]]
    action_id: strawberry.Private[UUID | None]
    file_ids: strawberry.Private[tuple[UUID, ...]]
    number: int = strawberry.field(description="Its place in the conversation, from 1.")
    episode: int = strawberry.field(description="Which spell of the conversation it belongs to, from 1.")
    kind: domain.MessageKind = strawberry.field(description="Words, or which outcome of an answer.")
    text: str = strawberry.field(description="Plain text, or light Markdown from the assistant.")
    citations: list[Citation] = strawberry.field(description="The sources of an answer.")
    choices: list[str] = strawberry.field(description="What a clarification offers to choose from.")
    provenance: Provenance | None = strawberry.field(description="Why the assistant said this; for staff only.")
    needs_code: bool = strawberry.field(description="Whether the customer is to enter a code: see `verifyMyself`.")
    created_at: datetime = strawberry.field(description="When it was stored.")
    attachments: list[File] = edges(
        "file_lists", "file_ids", of=File.of, description="The files that go with it, at most 10."
    )
    rating: AnswerRating | None = strawberry.field(description="Whether the customer found it helpful, if they said.")
    author: Author | None = edge(
        "authors", "author_key", of=_author, description="Who wrote it; null when you may not see them."
    )
    tool_call: ToolCall | None = edge(
        "tool_calls", "action_id", of=ToolCall.of, description="The call that an action's message is about; for staff."
    )

    origin: MessageOrigin | None = edge(
        "message_origins",
        "key",
        of=MessageOrigin.of,
        description="How it came or went over a channel; null for a chat's, and for customers.",
    )

    @classmethod
    def of(cls, view: MessageView) -> "Message":
        """Built from its view."""
        message = view.message
        return cls(
            key=message.id,
            author_key=(message.author_kind, message.author_id),
            action_id=message.action_id,
            file_ids=message.attachments,
            needs_code=message.needs_code,
            number=message.number,
            episode=message.episode,
            kind=message.kind,
            text=message.text,
            citations=[Citation.of(citation) for citation in message.citations],
            choices=list(message.choices),
            provenance=Provenance.of(message.provenance) if message.provenance else None,
            created_at=view.created_at,
            rating=AnswerRating.of(view.rating) if view.rating else None,
        )


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="What a customer and a company say to each other, with the assistant or a person.")
class Conversation(Node):
    """A conversation as it stands."""

    customer_id: strawberry.Private[UUID]
    inbox_id: strawberry.Private[UUID]
    assignee_id: strawberry.Private[UUID | None]
    last_message_id: strawberry.Private[UUID | None]
    merged_into_id: strawberry.Private[UUID | None]
    linked_ids: strawberry.Private[tuple[UUID, ...]]
    state: domain.ConversationState = strawberry.field(description="Who has it now.")
    subject: str = strawberry.field(
        description="The beginning of the first question; for people at work what they, or the assistant, call it."
    )
    episode: int = strawberry.field(description="The current spell, from 1; each reopening begins a new one.")
    handoff_reason: HandoffReason | None = strawberry.field(description="Why a person is needed, once one is.")
    handoff_summary: str | None = strawberry.field(description="The story so far, for the person; for staff only.")
    waiting_since: datetime | None = strawberry.field(description="Since when it waits for a person, while it does.")
    is_answering: bool = strawberry.field(description="An answer is being written right now.")
    message_count: int = strawberry.field(description="How many messages it has.")
    unread_count: int = strawberry.field(description="Customer messages that you have not marked as read; for staff.")
    started_at: datetime = strawberry.field(description="When it began.")
    last_activity_at: datetime = strawberry.field(description="When anything happened last.")
    triage: ConversationTriage | None = strawberry.field(description="How people sorted it; null for customers.")
    cursor: str = strawberry.field(description="Where `conversationChanged` goes on from what this request saw.")
    customer: Customer | None = edge("customers", "customer_id", of=Customer.of, description="Who asks.")
    inbox: Inbox | None = edge("inboxes", "inbox_id", of=Inbox.of, description="Where it came in.")
    assignee: Agent | None = edge("agents", "assignee_id", of=Agent.of, description="The agent who has it, if any.")
    last_message: Message | None = edge("messages", "last_message_id", of=Message.of, description="The newest message.")
    summary: ConversationSummary | None = edge(
        "summaries", "key", of=ConversationSummary.of, description="What was said, in a few sentences; for staff only."
    )
    classification: ConversationClassification | None = edge(
        "classifications", "key", of=ConversationClassification.of, description="What it is about; for staff only."
    )

    survey: Survey | None = edge(
        "latest_surveys", "key", of=Survey.of, description="What the customer was asked and said of it last, if asked."
    )
    service_levels: list[ServiceLevel] | None = edges(
        "service_levels", "key", of=ServiceLevel.of, description="How it stands to what it is held to; for staff only."
    )

    queue_entry: QueueEntry | None = edge(
        "queue_entries", "key", of=QueueEntry.of, description="Its place in the queue, while it waits; for staff."
    )

    merged_into: "Conversation | None" = edge(
        "conversations",
        "merged_into_id",
        of=Node.named("Conversation"),
        description="Where it goes on, once it was merged; null for customers.",
    )
    merged: list["Conversation"] = edges(
        "merged_conversations",
        "key",
        of=Node.named("Conversation"),
        description="What was merged into it, the oldest first, at most 100; none for customers.",
    )
    linked: list["Conversation"] = edges(
        "linked_conversations",
        "linked_ids",
        of=Node.named("Conversation"),
        description="What belongs with it, as far as you may see it; none for customers.",
    )
    earlier: Connection["Conversation"] = pages(
        "earlier_pages",
        of=Node.named("Conversation"),
        description="What its customer began before, the latest first.",
    )
    messages: Connection[Message] = pages(
        "message_pages", of=Message.of, description="Its messages, oldest first.", both_ways=True
    )
    notes: Connection[Note] = pages(
        "note_pages",
        of=Note.of,
        description="What people at work wrote about it for each other, oldest first; none for customers.",
        both_ways=True,
    )
    viewers: list[ConversationViewer] = edges(
        "viewers",
        "key",
        of=ConversationViewer.of,
        description="Who else has it before their eyes right now; nobody for customers.",
    )
    draft: Draft | None = edge("drafts", "key", of=Draft.of, description="What you are about to say in it, if saved.")
    tool_calls: Connection[ToolCall] = pages(
        "tool_call_pages", of=ToolCall.of, description="The calls of tools made in it, oldest first; for staff."
    )

    @classmethod
    def of(cls, view: ConversationView) -> "Conversation":
        """Built from its view."""
        return cls(
            key=view.id,
            customer_id=view.customer_id,
            inbox_id=view.inbox_id,
            assignee_id=view.assignee_id,
            last_message_id=view.last_message_id,
            state=view.state,
            subject=view.subject,
            episode=view.episode,
            handoff_reason=view.handoff_reason,
            handoff_summary=view.handoff_summary,
            waiting_since=view.waiting_since,
            is_answering=view.answering_id is not None,
            message_count=view.message_count,
            unread_count=view.unread_count,
            started_at=view.started_at,
            last_activity_at=view.last_activity_at,
            triage=ConversationTriage.of(view),
            merged_into_id=view.triage.merged_into if view.triage else None,
            linked_ids=view.triage.linked_ids if view.triage else (),
            cursor=encode_cursor([str(view.version)]),
        )


ConversationConnection: TypeAlias = Connection[Conversation]

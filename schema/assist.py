"""Help for agents: what is kept beside conversations, and texts as they are written."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.assist import ports
from domain.assistant import Answer, Clarification, Handoff, Outcome, Refusal
from schema.assistant import Citation
from schema.command import idempotency_key_field
from schema.conversation import Conversation
from schema.errors import CommonError, Error
from schema.needs import needing

strawberry.enum(ports.Tone, name="TextTone", description="How a text is to sound.")
strawberry.enum(ports.Length, name="TextLength", description="What a text is to become.")


@strawberry.type(description="What was asked for cannot be had without a language model; the message says why.")
class NeedsLanguageModelError(Error):
    """No model, or none that can answer now."""


@needing(Permission.REPLY_TO_CONVERSATIONS)
@strawberry.type(description="More text, as it is written.")
class WrittenText:
    """A piece."""

    text: str = strawberry.field(description="What comes next.")


@needing(Permission.REPLY_TO_CONVERSATIONS)
@strawberry.type(description="All the text so far is void: another try begins it anew.")
class TextRestarted:
    """A try failed."""

    attempt: int = strawberry.field(description="Which try follows, from 2.")


@needing(Permission.REPLY_TO_CONVERSATIONS)
@strawberry.type(description="A reply to send, or not: read it first, since it may rest on internal articles.")
class Suggestion:
    """The whole of it."""

    text: str = strawberry.field(description="All of the text.")
    citations: list[Citation] = strawberry.field(description="What it rests on.")
    confidence: float = strawberry.field(description="How well what was found fits, from 0 to 1.")
    made_by: str = strawberry.field(description="The language model, or the built-in assistant's own.")


@needing(Permission.REPLY_TO_CONVERSATIONS)
@strawberry.type(description="There is nothing to suggest: the knowledge does not answer this.")
class NoSuggestion:
    """A person has to know."""

    explanation: str = strawberry.field(description="What the conversation is about, and what came nearest.")


@needing(Permission.REPLY_TO_CONVERSATIONS)
@strawberry.type(description="The text is all there.")
class RewrittenText:
    """The end."""

    text: str = strawberry.field(description="All of the text.")


SuggestionChange = Annotated[
    WrittenText | TextRestarted | Suggestion | NoSuggestion,
    strawberry.union("SuggestionChange", description="What `suggestReply` tells."),
]
RewritingChange = Annotated[
    WrittenText | RewrittenText | NeedsLanguageModelError,
    strawberry.union("RewritingChange", description="What `rewriteText` tells."),
]


def suggestion(outcome: Outcome) -> Suggestion | NoSuggestion:
    """What an assistant's outcome is to an agent."""
    match outcome:
        case Answer() | Clarification():
            return Suggestion(
                text=outcome.text,
                citations=[Citation.of(one) for one in outcome.citations],
                confidence=outcome.provenance.confidence,
                made_by=outcome.provenance.model,
            )
        case Handoff():
            return NoSuggestion(explanation=outcome.summary)
        case Refusal():
            return NoSuggestion(explanation="The assistant would refuse this.")
    return NoSuggestion(explanation="The assistant would act here: see what it proposes.")


@strawberry.input(description="The conversation to tell in a few sentences.")
class SummarizeConversationInput:
    """Input of `summarizeConversation`."""

    conversation_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The conversation to sort.")
class ClassifyConversationInput:
    """Input of `classifyConversation`."""

    conversation_id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The summary is made.")
class SummarizeConversationSuccess:
    """Success of `summarizeConversation`."""

    conversation: Conversation = strawberry.field(description="With its new summary.")


@strawberry.type(description="The conversation is sorted.")
class ClassifyConversationSuccess:
    """Success of `classifyConversation`."""

    conversation: Conversation = strawberry.field(description="With its new classification.")


SummarizeConversationPayload = Annotated[
    SummarizeConversationSuccess | CommonError,
    strawberry.union("SummarizeConversationPayload", description="What came of `summarizeConversation`."),
]
ClassifyConversationPayload = Annotated[
    ClassifyConversationSuccess | CommonError,
    strawberry.union("ClassifyConversationPayload", description="What came of `classifyConversation`."),
]

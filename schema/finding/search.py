"""What a search finds: messages, notes, customers and articles, each with the words that were looked for."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.base import ActorKind
from domain.conversation import ConversationState
from domain.search.excerpt import Segment
from domain.search.ports import Findings, Hit
from domain.search.query import Kind, SearchFilter
from schema.account import Customer
from schema.base import Connection, ListEdge, PageInfo, connection, edge, parse_key
from schema.collaboration.note import Note
from schema.conversation import Conversation, Message
from schema.knowledge import Article
from schema.needs import needing
from schema.triage.filter import moment

strawberry.enum(Kind, name="SearchType", description="What can be found.")
MOST_IDS = 100


@strawberry.type(description="A piece of a text. Plain text, never markup.")
class TextSegment:
    """A piece of an excerpt."""

    text: str = strawberry.field(description="The piece; all pieces in a row are the excerpt.")
    is_match: bool = strawberry.field(description="Whether it is a word that was looked for.")

    @classmethod
    def of(cls, segment: Segment) -> "TextSegment":
        """Built from its value."""
        return cls(text=segment.text, is_match=segment.is_match)


@strawberry.interface(description="Something that was found.")
class Finding:
    """What all hits share."""

    hit_key: strawberry.Private[UUID]
    conversation_key: strawberry.Private[UUID | None]
    score: float = strawberry.field(description="How well it fits: more is better, among the hits of one search.")
    at: datetime = strawberry.field(description="When it was written, or changed last.")
    excerpt: list[TextSegment] = strawberry.field(description="The part where the words are, at most 240 characters.")

    @staticmethod
    def of(hit: Hit) -> Any:
        """Built from its value, as the type of its kind."""
        return _TYPES[hit.kind](
            hit_key=hit.id,
            conversation_key=hit.conversation_id,
            score=hit.score,
            at=hit.at,
            excerpt=[TextSegment.of(segment) for segment in hit.excerpt],
        )


def _conversation() -> Any:
    return edge("conversations", "conversation_key", of=Conversation.of, description="Where it is.")


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A message that was found.")
class MessageHit(Finding):
    """Somebody's words."""

    message: Message | None = edge("messages", "hit_key", of=Message.of, description="The message.")
    conversation: Conversation | None = _conversation()


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="An internal note that was found; for staff only.")
class NoteHit(Finding):
    """A colleague's words."""

    note: Note | None = edge("notes", "hit_key", of=Note.of, description="The note.")
    conversation: Conversation | None = _conversation()


@needing(Permission.READ_CUSTOMERS)
@strawberry.type(description="A customer who was found, by name, address or number.")
class CustomerHit(Finding):
    """Somebody who asks."""

    customer: Customer | None = edge("customers", "hit_key", of=Customer.of, description="The customer.")


@needing(Permission.READ_KNOWLEDGE)
@strawberry.type(description="A published article that was found.")
class ArticleHit(Finding):
    """Something the company knows."""

    article: Article | None = edge("articles", "hit_key", of=Article.of, description="The article.")


_TYPES: dict[Kind, type[Finding]] = {
    Kind.MESSAGE: MessageHit,
    Kind.NOTE: NoteHit,
    Kind.CUSTOMER: CustomerHit,
    Kind.ARTICLE: ArticleHit,
}
SearchHit = Annotated[
    MessageHit | NoteHit | CustomerHit | ArticleHit, strawberry.union("SearchHit", description="What a search finds.")
]


@strawberry.type(description="A page of what was found, the best first.")
class SearchConnection:
    """Relay's connection, and how far the search went."""

    edges: list[ListEdge[SearchHit]] = strawberry.field(description="The hits with their places.")
    nodes: list[SearchHit] = strawberry.field(description="The hits.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")
    complete_since: datetime | None = strawberry.field(
        description="Everything since this moment was looked through, and what is older only in part: more fitted than"
        " is ranked. Null where all was. Narrow the search, or give `until`, to find what is older."
    )

    @classmethod
    def of(cls, found: Findings) -> "SearchConnection":
        """Built from its value."""
        page: Connection[SearchHit] = connection(found.page, Finding.of)
        return cls(edges=page.edges, nodes=page.nodes, page_info=page.page_info, complete_since=found.complete_since)


def _wanted(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.input(
    description="What narrows a search; what is unset does not. All but the times is about messages and notes, and"
    " leaves customers and articles out."
)
class SearchFilterInput:
    """A filter."""

    inbox_ids: list[strawberry.ID] | None = _wanted("In conversations that came in here.")
    states: list[ConversationState] | None = _wanted("In conversations in one of these states.")
    assignee_ids: list[strawberry.ID] | None = _wanted("In conversations that one of these agents has.")
    any_tag_ids: list[strawberry.ID] | None = _wanted("In conversations with one of these tags at least.")
    tag_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="The same as `anyTagIds`, which counts where both are given.",
        deprecation_reason="Use anyTagIds instead, as in ConversationFilterInput. Removal on 2027-06-01.",
    )
    author_kinds: list[ActorKind] | None = _wanted("Messages of these only.")
    customer_id: strawberry.ID | None = _wanted("In the latest 1,000 conversations of this customer.")
    conversation_id: strawberry.ID | None = _wanted("In this conversation.")
    since: datetime | None = _wanted("Written at this time or later.")
    until: datetime | None = _wanted("Written before this time.")

    @property
    def wanted(self) -> SearchFilter:
        """As the domain has it; `InvalidInputError` for ids of other things."""
        return SearchFilter(
            inbox_ids=_keys(self.inbox_ids, "Inbox", "filter.inboxIds"),
            states=self.states,
            assignee_ids=_keys(self.assignee_ids, "Agent", "filter.assigneeIds"),
            tag_ids=self._tags(),
            author_kinds=self.author_kinds,
            customer_id=_key(self.customer_id, "Customer", "filter.customerId"),
            conversation_id=_key(self.conversation_id, "Conversation", "filter.conversationId"),
            since=moment(self.since, "filter.since"),
            until=moment(self.until, "filter.until"),
        )

    def _tags(self) -> list[UUID] | None:
        if self.any_tag_ids is None:
            return _keys(self.tag_ids, "Tag", "filter.tagIds")
        return _keys(self.any_tag_ids, "Tag", "filter.anyTagIds")


def _key(given: strawberry.ID | None, concept: str, path: str) -> UUID | None:
    return None if given is None else parse_key(given, concept, path)


def _keys(given: list[strawberry.ID] | None, concept: str, path: str) -> list[UUID] | None:
    return None if given is None else [parse_key(one, concept, path) for one in given[:MOST_IDS]]


SearchText = Annotated[
    str,
    strawberry.argument(
        description='Words that must all be there, in any form; `"a phrase"`, `-without`, `this or that`. The last word'
        " also finds what begins with it. At most 20 words and 200 characters."
    ),
]
SearchTypes = Annotated[list[Kind] | None, strawberry.argument(description="What to find; everything if unset.")]
SearchNarrowed = Annotated[SearchFilterInput | None, strawberry.argument(description="What narrows it.")]

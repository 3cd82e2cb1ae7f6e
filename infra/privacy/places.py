"""Where people's words stand in the tables, and what stands there once they are erased.

A table with texts is in one of `PLACES`, or is the company's own (`infra.privacy.company`); a test sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Delete, Table, Text, Update, and_, case, cast, delete, func, or_, update
from sqlalchemy import select as chosen
from sqlalchemy.dialects.postgresql import JSONB, array

from domain.base import ActorKind
from domain.delivery import DeliveryState
from domain.file.file import FileRefusal, FileState
from domain.privacy.words import ERASED
from domain.tool.events import CallState
from infra.accounts.rows import refresh_tokens, sessions
from infra.assist.rows import classifications, summaries
from infra.automation.rows import rule_runs
from infra.channels.rows import channel_messages
from infra.collaboration.rows import drafts, notes
from infra.customers.rows import contacts
from infra.delivery.rows import deliveries
from infra.desk.rows import timers
from infra.files.rows import files
from infra.learning.rows import article_origins, curated_answers, test_cases
from infra.notifications.rows import notifications
from infra.rows import conversations, customers, idempotency_keys, jobs, messages
from infra.surveys.rows import surveys
from infra.tools.rows import proofs, tool_calls
from infra.triage.rows import labels
from infra.webhooks.rows import webhook_attempts

Condition = ColumnElement[bool]
EMPTY: Any = cast({}, JSONB)


@dataclass(frozen=True)
class Place:
    """Rows of one table: what becomes of their columns, or that they are `gone`; `kept` are texts that may stay.

    `whose` are the rows of some conversations or customers, by their ids.
    """

    table: Table
    whose: Callable[[Sequence[UUID]], Condition]
    becomes: Mapping[str, Any] = field(default_factory=dict)
    kept: Sequence[str] = ()
    gone: bool = False

    def statement(self, ids: Sequence[UUID]) -> Update | Delete:
        """What takes the words away; it changes nothing the second time."""
        if self.gone:
            return delete(self.table).where(self.whose(ids))
        return update(self.table).where(self.whose(ids)).values(**self.becomes)


def statements(places: Sequence[Place], ids: Sequence[UUID]) -> Iterator[Update | Delete]:
    """What takes the words out of all places that have some."""
    return (place.statement(ids) for place in places if place.gone or place.becomes)


def words(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A text is erased where there is one: what was empty or null stays so."""
    return case((func.length(column) > 0, ERASED), else_=column)


def each(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Texts in a JSON array, each erased: there are as many as before; what is no list stays as it is."""
    count = func.jsonb_array_length(column)
    filled = func.to_jsonb(func.array_fill(cast(ERASED, Text), array([count])))
    return case((func.jsonb_typeof(column) == "array", case((count > 0, filled), else_=column)), else_=column)


def _of(column: ColumnElement[Any]) -> Callable[[Sequence[UUID]], Condition]:
    return column.in_


def named(ids: Sequence[UUID], kind: str) -> list[str]:
    """The names by which the journal knows conversations, customers and their like."""
    return [f"{kind}:{identity}" for identity in ids]


def _about(ids: Sequence[UUID]) -> Condition:
    return deliveries.c.conversation.in_([str(identity) for identity in ids])


def _bundled(ids: Sequence[UUID]) -> Condition:
    """Letters to people at work about several conversations, of which one of these may be one."""
    d, n = deliveries.c, notifications.c
    told = chosen(n.agent_id, n.created_at).where(n.conversation_id.in_(ids)).subquery()
    theirs = d.about["agent"].astext == cast(told.c.agent_id, Text)
    after = chosen(told).where(theirs, d.created_at >= told.c.created_at).exists()
    return and_(d.conversation.is_(None), d.about.has_key("notification"), after)


def _surveys_of(ids: Sequence[UUID]) -> Condition:
    asked = chosen(cast(surveys.c.id, Text)).where(surveys.c.conversation_id.in_(ids))
    conversation = and_(timers.c.name == "survey", timers.c.key.in_([str(identity) for identity in ids]))
    return or_(conversation, and_(timers.c.name == "survey_reminder", timers.c.key.in_(asked)))


def _waiting_jobs(ids: Sequence[UUID]) -> Condition:
    return and_(jobs.c.key.in_(named(ids, "conversation")), jobs.c.state != "running")


def _attempts(ids: Sequence[UUID]) -> Condition:
    return webhook_attempts.c.delivery_id.in_(chosen(deliveries.c.id).where(_about(ids)))


def _tokens(ids: Sequence[UUID]) -> Condition:
    return refresh_tokens.c.session_id.in_(chosen(sessions.c.id).where(sessions.c.customer_id.in_(ids)))


_m, _d, _t, _k = messages.c, deliveries.c, tool_calls.c, channel_messages.c
_SENT = {
    "content": EMPTY,
    "error": words(_d.error),
    "receipt": words(_d.receipt),
    "state": case((_d.state == DeliveryState.QUEUED, DeliveryState.FAILED.value), else_=_d.state),
    "next_try_at": None,
}
_UNSUPPORTED = func.coalesce(each(_m.provenance["unsupported"]), cast([], JSONB))
_REASONED = func.jsonb_build_object("unsupported", _UNSUPPORTED, "decision", ERASED)

OF_CONVERSATIONS: Sequence[Place] = (
    Place(
        conversations,
        _of(conversations.c.id),
        {
            "subject": words(conversations.c.subject),
            "opening": words(conversations.c.opening),
            "handoff_summary": words(conversations.c.handoff_summary),
            "attributes": EMPTY,
        },
        kept=("state", "handoff_reason", "passed"),
    ),
    Place(
        messages,
        _of(_m.conversation_id),
        {
            "text": words(_m.text),
            "choices": each(_m.choices),
            "rating_comment": words(_m.rating_comment),
            "provenance": case(
                (func.jsonb_typeof(_m.provenance) == "object", _m.provenance.op("||")(_REASONED)), else_=_m.provenance
            ),
        },
        kept=("author_kind", "kind", "citations"),
    ),
    Place(notes, _of(notes.c.conversation_id), {"text": words(notes.c.text)}),
    Place(drafts, _of(drafts.c.conversation_id), gone=True),
    Place(summaries, _of(summaries.c.id), {"text": words(summaries.c.text)}, kept=("made_by",)),
    Place(
        classifications,
        _of(classifications.c.id),
        kept=("topic", "language", "sentiment", "urgency", "made_by"),
    ),
    Place(surveys, _of(surveys.c.conversation_id), {"comment": words(surveys.c.comment)}),
    Place(
        files,
        _of(files.c.conversation_id),
        {"name": words(files.c.name), "state": FileState.REFUSED.value, "refusal": FileRefusal.ERASED.value},
        kept=("owner", "purpose", "content_type"),
    ),
    Place(
        channel_messages,
        _of(_k.conversation_id),
        {
            "external_id": func.concat("erased:", cast(_k.id, Text)),
            "sender": words(_k.sender),
            "participants": cast([], ARRAY(Text)),
            "subject": words(_k.subject),
            "original": words(_k.original),
        },
        kept=("authentication",),
    ),
    Place(
        tool_calls,
        _of(_t.conversation_id),
        {
            "input": EMPTY,
            "arguments": None,
            "output": words(_t.output),
            "reason": words(_t.reason),
            "digest": words(_t.digest),
            "due_at": case((_t.state == CallState.PROPOSED, func.now()), else_=_t.due_at),
        },
        kept=("tool", "title", "state"),
    ),
    Place(proofs, _of(proofs.c.id), {"code_hash": None, "code_until": None, "proven_until": None}),
    Place(
        rule_runs,
        _of(rule_runs.c.conversation_id),
        {"reason": words(rule_runs.c.reason)},
        kept=("event_kind", "outcome", "actions"),
    ),
    Place(
        webhook_attempts,
        _attempts,
        {"answer": words(webhook_attempts.c.answer), "error": words(webhook_attempts.c.error)},
    ),
    Place(deliveries, _bundled, _SENT, kept=("key", "medium", "route", "sequence", "recipient", "about", "state")),
    Place(
        deliveries,
        _about,
        _SENT | {"recipient": case((_d.about.has_key("customer"), words(_d.recipient)), else_=_d.recipient)},
        kept=("key", "medium", "route", "sequence", "about", "state"),
    ),
    Place(timers, _surveys_of, gone=True),
    Place(jobs, _waiting_jobs, gone=True),
    Place(curated_answers, _of(curated_answers.c.conversation_id), gone=True),
    Place(test_cases, _of(test_cases.c.conversation_id), gone=True),
    Place(article_origins, _of(article_origins.c.conversation_id), gone=True),
    Place(
        labels,
        lambda ids: and_(labels.c.conversation_id.in_(ids), _of_attribute()),
        gone=True,
    ),
)
"""What was said in conversations, and what was made of it."""

OF_CUSTOMERS: Sequence[Place] = (
    Place(
        customers,
        _of(customers.c.id),
        {
            "name": ERASED,
            "email": None,
            "phone": None,
            "zone": None,
            "attributes": EMPTY,
            "external_id": case(
                (customers.c.external_id.is_not(None), func.concat("erased:", cast(customers.c.id, Text)))
            ),
        },
        kept=("language", "email_key"),
    ),
    Place(contacts, _of(contacts.c.customer_id), gone=True),
    Place(refresh_tokens, _tokens, gone=True),
    Place(
        sessions,
        _of(sessions.c.customer_id),
        {"device": words(sessions.c.device), "address": None, "provider_session": None},
        kept=("strategy", "ended_reason"),
    ),
    Place(files, lambda ids: files.c.owner.in_(named(ids, ActorKind.CUSTOMER)) & _unsaid(), gone=True),
    Place(idempotency_keys, lambda ids: idempotency_keys.c.actor.in_(named(ids, ActorKind.CUSTOMER)), gone=True),
    Place(jobs, lambda ids: jobs.c.key.in_(named(ids, "customer")) & (jobs.c.state != "running"), gone=True),
)
"""What is known of customers themselves; it goes last, since all else is found by it."""


def _of_attribute() -> Condition:
    """A label that is no tag of its conversation was made of an attribute's value."""
    c = conversations.c
    tags = chosen(c.tag_ids).where(c.id == labels.c.conversation_id).scalar_subquery()
    return func.array_position(tags, labels.c.label).is_(None)


def _unsaid() -> Condition:
    return files.c.conversation_id.is_(None)

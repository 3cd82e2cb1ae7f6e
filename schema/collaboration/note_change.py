"""What watchers are told of notes; customers never are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from domain.base import Event
from domain.conversation import desk_events as domain
from schema.base import edge
from schema.collaboration.note import Note
from schema.event import ConversationEvent


@strawberry.type(description="Somebody wrote a note for colleagues.")
class NoteAdded(ConversationEvent):
    """See its text in the note, which its author may have taken back since."""

    note_key: strawberry.Private[UUID]
    note: Note | None = edge("notes", "note_key", of=Note.of, description="The note as it is now.")


@strawberry.type(description="Somebody took their note back.")
class NoteDeleted(ConversationEvent):
    """Its text is gone."""

    note_key: strawberry.Private[UUID]
    note: Note | None = edge("notes", "note_key", of=Note.of, description="What is left of it.")


def note_event(event: Event, shared: Mapping[str, Any]) -> ConversationEvent | None:
    """The type of an event about notes."""
    match event:
        case domain.NoteAdded(note_id):
            return NoteAdded(note_key=note_id, **shared)
        case domain.NoteDeleted(note_id=note_id):
            return NoteDeleted(note_key=note_id, **shared)
    return None

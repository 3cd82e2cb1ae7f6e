"""What goes into and comes out of the mutations on notes."""

from typing import Annotated

import strawberry

from schema.collaboration.note import Note
from schema.command import idempotency_key_field
from schema.errors import CommonError


@strawberry.input(description="Something for colleagues.")
class AddNoteInput:
    """Input of `addNote`."""

    conversation_id: strawberry.ID = strawberry.field(description="About which conversation.")
    text: str = strawberry.field(description="What, 1 to 10,000 characters.")
    mentioned_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Agents who are to read it, at most 20; each must be able to read the conversation."
    )
    file_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Files of yours for notes, at most 10: see `requestUpload`."
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="A note to take back.")
class DeleteNoteInput:
    """Input of `deleteNote`."""

    note_id: strawberry.ID = strawberry.field(description="One of yours.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The note is written, and whoever is mentioned is told.")
class AddNoteSuccess:
    """Success of `addNote`."""

    note: Note = strawberry.field(description="The note.")


@strawberry.type(description="Nobody reads the note any more.")
class DeleteNoteSuccess:
    """Success of `deleteNote`."""

    note: Note = strawberry.field(description="What is left of it.")


AddNotePayload = Annotated[
    AddNoteSuccess | CommonError, strawberry.union("AddNotePayload", description="What came of `addNote`.")
]
DeleteNotePayload = Annotated[
    DeleteNoteSuccess | CommonError, strawberry.union("DeleteNotePayload", description="What came of `deleteNote`.")
]

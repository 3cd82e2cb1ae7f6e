"""The errors that a person can act on, as data; each is made from the domain error of the same name."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from domain import base, conversation
from domain.conversation.collision import ConversationMovedOnError as ConversationMovedOn
from domain.conversation.sorted import ConversationMergedError as ConversationMerged
from domain.export.export import ExportQuotaError as ExportQuota
from domain.prompt.prompt import GateFailedError as GateFailed
from domain.triage.tag import TagInUseError as TagInUse
from schema.account import Agent
from schema.base import edge, encode_cursor
from schema.conversation import Conversation, Message
from schema.suite import SuiteRun
from schema.triage.tag import TagUse


@strawberry.interface(description="Why an operation was not done, and what to do about it.")
class Error:
    """What all errors share."""

    message: str = strawberry.field(description="A sentence for a person.")
    code: str = strawberry.field(description="The same for each cause, for programs.")


@strawberry.type(description="One thing that is wrong with one input field.")
class FieldError:
    """A field problem."""

    path: str = strawberry.field(description="The field, dotted, such as `input.text`.")
    message: str = strawberry.field(description="What is wrong, and what would be right.")


@strawberry.type(description="A value that was sent cannot be used.")
class InvalidInputError(Error):
    """Names each field."""

    fields: list[FieldError] = strawberry.field(description="Every wrong field.")


@strawberry.type(description="There is no such object, or it is not yours to see: the answer is the same.")
class NotFoundError(Error):
    """Not there or not yours."""


@strawberry.type(description="You may see this, but not do this to it.")
class ForbiddenError(Error):
    """A right is missing."""


@strawberry.type(description="The object is not in a state that allows this; the message says what would.")
class InvalidStateError(Error):
    """The wrong moment."""


@strawberry.type(description="Somebody else changed the object at the same moment. Load it again, then retry.")
class ConflictError(Error):
    """A race was lost."""


@strawberry.type(description="The idempotency key was used before with other input.")
class IdempotencyKeyReusedError(Error):
    """A key for two requests."""


@strawberry.type(description="Another agent has this conversation.")
class AlreadyAssignedError(Error):
    """A colleague was faster."""

    assignee_id: strawberry.Private[UUID]
    assignee: Agent | None = edge("agents", "assignee_id", of=Agent.of, description="Who has it.")


@strawberry.type(description="Others have replied since you looked: nothing was sent.")
class ConversationMovedOnError(Error):
    """The second of two writers is told what the first one said."""

    last_reply_id: strawberry.Private[UUID]
    cursor: str = strawberry.field(description="Where the conversation stands now: send this as `seenCursor`.")
    reply_count: int = strawberry.field(description="How many messages others have sent since.")
    last_reply: Message | None = edge(
        "messages", "last_reply_id", of=Message.of, description="The newest of them; all are in `messages`."
    )


@strawberry.type(description="The conversation was merged into another one: nothing was said.")
class ConversationMergedError(Error):
    """Where to go on."""

    into_id: strawberry.Private[UUID]
    into: Conversation | None = edge(
        "conversations", "into_id", of=Conversation.of, description="Where it goes on, if you may see that."
    )


@strawberry.type(description="The tests that guard this change did not pass. Publish all the same by saying why.")
class GateFailedError(Error):
    """A gate said no."""

    run_id: strawberry.Private[UUID | None]
    suite_run: SuiteRun | None = edge(
        "suite_runs", "run_id", of=SuiteRun.of, description="The run that says so, if there was one."
    )


@strawberry.type(description="Something goes by this tag, and would be about nothing without it.")
class TagInUseError(Error):
    """Where to take it out first."""

    uses: list[TagUse] = strawberry.field(description="All that goes by it.")


@strawberry.type(description="Your organization has as many exports as it may.")
class ExportQuotaExceededError(Error):
    """Wait, or ask the operator."""

    limit: int = strawberry.field(description="How many it may have: at a time, or within a day.")
    free_at: datetime | None = strawberry.field(
        description="When the day allows another; null where one that is going on has to end first."
    )


def _fields(error: base.InvalidInputError) -> list[FieldError]:
    return [FieldError(path=problem.path, message=problem.message) for problem in error.fields]


class _Handler:
    """Turns a domain error into the type of the same name, where the field's union has it."""

    def __init__(self, exception_type: type[base.DomainError], error_type: type[Error]) -> None:
        self.exception_type = exception_type
        self.error_type = error_type

    def handle(self, exception: Any, *, field: Any, info: Any) -> Error:
        facts: dict[str, Any] = {}
        if isinstance(exception, base.InvalidInputError):
            facts["fields"] = _fields(exception)
        if isinstance(exception, conversation.AlreadyAssignedError):
            facts["assignee_id"] = exception.assignee_id
        if isinstance(exception, ConversationMovedOn):
            facts |= {"last_reply_id": exception.reply_ids[-1], "reply_count": len(exception.reply_ids)}
            facts["cursor"] = encode_cursor([str(exception.version)])
        if isinstance(exception, ConversationMerged):
            facts["into_id"] = exception.into_id
        if isinstance(exception, GateFailed):
            facts["run_id"] = exception.run_id
        if isinstance(exception, TagInUse):
            facts["uses"] = [TagUse.of(use) for use in exception.uses]
        if isinstance(exception, ExportQuota):
            facts |= {"limit": exception.limit, "free_at": exception.free_at}
        return self.error_type(message=exception.message, code=exception.code, **facts)


EXCEPTION_HANDLERS = [
    _Handler(base.InvalidInputError, InvalidInputError),
    _Handler(base.NotFoundError, NotFoundError),
    _Handler(base.ForbiddenError, ForbiddenError),
    _Handler(base.InvalidStateError, InvalidStateError),
    _Handler(base.ConflictError, ConflictError),
    _Handler(base.IdempotencyKeyReusedError, IdempotencyKeyReusedError),
    _Handler(conversation.AlreadyAssignedError, AlreadyAssignedError),
    _Handler(ConversationMovedOn, ConversationMovedOnError),
    _Handler(ConversationMerged, ConversationMergedError),
    _Handler(GateFailed, GateFailedError),
    _Handler(TagInUse, TagInUseError),
    _Handler(ExportQuota, ExportQuotaExceededError),
]
"""The one table of errors: which domain error becomes which type."""

CommonError = (
    InvalidInputError | NotFoundError | ForbiddenError | InvalidStateError | ConflictError | IdempotencyKeyReusedError
)

"""Jobs that failed for good."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain import ports
from domain.account.permission import Permission
from schema.base import global_id
from schema.command import idempotency_key_field
from schema.errors import ForbiddenError, InvalidInputError, NotFoundError
from schema.needs import needing


@needing(Permission.MANAGE_JOBS)
@strawberry.type(description="A job that failed past its retries.")
class DeadLetter:
    """What went wrong."""

    id: strawberry.ID = strawberry.field(description="For `replayDeadLetter`.")
    job: str = strawberry.field(description="Which kind of job.")
    stream: str = strawberry.field(description="What it was about, as the journal names it.")
    event: str = strawberry.field(description="The kind of event that called for it.")
    attempts: int = strawberry.field(description="How often it was tried.")
    error: str = strawberry.field(description="What the last attempt ended with.")
    failed_at: datetime = strawberry.field(description="When that was.")

    @classmethod
    def of(cls, letter: ports.DeadLetter) -> "DeadLetter":
        """Built from its view."""
        return cls(
            id=global_id("DeadLetter", letter.id),
            job=letter.job,
            stream=letter.stream,
            event=letter.event_kind,
            attempts=letter.attempts,
            error=letter.error,
            failed_at=letter.failed_at,
        )


@strawberry.input(description="The dead letter to try again.")
class ReplayDeadLetterInput:
    """Input of `replayDeadLetter`."""

    id: strawberry.ID = strawberry.field(description="Which.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The job is queued again.")
class ReplayDeadLetterSuccess:
    """Success of `replayDeadLetter`."""

    id: strawberry.ID = strawberry.field(description="Which.")


ReplayDeadLetterPayload = Annotated[
    ReplayDeadLetterSuccess | InvalidInputError | NotFoundError | ForbiddenError,
    strawberry.union("ReplayDeadLetterPayload", description="What came of `replayDeadLetter`."),
]

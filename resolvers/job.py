"""The root fields about jobs that failed for good."""

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError
from resolvers.context import RequestContext, mutation
from resolvers.idempotency import key_of
from schema import job as s
from schema.base import After, Connection, First, connection, field, page_request, parse_id

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class JobQuery:
    """What went wrong."""

    @field("Jobs that failed past their retries, newest first.", needs=Permission.MANAGE_JOBS)
    async def dead_letters(self, info: Info, first: First = None, after: After = None) -> Connection[s.DeadLetter]:
        return connection(await info.context.reads.dead_letters(page_request(first, after)), s.DeadLetter.of)


@strawberry.type
class JobMutation:
    """And what to do about it."""

    @mutation("Try a dead letter again, with all its retries.", needs=Permission.MANAGE_JOBS)
    async def replay_dead_letter(self, info: Info, input: s.ReplayDeadLetterInput) -> s.ReplayDeadLetterPayload | None:
        key_of(input)  # only checked: to queue a job that is queued changes nothing
        concept, identity = parse_id(input.id, "input.id")
        if concept != "DeadLetter" or not (identity.isascii() and identity.isdigit() and len(identity) < 19):
            raise InvalidInputError(FieldProblem("input.id", "This is not the id of a dead letter."))
        await info.context.services.dead_letters.replay(info.context.actor, int(identity))
        return s.ReplayDeadLetterSuccess(id=input.id)

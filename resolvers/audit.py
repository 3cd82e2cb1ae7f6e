"""The root fields about the audit log."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.account.audit import AuditFilter, audited_kinds
from domain.account.permission import Permission
from domain.base import STAFF, ActorKind, FieldProblem, InvalidInputError
from resolvers.context import RequestContext
from schema.audit import AuditEntry
from schema.base import After, Connection, First, connection, field, page_request, parse_id, parse_uuid

Info = strawberry.Info[RequestContext, None]

Kinds = Annotated[list[str] | None, strawberry.argument(description="Only of these kinds, at most 50.")]
By = Annotated[strawberry.ID | None, strawberry.argument(description="Only what this agent, API key or customer did.")]
Since = Annotated[datetime | None, strawberry.argument(name="from", description="Only from this moment on.")]
Until = Annotated[datetime | None, strawberry.argument(name="to", description="Only before this moment.")]

ACTORS: dict[str, tuple[ActorKind, ...]] = {
    "Agent": STAFF,
    "ApiKey": (ActorKind.API_KEY,),
    "Customer": (ActorKind.CUSTOMER,),
}
"""What an actor of each type is in the journal: an agent's role may have been another at the time."""


@strawberry.type
class AuditQuery:
    """Who did what."""

    @field("Sensitive acts, newest first.", needs=Permission.READ_AUDIT_LOG)
    async def audit_log(
        self,
        info: Info,
        *,
        kinds: Kinds = None,
        actor: By = None,
        since: Since = None,
        until: Until = None,
        first: First = None,
        after: After = None,
    ) -> Connection[AuditEntry]:
        wanted = AuditFilter(kinds, _actors(actor), since, until)
        return connection(await info.context.reads.audit_page(page_request(first, after), wanted), AuditEntry.of)

    @field("All kinds of sensitive acts, by name.", needs=Permission.READ_AUDIT_LOG)
    async def audit_kinds(self, info: Info) -> list[str]:
        return sorted(audited_kinds())


def _actors(given: str | None) -> list[str] | None:
    if given is None:
        return None
    concept, identity = parse_id(given, "actor")
    if concept not in ACTORS:
        raise InvalidInputError(FieldProblem("actor", f"This is the id of a {concept}, which does nothing by itself."))
    return [f"{kind}:{parse_uuid(identity, 'actor')}" for kind in ACTORS[concept]]

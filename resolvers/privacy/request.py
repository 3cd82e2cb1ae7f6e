"""The root fields about people's data."""

from typing import Annotated

import strawberry

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.privacy.service import PrivacyRequests
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.privacy import command as c
from schema.privacy.request import PrivacyRequest

Info = strawberry.Info[RequestContext, None]
Wanted = Annotated[c.PrivacyRequestFilterInput | None, strawberry.argument(description="Which; all if unset.")]


@strawberry.type
class PrivacyQuery:
    """Questions about requests."""

    @field("What was asked about customers' data, the newest first.", needs=Permission.MANAGE_PRIVACY)
    async def privacy_requests(
        self, info: Info, filter: Wanted = None, first: First = None, after: After = None
    ) -> Connection[PrivacyRequest]:
        wanted = (filter or c.PrivacyRequestFilterInput()).wanted
        page = await info.context.reads.privacy_request_page(page_request(first, after), wanted)
        return connection(page, PrivacyRequest.of)


@strawberry.type
class PrivacyMutation:
    """What is asked for."""

    @mutation(
        "Ask for all that is known of a customer, or to erase them: for good, once the time is over in which it can be "
        "taken back.",
        needs=Permission.MANAGE_PRIVACY,
    )
    async def create_privacy_request(
        self, info: Info, input: c.CreatePrivacyRequestInput
    ) -> c.CreatePrivacyRequestPayload | None:
        key, reason = parse_key(input.customer_id, "Customer", "input.customerId"), checked_reason(input.reason)
        receipt = await _requests(info).ask(
            info.context.actor, key, input.kind, now=input.run_now, reason=reason, key=key_of(input)
        )
        made = await shown(info, "privacy_requests", receipt.id, PrivacyRequest.of)
        return c.CreatePrivacyRequestSuccess(privacy_request=made)

    @mutation("Take a request back that has not begun.", needs=Permission.MANAGE_PRIVACY)
    async def cancel_privacy_request(
        self, info: Info, input: c.CancelPrivacyRequestInput
    ) -> c.CancelPrivacyRequestPayload | None:
        key = parse_key(input.privacy_request_id, "PrivacyRequest", "input.privacyRequestId")
        reason = checked_reason(input.reason)
        await _requests(info).cancel(info.context.actor, key, reason=reason, key=key_of(input))
        return c.CancelPrivacyRequestSuccess(
            privacy_request=await shown(info, "privacy_requests", key, PrivacyRequest.of)
        )


def _requests(info: Info) -> PrivacyRequests:
    return info.context.services.desk.privacy.requests

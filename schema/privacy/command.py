"""What goes into and comes out of the fields about people's data."""

from typing import Annotated

import strawberry

from domain.privacy.request import PrivacyFilter, PrivacyKind, PrivacyState
from schema.account_command import reason_field
from schema.base import parse_key
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.privacy.request import PrivacyRequest


@strawberry.input(description="Which requests; what is left out does not matter.")
class PrivacyRequestFilterInput:
    """A filter of `privacyRequests`."""

    kind: PrivacyKind | None = strawberry.field(default=None, description="Those for this.")
    states: list[PrivacyState] | None = strawberry.field(default=None, description="Those that are so far.")
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Those about this customer.")

    @property
    def wanted(self) -> PrivacyFilter:
        """As the domain has it."""
        customer = parse_key(self.customer_id, "Customer", "filter.customerId") if self.customer_id else None
        states = None if self.states is None else tuple(dict.fromkeys(self.states))
        return PrivacyFilter(self.kind, states, customer)


@strawberry.input(description="What somebody asks about their data.")
class CreatePrivacyRequestInput:
    """Input of `createPrivacyRequest`."""

    customer_id: strawberry.ID = strawberry.field(description="Whose.")
    kind: PrivacyKind = strawberry.field(description="What for.")
    run_now: bool = strawberry.field(
        default=False, description="Erase at once: nobody can take it back then. Exports never wait."
    )
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The request to take back.")
class CancelPrivacyRequestInput:
    """Input of `cancelPrivacyRequest`."""

    privacy_request_id: strawberry.ID = strawberry.field(description="Which; it must not have begun.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="It is asked for. Where the same was asked for before, it is that request.")
class CreatePrivacyRequestSuccess:
    """Success of `createPrivacyRequest`."""

    privacy_request: PrivacyRequest = strawberry.field(description="The request.")


@strawberry.type(description="It is taken back.")
class CancelPrivacyRequestSuccess:
    """Success of `cancelPrivacyRequest`."""

    privacy_request: PrivacyRequest = strawberry.field(description="The request as it is now.")


CreatePrivacyRequestPayload = Annotated[
    CreatePrivacyRequestSuccess | CommonError,
    strawberry.union("CreatePrivacyRequestPayload", description="What came of `createPrivacyRequest`."),
]
CancelPrivacyRequestPayload = Annotated[
    CancelPrivacyRequestSuccess | CommonError,
    strawberry.union("CancelPrivacyRequestPayload", description="What came of `cancelPrivacyRequest`."),
]

"""What goes into and comes out of the fields about customers."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from domain.customer.ports import CustomerFilter
from domain.customer.service import Profile
from schema.account import Customer
from schema.account_command import reason_field
from schema.command import idempotency_key_field
from schema.errors import CommonError
from schema.triage.attribute import AttributeInput


def _wanted(description: str) -> Any:
    return strawberry.field(default=None, description=description)


@strawberry.input(description="Which customers; what is unset does not matter.")
class CustomerFilterInput:
    """A filter of `customers`."""

    is_blocked: bool | None = _wanted("Who is blocked, or with `false` is not.")
    is_verified: bool | None = _wanted("For whom the company vouched, or with `false` did not.")
    contact: str | None = _wanted("Who has exactly this e-mail address, number or external id.")
    created_after: datetime | None = _wanted("Who came first at this time or later.")
    created_before: datetime | None = _wanted("Who came first before this time.")

    @property
    def wanted(self) -> CustomerFilter:
        """As the domain has it; `InvalidInputError` for times without a zone."""
        return CustomerFilter(self.is_blocked, self.is_verified, self.contact, self.created_after, self.created_before)


def _known(description: str) -> Any:
    return _wanted(f"{description} Unset stays as it is, an empty text takes it away.")


@strawberry.input(description="What is to be known of a customer.")
class UpdateCustomerInput:
    """Input of `updateCustomer`."""

    customer_id: strawberry.ID = strawberry.field(description="Whom.")
    name: str | None = _wanted("As they are called, 1 to 100 characters; unset stays as it is.")
    email: str | None = _known("Where they can be written to.")
    phone: str | None = _known("Their number with its country, such as +4930123456.")
    language: str | None = _known("Their language's tag, such as `de` or `pt-BR`.")
    zone: str | None = _known("Their time zone's name, such as `Europe/Berlin`.")
    idempotency_key: str | None = idempotency_key_field()

    @property
    def profile(self) -> Profile:
        """As the domain has it."""
        return Profile(self.name, self.email, self.phone, self.language, self.zone)


@strawberry.input(description="Values of a customer's custom attributes; those left out stay as they are.")
class SetCustomerAttributesInput:
    """Input of `setCustomerAttributes`."""

    customer_id: strawberry.ID = strawberry.field(description="Whose.")
    attributes: list[AttributeInput] = strawberry.field(description="The values.")
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="Two customers who are the same.")
class MergeCustomersInput:
    """Input of `mergeCustomers`."""

    from_id: strawberry.ID = strawberry.field(description="Who turned out to be the other one; they are gone then.")
    into_id: strawberry.ID = strawberry.field(description="Who has all of it then.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The customer who is to be heard no more.")
class BlockCustomerInput:
    """Input of `blockCustomer`."""

    customer_id: strawberry.ID = strawberry.field(description="Whom.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.input(description="The customer who is to be heard again.")
class UnblockCustomerInput:
    """Input of `unblockCustomer`."""

    customer_id: strawberry.ID = strawberry.field(description="Whom.")
    reason: str | None = reason_field()
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="It is known now.")
class UpdateCustomerSuccess:
    """Success of `updateCustomer`."""

    customer: Customer = strawberry.field(description="The customer as they are now.")


@strawberry.type(description="The values are set.")
class SetCustomerAttributesSuccess:
    """Success of `setCustomerAttributes`."""

    customer: Customer = strawberry.field(description="The customer as they are now.")


@strawberry.type(description="They are one.")
class MergeCustomersSuccess:
    """Success of `mergeCustomers`."""

    customer: Customer = strawberry.field(description="Who has all of it now.")


@strawberry.type(description="They are heard no more.")
class BlockCustomerSuccess:
    """Success of `blockCustomer`."""

    customer: Customer = strawberry.field(description="The customer as they are now.")


@strawberry.type(description="They are heard again.")
class UnblockCustomerSuccess:
    """Success of `unblockCustomer`."""

    customer: Customer = strawberry.field(description="The customer as they are now.")


UpdateCustomerPayload = Annotated[
    UpdateCustomerSuccess | CommonError,
    strawberry.union("UpdateCustomerPayload", description="What came of `updateCustomer`."),
]
SetCustomerAttributesPayload = Annotated[
    SetCustomerAttributesSuccess | CommonError,
    strawberry.union("SetCustomerAttributesPayload", description="What came of `setCustomerAttributes`."),
]
MergeCustomersPayload = Annotated[
    MergeCustomersSuccess | CommonError,
    strawberry.union("MergeCustomersPayload", description="What came of `mergeCustomers`."),
]
BlockCustomerPayload = Annotated[
    BlockCustomerSuccess | CommonError,
    strawberry.union("BlockCustomerPayload", description="What came of `blockCustomer`."),
]
UnblockCustomerPayload = Annotated[
    UnblockCustomerSuccess | CommonError,
    strawberry.union("UnblockCustomerPayload", description="What came of `unblockCustomer`."),
]

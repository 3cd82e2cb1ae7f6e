"""The root fields about customers."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.customer.service import Profiles
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema.account import Customer
from schema.base import After, Connection, First, IdArgument, connection, field, page_request, parse_key
from schema.finding import customer_command as c
from schema.triage.attribute import values_of

Info = strawberry.Info[RequestContext, None]
Wanted = Annotated[c.CustomerFilterInput | None, strawberry.argument(description="Which; all if unset.")]


@strawberry.type
class CustomerQuery:
    """Questions about customers."""

    @field("A customer by their id; null when there is none that you may see.", needs=Permission.READ_CUSTOMERS)
    async def customer(self, info: Info, id: IdArgument) -> Customer | None:
        view = await info.context.load("customers", parse_key(id, "Customer", "id"))
        return Customer.of(view) if view else None

    @field(
        "Every customer, the newest first, without those who turned out to be others. For who sees all of them.",
        needs=Permission.READ_CUSTOMERS,
    )
    async def customers(
        self, info: Info, filter: Wanted = None, first: First = None, after: After = None
    ) -> Connection[Customer]:
        wanted = (filter or c.CustomerFilterInput()).wanted
        return connection(await info.context.reads.customer_page(page_request(first, after), wanted), Customer.of)


@strawberry.type
class CustomerMutation:
    """What people at work do about customers."""

    @mutation("Write down who a customer is.", needs=Permission.WRITE_CUSTOMERS)
    async def update_customer(self, info: Info, input: c.UpdateCustomerInput) -> c.UpdateCustomerPayload | None:
        key = _key(input.customer_id)
        await _profiles(info).change(info.context.actor, key, input.profile, key=key_of(input))
        return c.UpdateCustomerSuccess(customer=await _shown(info, key))

    @mutation("Set custom attributes of a customer.", needs=Permission.WRITE_CUSTOMERS)
    async def set_customer_attributes(
        self, info: Info, input: c.SetCustomerAttributesInput
    ) -> c.SetCustomerAttributesPayload | None:
        key, values = _key(input.customer_id), values_of(input.attributes)
        await _profiles(info).set_attributes(info.context.actor, key, values, key=key_of(input))
        return c.SetCustomerAttributesSuccess(customer=await _shown(info, key))

    @mutation(
        "Make two customers one, for good: all that the first said, and their addresses, are the second's.",
        needs=Permission.WRITE_CUSTOMERS,
    )
    async def merge_customers(self, info: Info, input: c.MergeCustomersInput) -> c.MergeCustomersPayload | None:
        key = parse_key(input.from_id, "Customer", "input.fromId")
        into, reason = parse_key(input.into_id, "Customer", "input.intoId"), checked_reason(input.reason)
        await _profiles(info).merge(info.context.actor, key, into, reason=reason, key=key_of(input))
        return c.MergeCustomersSuccess(customer=await _shown(info, into))

    @mutation(
        "Hear a customer no more: their sessions end, and what they send is refused.",
        needs=Permission.WRITE_CUSTOMERS,
    )
    async def block_customer(self, info: Info, input: c.BlockCustomerInput) -> c.BlockCustomerPayload | None:
        key, reason = _key(input.customer_id), checked_reason(input.reason)
        await _profiles(info).block(info.context.actor, key, reason=reason, key=key_of(input))
        return c.BlockCustomerSuccess(customer=await _shown(info, key))

    @mutation("Hear a blocked customer again.", needs=Permission.WRITE_CUSTOMERS)
    async def unblock_customer(self, info: Info, input: c.UnblockCustomerInput) -> c.UnblockCustomerPayload | None:
        key, reason = _key(input.customer_id), checked_reason(input.reason)
        await _profiles(info).unblock(info.context.actor, key, reason=reason, key=key_of(input))
        return c.UnblockCustomerSuccess(customer=await _shown(info, key))


def _profiles(info: Info) -> Profiles:
    return info.context.services.desk.profiles


def _key(identity: strawberry.ID) -> UUID:
    return parse_key(identity, "Customer", "input.customerId")


async def _shown(info: Info, key: UUID) -> Customer:
    return await shown(info, "customers", key, Customer.of)

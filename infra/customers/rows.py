"""The table of customers' addresses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from infra.storage.columns import moment, parent, table


class ContactRow(SQLModel, table=True):
    """An address of a customer's, normalised; the customer may be stored later in the same transaction."""

    __tablename__ = "contact"
    __table_args__ = (Index("contact_customer", "customer_id"),)
    organization_id: UUID = parent("organization", key=True)
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))
    customer_id: UUID = Field(
        sa_column=Column(ForeignKey("customer.id", deferrable=True, initially="DEFERRED"), nullable=False)
    )
    verified_at: datetime | None = moment(nullable=True)
    bounced_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


contacts = table(ContactRow)

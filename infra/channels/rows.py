"""The tables of channels, as SQLModel rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from infra.storage.columns import binary, count, flag, json, moment, parent, table, texts, words


class ChannelAccountRow(SQLModel, table=True):
    """How an inbox, whose id it has, is connected; `secrets` are sealed, `kept` are their names."""

    __tablename__ = "channel_account"
    __table_args__ = (UniqueConstraint("organization_id", "channel", "address"),)
    id: UUID = parent("inbox", key=True)
    organization_id: UUID = parent("organization")
    channel: str = words()
    address: str = words()
    enabled: bool = flag()
    settings: dict[str, Any] = json(nullable=False)
    secrets: bytes = binary()
    kept: list[str] = texts()
    version: int = count()
    created_at: datetime = moment()


class MailboxPlaceRow(SQLModel, table=True):
    """How far a mailbox was read: up to `last_uid` while the server says the same `validity`; `problem` is the last."""

    __tablename__ = "mailbox_place"
    id: UUID = parent("channel_account", key=True, on_delete="CASCADE")
    organization_id: UUID = parent("organization")
    validity: int | None = Field(sa_column=Column(BigInteger, nullable=True), default=None)
    last_uid: int = Field(sa_column=Column(BigInteger, nullable=False, server_default=text("0")), default=0)
    fetched_at: datetime | None = moment(nullable=True)
    leased_until: datetime | None = moment(nullable=True)
    problem: str | None = words(nullable=True)


class ChannelMessageRow(SQLModel, table=True):
    """A message that went over a channel; `external_id` is its name there, such as a Message-ID."""

    __tablename__ = "channel_message"
    __table_args__ = (
        UniqueConstraint("inbox_id", "external_id"),
        Index("channel_message_conversation", "conversation_id", "created_at", "id"),
        Index("channel_message_message", "message_id"),
        Index("channel_message_sender", "inbox_id", "sender", "created_at", postgresql_where=text("is_inbound")),
    )
    id: UUID = Field(primary_key=True)
    organization_id: UUID = parent("organization")
    inbox_id: UUID = parent("inbox")
    conversation_id: UUID = parent("conversation")
    message_id: UUID = parent("message")
    external_id: str = words()
    is_inbound: bool = flag()
    sender: str = words()
    participants: list[str] = texts()
    subject: str = words()
    original: str | None = words(nullable=True)
    authentication: str = words()
    created_at: datetime = moment()


class UnreachableRow(SQLModel, table=True):
    """An address to which an inbox sends nothing: what went there came back, or they asked for no more."""

    __tablename__ = "unreachable"
    inbox_id: UUID = parent("inbox", key=True)
    address: str = Field(sa_column=Column(Text, primary_key=True))
    organization_id: UUID = parent("organization")
    failure: str = words()
    created_at: datetime = moment()


channel_accounts = table(ChannelAccountRow)
mailbox_places = table(MailboxPlaceRow)
channel_messages = table(ChannelMessageRow)
unreachables = table(UnreachableRow)

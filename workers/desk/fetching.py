"""Looks into mailboxes, again and again."""

from __future__ import annotations

import asyncio

import structlog

from domain.base import ConflictError, UnavailableError
from domain.channel.service import Mailboxes

log = structlog.get_logger(__name__)


async def fetch(mailboxes: Mailboxes) -> None:
    """Look into those whose turn it is, until cancelled."""
    while True:
        try:
            await mailboxes.look()
        except (UnavailableError, ConflictError) as error:
            log.warning("fetch.interrupted", cause=error.code)
        await asyncio.sleep(mailboxes.pause)

"""When to look again: after something happened in an organization's conversations, but not all the time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from time import monotonic

from domain.account.permission import Permission
from domain.base import STAFF, Actor, ActorKind
from infra.live.hub import Hub, inbox_of

EVERY = 1.0
"""Seconds between two pulses at least."""


class HubPulses:
    """Pulses from what this server hears."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def inbox(self, actor: Actor) -> AsyncGenerator[None, None]:
        """At once, then whenever something happened, at most once a second; holds nothing while it waits."""
        actor.require(Permission.READ_CONVERSATIONS)
        actor.require_kind(*STAFF, ActorKind.API_KEY)
        with self._hub.mailbox(inbox_of(actor.tenant)) as mailbox:
            while True:
                at = monotonic()
                yield
                await mailbox.take()
                await asyncio.sleep(at + EVERY - monotonic())

"""The hub of a server process: what it could not hear, its readers read."""

import asyncio
from collections.abc import Sequence
from typing import cast

from domain.base import Recorded
from infra.journal import SqlJournal
from infra.live.hub import Hub
from infra.live.tasks import end


class Journal:
    """A journal whose newest position is known when the test says so."""

    def __init__(self) -> None:
        self.known = asyncio.Event()

    async def last_position(self) -> int:
        await self.known.wait()
        return 12

    async def since(self, position: int) -> Sequence[Recorded]:
        assert position == 12
        return []


async def test_a_reader_who_was_there_before_the_hub_knew_its_place_looks_into_the_journal_again() -> None:
    journal = Journal()
    hub = Hub(cast(SqlJournal, journal))
    with hub.mailbox("conversation:1") as mailbox:
        running = asyncio.create_task(hub.run())
        hub.look()
        await asyncio.sleep(0.05)
        assert not mailbox.arrived.is_set()
        journal.known.set()  # events up to 12 were delivered since the reader looked, while nobody listened
        async with asyncio.timeout(1):
            assert await mailbox.take() == ([], True)
        await end([running])


async def test_after_an_outage_of_signals_every_reader_looks_for_what_it_missed() -> None:
    hub = Hub(cast(SqlJournal, Journal()))
    with hub.mailbox("conversation:1") as one, hub.mailbox("conversation:2") as other:
        hub.listens_again()
        async with asyncio.timeout(1):
            assert await one.take() == await other.take() == ([], True)

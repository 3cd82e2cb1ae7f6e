"""How requests are fulfilled: in small steps that may each run again, so that whoever is killed goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.access.customer import CustomerUnit
from domain.account.stored import Opening
from domain.base import Actor, Clock, NotFoundError, system_of
from domain.conversation.desk_events import ConversationErased
from domain.file.ports import FileStore
from domain.ports import Receipt
from domain.privacy.ports import Archive, Archived, ForgettableReplies, PrivacyUnit, Transcripts
from domain.privacy.request import KEPT_FOR, PrivacyExportExpired, PrivacyKind, PrivacyRequest
from domain.retry import retried_once

AT_ONCE = 50
"""Conversations, or files, of which one statement tells."""
ERASED = "erased"
"""What ended the sessions of a customer who was erased."""
EXPORT_TIMER = "privacy_export"


@dataclass(frozen=True)
class Fulfilment:
    """Does what was asked for; the jobs call it, as often as they are killed."""

    units: Opening[PrivacyUnit]
    archive: Archive
    store: FileStore
    replies: ForgettableReplies
    transcripts: Transcripts
    clock: Clock

    async def fulfil(self, organization_id: UUID, request_id: UUID) -> None:
        """Do what a request asks for; nothing for one that is over."""
        request = await self._begun(organization_id, request_id)
        if request is None or request.is_over:
            return
        family = await self._family(organization_id, request.customer_id)
        if request.kind is PrivacyKind.EXPORT:
            await self._exported(request, await self.archive.write(organization_id, request_id, family))
        else:
            await self._erase(request, family)

    @retried_once
    async def give_up(self, organization_id: UUID, request_id: UUID, why: str) -> None:
        """Let a request be over that could not be fulfilled."""
        async with self.units(system_of(organization_id)) as unit:
            request = await unit.privacy_requests.get(request_id)
            request.fail(why, at=self.clock())
            await unit.commit(Receipt(request_id))

    @retried_once
    async def expire(self, organization_id: UUID, request_id: UUID) -> None:
        """Delete what was exported, whose time is over; the bytes first, so that none are left without a row."""
        await self.archive.forget(organization_id, request_id)
        async with self.units(system_of(organization_id)) as unit:
            (await unit.privacy_requests.get(request_id)).forget_export()
            await unit.commit(Receipt(request_id))

    @retried_once
    async def _begun(self, organization_id: UUID, request_id: UUID) -> PrivacyRequest | None:
        async with self.units(system_of(organization_id)) as unit:
            try:
                request = await unit.privacy_requests.get(request_id)
            except NotFoundError:
                return None
            request.begin()
            await unit.commit(Receipt(request_id))
        return request

    async def _family(self, organization_id: UUID, customer_id: UUID) -> Sequence[UUID]:
        async with self.units(system_of(organization_id)) as unit:
            return await unit.erasure.family(customer_id)

    @retried_once
    async def _exported(self, request: PrivacyRequest, made: Archived) -> None:
        async with self.units(system_of(request.organization_id)) as unit:
            done, at = await unit.privacy_requests.get(request.id), self.clock()
            done.finish(at=at, conversations=made.conversations, files=made.files, size=made.size)
            await unit.timers.set(EXPORT_TIMER, request.id, at + KEPT_FOR, PrivacyExportExpired(request.id))
            await unit.commit(Receipt(request.id))

    async def _erase(self, request: PrivacyRequest, family: Sequence[UUID]) -> None:
        """Nobody gets in any more; then their words go; who they were goes last, since it is what all is found by."""
        actor = system_of(request.organization_id)
        await self._shut(actor, family)
        while waiting := await self._waiting(actor, family):
            for conversation_id in waiting:
                await self._conversation(actor, conversation_id)
        await self._files(actor, family)
        await self._exports(actor, family)
        await self.transcripts.withdraw(actor.tenant)
        await self._people(actor, request.id, family)

    @retried_once
    async def _shut(self, actor: Actor, family: Sequence[UUID]) -> None:
        async with self.units(actor) as unit:
            for customer_id in family:
                (await unit.customers.get(customer_id)).block(reason=None, at=self.clock())
                await end_sessions(unit, customer_id, self.clock)
            await unit.commit(Receipt(family[0]))

    async def _waiting(self, actor: Actor, family: Sequence[UUID]) -> Sequence[UUID]:
        async with self.units(actor) as unit:
            return await unit.erasure.waiting(family, AT_ONCE)

    @retried_once
    async def _conversation(self, actor: Actor, conversation_id: UUID) -> None:
        """All of one conversation in one transaction; an answer that is being written ends first."""
        async with self.units(actor) as unit:
            written = await unit.erasure.conversation(conversation_id)
            conversation = await unit.conversations.get(conversation_id)
            if answering := conversation.answering:
                await self.replies.close(conversation_id, answering.answer_id, answering.attempt)
            if conversation.waiting:
                conversation.stop_answer(actor, "")
            conversation.note(ConversationErased())
            await unit.commit(Receipt(conversation_id))
        for each in written:
            await self.replies.forget(each.answer_id, each.attempt)

    async def _files(self, actor: Actor, family: Sequence[UUID]) -> None:
        last: UUID | None = None
        while True:
            async with self.units(actor) as unit:
                found = await unit.erasure.files(family, last, AT_ONCE)
            if not found:
                return
            for file_id in found:
                await self.store.forget(actor.tenant, file_id)
            last = found[-1]

    async def _exports(self, actor: Actor, family: Sequence[UUID]) -> None:
        async with self.units(actor) as unit:
            found = [request.id for request in await unit.privacy_requests.exports_of(family)]
        for request_id in found:
            await self.expire(actor.tenant, request_id)

    @retried_once
    async def _people(self, actor: Actor, request_id: UUID, family: Sequence[UUID]) -> None:
        async with self.units(actor) as unit:
            conversations, files = await unit.erasure.counts(family)
            await unit.erasure.addresses(family)
            await unit.erasure.people(family)
            for customer_id in family:
                (await unit.customers.get(customer_id)).erase(at=self.clock())
                await end_sessions(unit, customer_id, self.clock)
            request = await unit.privacy_requests.get(request_id)
            request.finish(at=self.clock(), conversations=conversations, files=files)
            await unit.commit(Receipt(request_id))


async def end_sessions(unit: CustomerUnit, customer_id: UUID, clock: Clock) -> None:
    """Let a customer be signed in nowhere."""
    for session in await unit.sessions.open_of(customer_id):
        session.end(ERASED, clock())

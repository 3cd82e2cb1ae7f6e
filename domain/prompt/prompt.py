"""Prompts: versions that people write, one of which the assistant answers by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID, uuid5

from domain.account.permission import Permission
from domain.account.role import LONGEST_REASON
from domain.account.stored import Opening
from domain.base import Actor, Aggregate, DomainError, Event, Identifiers, NotFoundError
from domain.ports import IdempotencyKey, Page, PageRequest, Receipt, UnitOfWork
from domain.prompt.content import LONGEST_NOTE, PromptContent, checked_content
from domain.prompt.events import PromptPublished, PromptVersionCreated
from domain.retry import retried_once
from domain.text import checked


class GateFailedError(DomainError):
    """The tests that guard this change did not pass; `run_id` is the run that says which, if there was one."""

    code: ClassVar[str] = "GATE_FAILED"

    def __init__(self, message: str, run_id: UUID | None = None) -> None:
        super().__init__(message)
        self.run_id = run_id


class Gate(Protocol):
    """What a version must pass before customers are answered by it."""

    async def check(self, actor: Actor, number: int) -> None:
        """Return if the version may be published; raises `GateFailedError` where it may not."""
        ...


class OpenGate:
    """Lets every version pass."""

    async def check(self, actor: Actor, number: int) -> None:
        """As it says."""


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """A version as it was written: its content never changes."""

    id: UUID
    number: int
    note: str
    content: PromptContent


@dataclass
class Prompt(Aggregate):
    """An organization's prompt: how many versions it has, and which of them is in use; 0 is Parley's own."""

    newest: int = 0
    published: int = 0
    written: list[PromptVersion] = field(default_factory=list)

    def write(self, version_id: UUID, content: PromptContent, note: str) -> None:
        """Make the next version; it is used once it is published."""
        self._record(PromptVersionCreated(number=self.newest + 1, note=note))
        self.written.append(PromptVersion(version_id, self.newest, note, content))

    def publish(self, number: int, *, is_override: bool, reason: str | None) -> None:
        """Answer by this version from now on, be it older or newer; the one in use changes nothing."""
        self.require(number)
        if number != self.published:
            self._record(PromptPublished(number=number, before=self.published, is_override=is_override, reason=reason))

    def require(self, number: int) -> None:
        """`NotFoundError` for a version that there is none of."""
        if not 0 <= number <= self.newest:
            raise NotFoundError("version of the prompt")

    def _apply(self, event: Event) -> None:
        match event:
            case PromptVersionCreated():
                self.newest = event.number
            case PromptPublished():
                self.published = event.number
            case _:
                raise TypeError(f"A prompt knows no event of the kind {event.kind}.")


def prompt_id(organization_id: UUID) -> UUID:
    """The id of an organization's one prompt."""
    return uuid5(organization_id, "prompt")


@dataclass(frozen=True, slots=True)
class PromptVersionView:
    """A version as people see it; `created_at` and `creator_id` are None for Parley's own."""

    version: PromptVersion
    is_published: bool
    creator_id: UUID | None
    created_at: datetime | None


class PromptReads(Protocol):
    """What one actor may see of prompts."""

    async def prompt_versions(self, ids: Sequence[UUID]) -> Sequence[PromptVersionView | None]:
        """Versions by id."""
        ...

    async def prompt_versions_by_number(self, numbers: Sequence[int]) -> Sequence[PromptVersionView | None]:
        """Versions by number; 0 is Parley's own."""
        ...

    async def prompt_version_page(self, page: PageRequest) -> Page[PromptVersionView]:
        """Versions, newest first."""
        ...

    async def published_prompt_version(self) -> PromptVersionView:
        """The version in use, Parley's own where nobody published one."""
        ...


class PromptRepository(Protocol):
    """The prompt of the actor's organization, to change."""

    async def own(self) -> Prompt:
        """The prompt, locked until the unit of work ends; a new one where there is none yet."""
        ...


class PromptUnit(UnitOfWork, Protocol):
    """A unit of work that holds prompts."""

    @property
    def prompts(self) -> PromptRepository:
        """Prompts, to change."""
        ...


@dataclass(frozen=True)
class Prompts:
    """The commands on prompts. A receipt names the version as its part."""

    units: Opening[PromptUnit]
    new_id: Identifiers
    models: Collection[str] = ()
    gate: Gate = field(default_factory=OpenGate)

    @retried_once
    async def create(
        self, actor: Actor, content: PromptContent, *, note: str = "", key: IdempotencyKey | None = None
    ) -> Receipt:
        """Write the next version; nobody is answered by it yet."""
        actor.require(Permission.MANAGE_ASSISTANT)
        checked_content(content, self.models)
        if note:
            checked(note, "input.note", longest=LONGEST_NOTE)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            prompt = await unit.prompts.own()
            version_id = self.new_id()
            prompt.write(version_id, content, note)
            return await unit.commit(Receipt(prompt.id, version_id))

    async def publish(
        self, actor: Actor, number: int, *, override_reason: str | None = None, key: IdempotencyKey | None = None
    ) -> Receipt:
        """Answer by a version from now on; `GateFailedError` where its tests say no and nobody says why all the same.

        Number 0 is Parley's own prompt. A reason where the gate has nothing against the version stands in the audit
        log too.
        """
        actor.require(Permission.MANAGE_ASSISTANT)
        if override_reason is not None:
            checked(override_reason, "input.overrideReason", longest=LONGEST_REASON)
        if earlier := await self._earlier(actor, number, key):
            return earlier
        is_override = await self._overrides(actor, number, override_reason)
        return await self._publish(actor, number, key, is_override=is_override, reason=override_reason)

    async def _earlier(self, actor: Actor, number: int, key: IdempotencyKey | None) -> Receipt | None:
        """What a request with this key did before, whatever its gate says by now."""
        async with self.units(actor, key) as unit:
            if unit.earlier is None:
                (await unit.prompts.own()).require(number)
            return unit.earlier

    async def _overrides(self, actor: Actor, number: int, reason: str | None) -> bool:
        """Whether the gate said no and the reason is to count for more."""
        try:
            await self.gate.check(actor, number)
        except GateFailedError:
            if reason is None:
                raise
            return True
        return False

    @retried_once
    async def _publish(
        self, actor: Actor, number: int, key: IdempotencyKey | None, *, is_override: bool, reason: str | None
    ) -> Receipt:
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            prompt = await unit.prompts.own()
            prompt.publish(number, is_override=is_override, reason=reason)
            return await unit.commit(Receipt(prompt.id))

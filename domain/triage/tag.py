"""Tags: the words of an organization that conversations are marked with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from domain.account.permission import Permission
from domain.account.stored import Opening, Stored
from domain.base import Actor, Aggregate, DomainError, Event, Identifiers, InvalidStateError
from domain.ports import IdempotencyKey, Receipt, UnitOfWork
from domain.retry import retried_once
from domain.text import checked
from domain.triage.events import TagDeleted, TagSaved
from domain.triage.label import TagColor

LONGEST_NAME = 50
MOST_TAGS = 500


class TagUseKind(StrEnum):
    """What can go by a tag, for everybody."""

    SERVICE_LEVEL_POLICY = "service_level_policy"
    RULE = "rule"
    VIEW = "view"
    MACRO = "macro"


@dataclass(frozen=True, slots=True)
class TagUse:
    """Something that names a tag, switched off or not; what one agent keeps for themselves is none."""

    kind: TagUseKind
    name: str

    def __str__(self) -> str:
        return f"the {self.kind.replace('_', ' ')} “{self.name}”"


class TagInUseError(DomainError):
    """Without the tag its `uses` would be about nothing any more, and nobody would be told."""

    code: ClassVar[str] = "TAG_IN_USE"

    def __init__(self, uses: Sequence[TagUse]) -> None:
        super().__init__(f"Take this tag out of {', '.join(map(str, uses))} first.")
        self.uses = tuple(uses)


@dataclass
class Tag(Aggregate):
    """A name and a colour; the id stays whatever they become."""

    name: str = ""
    color: str = TagColor.GRAY
    deleted: bool = False

    def save(self, name: str, color: TagColor) -> None:
        """Be called and painted like this; what changes nothing is no event."""
        name = " ".join(checked(name, "input.name", longest=LONGEST_NAME).split())
        if (name, color) != (self.name, self.color):
            self._record(TagSaved(name, color))

    def delete(self) -> None:
        """End."""
        self._record(TagDeleted())

    def _apply(self, event: Event) -> None:
        match event:
            case TagSaved():
                self.name, self.color = event.name, TagColor(event.color)
            case TagDeleted():
                self.deleted = True


class TagRepository(Stored[Tag], Protocol):
    """Tags of the actor's organization, to change."""

    async def named(self, name: str) -> UUID | None:
        """The id of the tag of that name."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...

    async def known(self, ids: Collection[UUID]) -> set[UUID]:
        """Which of these are tags of the organization."""
        ...

    async def uses(self, tag_id: UUID) -> Sequence[TagUse]:
        """What goes by a tag, by kind and name."""
        ...


class TagUnit(UnitOfWork, Protocol):
    """A unit of work that holds tags."""

    @property
    def tags(self) -> TagRepository:
        """Tags, to change."""
        ...


@dataclass(frozen=True)
class Tags:
    """The commands on tags."""

    units: Opening[TagUnit]
    new_id: Identifiers

    @retried_once
    async def create(self, actor: Actor, name: str, color: TagColor, *, key: IdempotencyKey | None = None) -> Receipt:
        """Make a tag; `InvalidStateError` when there is one of this name, or too many are there."""
        actor.require(Permission.MANAGE_DESK)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            if await unit.tags.count() >= MOST_TAGS:
                raise InvalidStateError(f"There are {MOST_TAGS} tags already. Delete one first.")
            tag = Tag(self.new_id(), actor.tenant)
            tag.save(name, color)
            await _require_free(unit, tag)
            unit.tags.add(tag)
            return await unit.commit(Receipt(tag.id))

    @retried_once
    async def change(
        self,
        actor: Actor,
        tag_id: UUID,
        *,
        name: str | None = None,
        color: TagColor | None = None,
        key: IdempotencyKey | None = None,
    ) -> Receipt:
        """Call or paint a tag otherwise; None leaves a part as it is. All that is marked with it stays marked."""
        actor.require(Permission.MANAGE_DESK)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            tag = await unit.tags.get(tag_id)
            tag.save(tag.name if name is None else name, TagColor(tag.color) if color is None else color)
            await _require_free(unit, tag)
            return await unit.commit(Receipt(tag.id))

    async def delete(self, actor: Actor, tag_id: UUID, *, key: IdempotencyKey | None = None) -> Receipt:
        """Remove a tag, from all that is marked with it too; `TagInUseError` while anything goes by it."""
        actor.require(Permission.MANAGE_DESK)
        async with self.units(actor, key) as unit:
            if unit.earlier:
                return unit.earlier
            tag = await unit.tags.get(tag_id)
            if uses := await unit.tags.uses(tag_id):
                raise TagInUseError(uses)
            tag.delete()
            return await unit.commit(Receipt(tag.id))


async def _require_free(unit: TagUnit, tag: Tag) -> None:
    if (await unit.tags.named(tag.name) or tag.id) != tag.id:
        raise InvalidStateError(f"There is a tag with the name “{tag.name}” already.")

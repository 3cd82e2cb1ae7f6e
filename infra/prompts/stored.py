"""Prompts, to change and to answer by."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID, uuid5

from pydantic import TypeAdapter
from sqlalchemy import Select, and_, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.base import NotFoundError
from domain.prompt.content import DEFAULT, PromptContent
from domain.prompt.prompt import Prompt, PromptVersion, prompt_id
from infra.accounts.repository import SqlStored
from infra.prompts.rows import prompt_versions, prompts
from infra.repositories import Unit
from infra.storage.codec import dump

_content = TypeAdapter(PromptContent)


class SqlPrompts(SqlStored[Prompt]):
    """The one prompt of an organization, with the versions that are written to it."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit, prompts, Prompt)

    async def own(self) -> Prompt:
        """The prompt, locked; a new one where there is none, which a rival may make first."""
        tenant = self._unit.actor.tenant
        found = await self.find()
        if found:
            return found[0]
        prompt = Prompt(prompt_id(tenant), tenant)
        self.add(prompt)
        return prompt

    async def _write(self, aggregate: Prompt) -> None:
        await super()._write(aggregate)
        for version in aggregate.written:
            row = {
                "id": version.id,
                "organization_id": aggregate.organization_id,
                "number": version.number,
                "note": version.note,
                "content": dump(version.content),
                "created_by": str(self._unit.actor),
                "created_at": self._unit.at,
            }
            await self._unit.connection.execute(insert(prompt_versions).values(row))
        aggregate.written.clear()


class SqlPromptVersions:
    """The versions by which assistants answer; read anew for each answer, which is one row by its key."""

    def __init__(self, tenant: Callable[[UUID], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._tenant = tenant

    async def __call__(self, organization_id: UUID, number: int | None = None) -> PromptVersion:
        """The version of that number, or the published one; `NotFoundError` where there is none."""
        if number == 0:
            return parleys_own(organization_id)
        async with self._tenant(organization_id) as connection:
            row = (await connection.execute(_wanted(organization_id, number))).one_or_none()
        if row is None and number is not None:
            raise NotFoundError("version of the prompt")
        return version_of(row) if row else parleys_own(organization_id)

    async def published(self, organization_id: UUID) -> int:
        """The number of the version in use, 0 for Parley's own."""
        return (await self(organization_id)).number


def parleys_own(organization_id: UUID) -> PromptVersion:
    """Version 0 of every organization."""
    return PromptVersion(uuid5(prompt_id(organization_id), "0"), 0, "", DEFAULT)


def version_of(row: Any) -> PromptVersion:
    """A version as its row has it."""
    return PromptVersion(row.id, row.number, row.note, _content.validate_python(row.content))


def _wanted(organization_id: UUID, number: int | None) -> Select[Any]:
    v, p = prompt_versions.c, prompts.c
    joined = prompt_versions.join(prompts, v.organization_id == p.organization_id)
    chosen = v.number == (p.published if number is None else literal(number))
    return select(prompt_versions).select_from(joined).where(and_(v.organization_id == organization_id, chosen))

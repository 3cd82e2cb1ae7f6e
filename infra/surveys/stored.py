"""Surveys, to change and to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from domain.account.permission import Permission
from domain.account.settings import Settings
from domain.base import Actor, NotFoundError
from domain.ports import Page, PageRequest
from domain.survey.survey import Survey, SurveyFilter, SurveyPlan
from infra.database import Database
from infra.reads import SqlReads
from infra.repositories import Unit
from infra.rows import conversations, organizations
from infra.storage.paging import keyset, paged
from infra.storage.sight import reached
from infra.surveys.rows import surveys


class SqlSurveys:
    """The surveys of one unit of work; rivals wait at the lock of the conversation."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def get(self, survey_id: UUID) -> Survey:
        """The survey; `NotFoundError` where the actor may not see its conversation."""
        row = await self._found(_surveys(self._unit.actor).where(surveys.c.id == survey_id))
        if row is None:
            raise NotFoundError("survey")
        return row

    async def of(self, conversation_id: UUID, episode: int) -> Survey | None:
        """The survey about an episode."""
        c = surveys.c
        return await self._found(
            _surveys(self._unit.actor).where(c.conversation_id == conversation_id, c.episode == episode)
        )

    async def put(self, survey: Survey) -> None:
        """Write it, new or changed."""
        row = {name: getattr(survey, name) for name in surveys.c.keys()}  # noqa: SIM118  a collection of columns
        changes = {name: row[name] for name in ("reminded_at", "score", "comment", "answered_at")}
        statement = insert(surveys).values(row).on_conflict_do_update(index_elements=[surveys.c.id], set_=changes)
        await self._unit.connection.execute(statement)

    async def _found(self, wanted: Select[Any]) -> Survey | None:
        row = (await self._unit.connection.execute(wanted)).one_or_none()
        return _survey(row) if row else None


class SqlSurveyReads(SqlReads):
    """The reads of one operation about surveys."""

    async def surveys(self, ids: Sequence[UUID]) -> Sequence[Survey | None]:
        """Surveys by id."""
        found = {row.id: _survey(row) for row in await self._rows(_surveys(self._actor).where(surveys.c.id.in_(ids)))}
        return [found.get(identity) for identity in ids]

    async def latest_surveys(self, conversation_ids: Sequence[UUID]) -> Sequence[Survey | None]:
        """The newest survey of each conversation."""
        c = surveys.c
        wanted = _surveys(self._actor).where(c.conversation_id.in_(conversation_ids))
        newest = wanted.ext(distinct_on(c.conversation_id)).order_by(c.conversation_id, c.episode.desc())
        found = {row.conversation_id: _survey(row) for row in await self._rows(newest)}
        return [found.get(identity) for identity in conversation_ids]

    async def survey_page(self, page: PageRequest, wanted: SurveyFilter) -> Page[Survey]:
        """Surveys, newest first."""
        c = surveys.c
        asked = _surveys(self._actor)
        if wanted.answered is not None:
            asked = asked.where(c.answered_at.is_not(None) if wanted.answered else c.answered_at.is_(None))
        if wanted.scores is not None:
            asked = asked.where(c.score.in_(wanted.scores))
        rows = await self._rows(
            keyset(asked, page, (c.asked_at, datetime.fromisoformat), (c.id, UUID), descending=True)
        )
        return paged(rows, page, _survey, lambda row: (row.asked_at.isoformat(), str(row.id)))


class SqlSurveyPlans:
    """What organizations decided about surveys, read when somebody is to be asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, organization_id: UUID) -> SurveyPlan:
        """The organization's decision, with its name and language."""
        o = organizations.c
        async with self._database.tenant(organization_id) as connection:
            row = (await connection.execute(select(o.name, o.settings).where(o.id == organization_id))).one()
        settings = Settings.of(row.settings)
        return SurveyPlan(settings.survey, row.name, settings.languages[0] if settings.languages else None)


def _surveys(actor: Actor) -> Select[Any]:
    c = conversations.c
    joined = surveys.join(conversations, c.id == surveys.c.conversation_id)
    seen = reached(actor, Permission.READ_CONVERSATIONS)
    return select(*surveys.c, c.customer_id).select_from(joined).where(seen, surveys.c.organization_id == actor.tenant)


def _survey(row: Row[Any]) -> Survey:
    return Survey(**row._mapping)

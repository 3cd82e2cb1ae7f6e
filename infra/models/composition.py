"""Everything about the assistant, put together once in a process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

from redis.asyncio import Redis

from domain.assistant import Assistant, EchoAssistant
from domain.assistants import Assistants
from domain.base import Clock, Identifiers
from domain.model import LanguageModel
from domain.spending.service import Spending
from infra.ai.intent import Intents
from infra.ai.local import LocalAssistant
from infra.ai.search import AssistantSearch
from infra.database import Database
from infra.knowledge.retrieval import Retrieval
from infra.learning.composition import LearningGround, curated, learning
from infra.learning.feed import SqlRunFeed
from infra.models.chain import language_models
from infra.settings import Settings
from infra.spending.composition import ledger_of
from infra.storage.organizations import SqlOrganizations
from infra.unit_of_work import SqlUnits


@dataclass(frozen=True)
class AssistantGround:
    """What the assistant stands on."""

    settings: Settings
    database: Database
    redis: Redis
    units: SqlUnits
    organizations: SqlOrganizations
    retrieval: Retrieval
    intents: Intents
    now: Clock
    new_id: Identifiers
    stack: AsyncExitStack
    """What is to be closed with the process."""
    run_feed: SqlRunFeed


@dataclass(frozen=True)
class AssistantParts:
    """The assistant that customers are answered by, what people do about it, and all language models by name."""

    assistant: Assistant
    models: Mapping[str, LanguageModel]
    services: Assistants


def assistant_parts(ground: AssistantGround) -> AssistantParts:
    """Make them, by plain calls."""
    learns = _learning_ground(ground)
    models = models_of(ground)
    assistant = _assistant(ground)
    if "scripted" not in ground.settings.ai_provider:
        assistant = curated(learns, assistant)
    services = Assistants(
        learning=learning(learns, assistant),
        spending=Spending(ground.units, ground.new_id),
    )
    return AssistantParts(assistant=assistant, models=models, services=services)


def _learning_ground(ground: AssistantGround) -> LearningGround:
    return LearningGround(
        database=ground.database,
        units=ground.units,
        embedder=ground.retrieval.embedder,
        intents=ground.intents,
        new_id=ground.new_id,
        time_limit=ground.settings.answer_timeout,
        run_feed=ground.run_feed,
    )


def models_of(ground: AssistantGround) -> dict[str, LanguageModel]:
    """The language models that the settings declare, each paid from the organizations' budgets."""
    declared = ground.settings.declared_models
    ledger = ledger_of(ground.units, ground.redis, ground.now, ground.new_id, declared)
    return language_models(declared, ground.redis, ledger, ground.stack)


def _assistant(ground: AssistantGround) -> Assistant:
    if "scripted" in ground.settings.ai_provider:
        return EchoAssistant(lambda: asyncio.sleep(random.uniform(0, 0.06)))
    return _local(ground)


def _local(ground: AssistantGround) -> LocalAssistant:
    async def threshold_of(organization_id: UUID) -> float | None:
        return (await ground.organizations.assistant_settings(organization_id)).threshold

    search = AssistantSearch(ground.database.tenant, ground.retrieval)
    return LocalAssistant(search, ground.intents, threshold_of, ground.retrieval.embedder.name)

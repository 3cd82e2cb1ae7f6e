"""Everything about the assistant, put together once in a process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

from redis.asyncio import Redis

from domain.assistant import Assistant, EchoAssistant, Question, Tools
from domain.assistants import Assistants
from domain.base import Clock, Identifiers
from domain.model import LanguageModel
from domain.prompt.prompt import Prompts
from domain.spending.service import Spending
from infra.ai.intent import Intents
from infra.ai.local import LocalAssistant, Thresholds
from infra.ai.search import AssistantSearch
from infra.assist.composition import AssistGround, assist
from infra.database import Database
from infra.grounded.composition import grounded, talk_by
from infra.knowledge.retrieval import Retrieval
from infra.learning.composition import LearningGround, curated, gate_of, learning
from infra.learning.feed import SqlRunFeed
from infra.models.chain import Preference, chain, language_models
from infra.prompts.stored import SqlPromptVersions
from infra.safety.safe_assistant import SafeAssistant
from infra.settings import Settings
from infra.spending.composition import ledger_of
from infra.storage.organizations import SqlOrganizations
from infra.tools.composition import tool_parts
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
    tools = tool_parts(ground.settings, ground.database, ground.units, ground.now, ground.new_id)
    assistant = _assistant(ground, models, tools.tools)
    if "scripted" not in ground.settings.ai_provider:
        assistant = SafeAssistant(curated(learns, assistant))
    services = Assistants(
        assist=assist(_assist_ground(ground, models)),
        learning=learning(learns, assistant),
        prompts=Prompts(ground.units, ground.new_id, frozenset(models), gate_of(learns)),
        spending=Spending(ground.units, ground.new_id),
        tools=tools.commands,
    )
    return AssistantParts(assistant=assistant, models=models, services=services)


def _learning_ground(ground: AssistantGround) -> LearningGround:
    return LearningGround(
        database=ground.database,
        units=ground.units,
        retrieval=ground.retrieval,
        search=AssistantSearch(ground.database.tenant, ground.retrieval),
        threshold_of=_thresholds(ground),
        intents=ground.intents,
        new_id=ground.new_id,
        time_limit=ground.settings.answer_timeout,
        run_feed=ground.run_feed,
    )


def _assist_ground(ground: AssistantGround, models: Mapping[str, LanguageModel]) -> AssistGround:
    prompts = SqlPromptVersions(ground.database.tenant)
    return AssistGround(
        database=ground.database,
        units=ground.units,
        retrieval=ground.retrieval,
        intents=ground.intents,
        prompts=prompts,
        preferred=_preferred(prompts),
        threshold_of=_thresholds(ground),
        models=models,
        names=ground.settings.ai_provider,
        new_id=ground.new_id,
        now=ground.now,
    )


def _thresholds(ground: AssistantGround) -> Thresholds:
    async def threshold_of(organization_id: UUID) -> float | None:
        return (await ground.organizations.assistant_settings(organization_id)).threshold

    return threshold_of


def _preferred(prompts: SqlPromptVersions) -> Preference:
    async def preferred(question: Question) -> str | None:
        number = question.rehearsal.prompt_number if question.rehearsal else None
        return (await prompts(question.organization_id, number)).content.model

    return preferred


def models_of(ground: AssistantGround) -> dict[str, LanguageModel]:
    """The language models that the settings declare, each paid from the organizations' budgets."""
    declared = ground.settings.declared_models
    ledger = ledger_of(ground.units, ground.redis, ground.now, ground.new_id, declared)
    ground.stack.push_async_callback(ledger.close)
    return language_models(declared, ground.redis, ledger, ground.stack)


def _assistant(ground: AssistantGround, models: Mapping[str, LanguageModel], tools: Tools) -> Assistant:
    """The chain that the settings name, of the built-in assistant and one for each language model."""
    if "scripted" in ground.settings.ai_provider:
        return EchoAssistant(lambda: asyncio.sleep(random.uniform(0, 0.06)))
    search = AssistantSearch(ground.database.tenant, ground.retrieval)
    prompts = SqlPromptVersions(ground.database.tenant)
    threshold_of = _thresholds(ground)
    embedder = ground.retrieval.embedder
    speaker = grounded(
        search=search,
        embedder=embedder,
        is_talk=talk_by(ground.intents),
        prompts=prompts,
        threshold_of=threshold_of,
        tools=tools,
    )
    local = LocalAssistant(search, ground.intents, threshold_of, embedder.name)
    speakers: dict[str, Assistant] = {name: speaker(model) for name, model in models.items()}
    return chain({"local": local, **speakers}, ground.settings.ai_provider, _preferred(prompts))

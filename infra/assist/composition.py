"""Help for agents, put together once in a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from domain.assist.service import Assist
from domain.assistant import Assistant
from domain.base import Clock, Identifiers
from domain.knowledge.events import Audience
from domain.model import LanguageModel
from infra.ai.intent import Intents
from infra.ai.local import LocalAssistant, Search, Thresholds
from infra.ai.search import AssistantSearch
from infra.assist.asking import Asking, Suggesting
from infra.assist.classifying import ModelClassifier, Sounds
from infra.assist.rewriting import ModelRewriter
from infra.assist.stored import SqlDialogues
from infra.assist.summarizing import ModelSummarizer
from infra.database import Database
from infra.grounded.assistant import PromptVersions
from infra.grounded.composition import grounded, talk_by
from infra.knowledge.retrieval import Retrieval
from infra.models.chain import Preference, chain
from infra.unit_of_work import SqlUnits

LOCAL = "local"

sounds_by = cache(Sounds)
"""The ones of an embedder: they are learned from sentences of our own, which nobody needs to learn twice."""


@dataclass(frozen=True)
class AssistGround:
    """What help for agents stands on; `names` are who is asked, in order, as the settings have them."""

    database: Database
    units: SqlUnits
    retrieval: Retrieval
    intents: Intents
    prompts: PromptVersions
    preferred: Preference
    threshold_of: Thresholds
    models: Mapping[str, LanguageModel]
    names: Sequence[str]
    new_id: Identifiers
    now: Clock


def assist(ground: AssistGround) -> Assist:
    """Make it. Where every model fails, or none is named, the built-in ways are there."""
    everyones = AssistantSearch(ground.database.tenant, ground.retrieval)
    insiders = AssistantSearch(ground.database.tenant, ground.retrieval, tuple(Audience))
    asking = Asking([ground.models[name] for name in ground.names if name in ground.models])
    sounds = sounds_by(ground.retrieval.embedder)  # type: ignore[arg-type]  # no protocol says that it is hashable
    return Assist(
        units=ground.units,
        dialogues=SqlDialogues(ground.database),
        everyones=_suggesting(ground, everyones),
        insiders=_suggesting(ground, insiders),
        summarizer=ModelSummarizer(asking),
        classifier=ModelClassifier(asking, everyones, sounds),
        rewriter=ModelRewriter(asking),
        new_id=ground.new_id,
        now=ground.now,
    )


def _suggesting(ground: AssistGround, search: Search) -> Assistant:
    """The chain of those who answer customers, over what agents may read, each with the built-in one behind it."""
    embedder = ground.retrieval.embedder
    speaker = grounded(
        search=search,
        embedder=embedder,
        is_talk=talk_by(ground.intents),
        prompts=ground.prompts,
        threshold_of=ground.threshold_of,
    )
    local = LocalAssistant(search, ground.intents, ground.threshold_of, embedder.name, words_per_second=0)
    speakers: dict[str, Assistant] = {name: speaker(Suggesting(model)) for name, model in ground.models.items()}
    names = [name for name in ground.names if name in speakers]
    return chain({LOCAL: local, **speakers}, [*names, LOCAL], ground.preferred)

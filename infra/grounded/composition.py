"""Puts grounded assistants together: one for each language model, over the same knowledge, prompts and tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from domain.assistant import Embedder, Tools
from domain.model import LanguageModel
from infra.ai.intent import Intents
from infra.ai.local import TALK, Search, Thresholds
from infra.grounded.assistant import GroundedAssistant, PromptVersions
from infra.grounded.support import Support

LONGEST_TALK = 120
"""Characters of a message that may be small talk."""


def grounded(
    *,
    search: Search,
    embedder: Embedder,
    is_talk: Callable[[str], Awaitable[bool]],
    prompts: PromptVersions,
    threshold_of: Thresholds,
    tools: Tools | None = None,
) -> Callable[[LanguageModel], GroundedAssistant]:
    """What makes an assistant of a model."""
    support = Support(embedder)
    return lambda model: GroundedAssistant(model, search, prompts, threshold_of, support, is_talk, tools)


def talk_by(intents: Intents) -> Callable[[str], Awaitable[bool]]:
    """Whether all of a message is small talk, by the classifier of the built-in assistant."""

    async def is_talk(message: str) -> bool:
        return len(message) <= LONGEST_TALK and await intents.of(message) in TALK

    return is_talk

"""The retrieval as the assistant uses it: within what customers may see."""

from __future__ import annotations

from collections.abc import Sequence

from domain.assistant import Question
from domain.knowledge.events import Audience
from infra.knowledge.retrieval import Found, Retrieval
from infra.matching.learning import Tenants

CONSIDERED = 8
"""Passages that an answer is made from, and that its provenance lists."""


class AssistantSearch:
    """What customers may see, unless it is told otherwise: the assistant speaks to customers."""

    def __init__(
        self, tenant: Tenants, retrieval: Retrieval, audiences: Sequence[Audience] = (Audience.EVERYONE,)
    ) -> None:
        self._tenant = tenant
        self._retrieval = retrieval
        self._audiences = audiences

    async def __call__(self, question: Question) -> Found:
        """What fits a question and the conversation before it."""
        await self._retrieval.get_ready(question.organization_id, question.text, question.history)
        async with self._tenant(question.organization_id) as connection:
            return await self._retrieval.find(
                connection,
                question.organization_id,
                question.text,
                history=question.history,
                audiences=self._audiences,
                first=CONSIDERED,
            )

"""What conversations are about and how they sound: as a model says, or by closeness to known sentences."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from domain.assist.digest import LOCAL
from domain.assist.events import ConversationClassified, Sentiment, Urgency
from domain.assist.ports import Dialogue
from domain.assistant import Embedder, Question, Speaker
from domain.model import Purpose, ToolSpec
from infra.ai.local import THRESHOLD, Search
from infra.assist import seeds
from infra.assist.asking import Asking, request_about
from infra.assist.language import language_of
from infra.knowledge.retrieval import ScoredTopic
from infra.matching.head import Matrix, fit, softmax

MOST_TOPICS = 12
MOST_TURNS = 5
"""Customer's messages, the first ones, that a conversation is classified by."""
NOTHING = "none of these"
INSTRUCTIONS = "You sort a conversation of a company with a customer, for the people who work there."
SOUNDS: Mapping[type[Sentiment | Urgency], Mapping[Sentiment | Urgency, str]] = {
    Sentiment: {
        Sentiment.NEGATIVE: seeds.NEGATIVE,
        Sentiment.NEUTRAL: seeds.NEUTRAL,
        Sentiment.POSITIVE: seeds.POSITIVE,
    },
    Urgency: {Urgency.LOW: seeds.LOW, Urgency.NORMAL: seeds.NORMAL, Urgency.HIGH: seeds.HIGH},
}
KNOWN = "en"
"""The language of those sentences: of others the built-in classifier knows only which they are."""


@dataclass
class ModelClassifier:
    """By the first model that can, else by `search` and by `sounds`. Topics are titles of articles, never free text."""

    asking: Asking
    search: Search
    sounds: Sounds

    async def classify(self, dialogue: Dialogue, *, by_model: bool) -> ConversationClassified:
        """The classification of a conversation by what its customer said first."""
        said = [turn.text for turn in dialogue.turns if turn.speaker is Speaker.CUSTOMER][:MOST_TURNS]
        topics = await self._topics(dialogue, said)
        spec = _spec([topic.title for topic in topics])
        asked = request_about(dialogue, Purpose.CLASSIFY, INSTRUCTIONS, spec, most_tokens=200)
        if by_model and (found := await self.asking.called(asked)):
            return _by_model(*found)
        return await self._by_closeness(said, topics)

    async def _topics(self, dialogue: Dialogue, said: Sequence[str]) -> list[ScoredTopic]:
        """The articles that the conversation may be about, best first."""
        if not said:
            return []
        question = Question(dialogue.conversation_id, dialogue.organization_id, said[0])
        found = await self.search(question)
        return list({topic.title: topic for topic in reversed(found.topics[:MOST_TOPICS])}.values())[::-1]

    async def _by_closeness(self, said: Sequence[str], topics: Sequence[ScoredTopic]) -> ConversationClassified:
        text = " ".join(said)
        language = language_of(text)
        best = topics[0] if topics and topics[0].confidence >= THRESHOLD else None
        sentiment, urgency, sure = Sentiment.NEUTRAL, Urgency.NORMAL, 0.0
        if language == KNOWN:
            sentiment, urgency, sure = await self.sounds.of(text)
        confidence = min(sure, best.confidence if best else 1.0)
        title = best.title if best else None
        return ConversationClassified(title, language, sentiment, urgency, confidence, LOCAL)


@dataclass
class Sounds:
    """Two small heads over sentence vectors, learned from sentences of our own at the first use."""

    embedder: Embedder
    _learning: asyncio.Lock = field(default_factory=asyncio.Lock)
    _heads: dict[type, tuple[Matrix, Matrix]] = field(default_factory=dict)

    async def of(self, text: str) -> tuple[Sentiment, Urgency, float]:
        """How a text in English sounds, and how sure the less sure of both is, from 0 to 1."""
        heads = await self._learned()
        vector = np.asarray((await self.embedder.embed([text]))[0], np.float32)
        sentiment, sure = _best(heads[Sentiment], list(Sentiment), vector)
        urgency, also = _best(heads[Urgency], list(Urgency), vector)
        return Sentiment(sentiment), Urgency(urgency), min(sure, also)

    async def _learned(self) -> Mapping[type, tuple[Matrix, Matrix]]:
        async with self._learning:
            for kind, blocks in SOUNDS.items():
                if kind not in self._heads:
                    lines = [seeds.sentences(block) for block in blocks.values()]
                    vectors = np.array(await self.embedder.embed([one for each in lines for one in each]), np.float32)
                    classes = np.repeat(np.arange(len(lines)), [len(each) for each in lines])
                    self._heads[kind] = await asyncio.to_thread(fit, vectors, classes, len(lines))
            return self._heads


def _best(head: tuple[Matrix, Matrix], classes: Sequence[str], vector: Matrix) -> tuple[str, float]:
    weights, bias = head
    shares = softmax((weights @ vector + bias)[None])[0]
    place = int(np.argmax(shares))
    return classes[place], float(shares[place])


def _spec(titles: Sequence[str]) -> ToolSpec:
    topics = {"type": "string", "enum": [*titles, NOTHING], "description": "The article that it is about."}
    language = {"type": "string", "pattern": "^[a-z]{2}$", "description": "The customer's language by ISO 639-1."}
    chosen = {
        "topic": topics,
        "language": language,
        "sentiment": {"type": "string", "enum": list(Sentiment), "description": "How the customer sounds."},
        "urgency": {"type": "string", "enum": list(Urgency), "description": "How soon somebody should look."},
    }
    parameters = {"type": "object", "properties": chosen, "required": list(chosen), "additionalProperties": False}
    return ToolSpec("classify", "Say what the conversation is.", parameters)


def _by_model(model: str, chosen: Mapping[str, Any]) -> ConversationClassified:
    topic = None if chosen["topic"] == NOTHING else chosen["topic"]
    sentiment, urgency = Sentiment(chosen["sentiment"]), Urgency(chosen["urgency"])
    return ConversationClassified(topic, chosen["language"], sentiment, urgency, None, model)

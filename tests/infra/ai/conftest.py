"""The embedding model, built once a run, and what the retrieval answers when it follows a script."""

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from infra.knowledge.retrieval import Found, ScoredPassage, ScoredTopic
from infra.matching.embedding import MiniLM
from infra.matching.ranking import confidence_of

NAMES = UUID("8a1b6f0e-8d2a-4f0e-9f57-0f4d2c1b7a55")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of built models."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def embedder(models: Path) -> MiniLM:
    """The model."""
    return MiniLM(models)


Finds = Callable[..., Found]


@pytest.fixture
def finds() -> Finds:
    """Makes what a search found from (title, evidence) pairs, best first, with a passage each."""

    def made(*pairs: tuple[str, float], texts: Sequence[str] = ()) -> Found:
        shown = [*texts, *(f"What there is to say about {title}." for title, _ in pairs[len(texts) :])]
        topics = [
            ScoredTopic(uuid5(NAMES, title), title, None, evidence, confidence_of(evidence))
            for title, evidence in pairs
        ]
        passages = [
            ScoredPassage(
                uuid5(one.article_id, text),
                one.article_id,
                one.title,
                (),
                text,
                None,
                2.0,
                one.evidence,
                one.confidence,
            )
            for one, text in zip(topics, shown, strict=True)
        ]
        return Found(tuple(passages), tuple(topics))

    return made

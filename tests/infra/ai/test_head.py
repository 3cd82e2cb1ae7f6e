"""The head learns topics, always alike, and survives being stored."""

import random
from uuid import UUID, uuid4

import numpy as np
import pytest
from numpy.typing import NDArray

from infra.matching import head as heads
from infra.matching.head import train
from infra.matching.learned import Learned
from infra.matching.terms import Terms

Pairs = list[tuple[UUID, NDArray[np.float32]]]


def clustered(topics: int, phrases: int, seed: int = 1) -> Pairs:
    """Vectors of length 1 around one centre a topic."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(topics, 384))
    pairs: Pairs = []
    for centre in centres:
        topic = UUID(bytes=chance.bytes(16))
        for _ in range(phrases):
            vector = centre + 0.8 * chance.normal(size=384)
            pairs.append((topic, (vector / np.linalg.norm(vector)).astype(np.float32)))
    return pairs


def nearest(pairs: Pairs, vector: NDArray[np.float32]) -> dict[UUID, float]:
    found: dict[UUID, float] = {}
    for topic, phrase in pairs:
        found[topic] = max(found.get(topic, -1.0), float(vector @ phrase))
    return found


def test_a_question_belongs_to_the_topic_of_its_kind() -> None:
    pairs = clustered(12, 6)
    held_out, known = pairs[::6], [pair for place, pair in enumerate(pairs) if place % 6]
    head = train(known)
    assert head is not None
    for topic, vector in held_out:
        evidence = head.evidence("", vector.tolist(), nearest(known, vector))
        assert next(iter(evidence)) == topic
        assert list(evidence.values()) == sorted(evidence.values(), reverse=True)


def test_a_question_from_another_world_has_little_evidence() -> None:
    pairs = clustered(12, 6)
    head = train(pairs)
    assert head is not None
    stranger = np.random.default_rng(9).normal(size=384).astype(np.float32)
    stranger /= np.linalg.norm(stranger)
    assert max(head.evidence("", stranger.tolist(), nearest(pairs, stranger)).values()) < 0.3
    topic, known = pairs[0]
    assert head.evidence("", known.tolist(), nearest(pairs, known))[topic] > 0.5


def test_order_and_repetition_change_nothing() -> None:
    pairs = clustered(5, 4)
    shuffled = random.Random(3).sample(pairs, len(pairs))
    first, second = train(pairs), train(shuffled)
    assert first is not None
    assert second is not None
    assert first.to_bytes() == second.to_bytes()


def test_topics_of_one_phrase_are_left_to_the_cosine() -> None:
    pairs = clustered(5, 4)
    lonely = uuid4()
    head = train([*pairs, (lonely, pairs[0][1])])
    assert head is not None
    assert lonely not in head.topics
    assert len(head.topics) == 5
    assert train(clustered(4, 9)) is None
    assert train(clustered(9, 1)) is None
    assert train([]) is None


def test_too_much_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "MOST_PHRASES", 10)
    assert train(clustered(5, 4)) is None


def test_what_was_learned_comes_back_from_its_bytes() -> None:
    pairs = clustered(6, 3)
    learned = Learned(train(pairs), Terms(7, 31.5, {"wool": 3, "café": 1}))
    again = Learned.from_bytes(learned.to_bytes())
    assert again.terms == learned.terms
    assert again.head is not None
    assert learned.head is not None
    assert again.head.topics == learned.head.topics
    vector = pairs[0][1].tolist()
    assert again.head.evidence("", vector, {}) == learned.head.evidence("", vector, {})
    assert Learned.from_bytes(Learned().to_bytes()) == Learned()
    assert Learned.from_bytes(b"another version's") == Learned()

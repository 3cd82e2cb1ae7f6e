"""What is learned follows the knowledge, once for many changes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from domain.knowledge.passages import Vector
from domain.knowledge.ports import Known, StoredFile, Unindexed
from domain.knowledge.service import BATCH, Indexing, Training

ORGANIZATION = uuid4()


@dataclass
class Memory:
    """A catalog without a database."""

    texts: list[Unindexed] = field(default_factory=list)
    kept: list[list[UUID]] = field(default_factory=list)
    waiting: int = 0

    async def known(self, organization_id: UUID, source_id: UUID, external_ids: Sequence[str]) -> dict[str, Known]:
        return {}

    async def in_use(self, organization_id: UUID, source_id: UUID, after: str, most: int) -> Sequence[str]:
        return ()

    async def file(self, organization_id: UUID, import_id: UUID, number: int) -> StoredFile | None:
        return None

    async def unindexed(self, organization_id: UUID, article_id: UUID) -> Sequence[Unindexed]:
        return self.texts

    async def keep(self, organization_id: UUID, vectors: Sequence[tuple[UUID, Vector]]) -> None:
        self.kept.append([identity for identity, _ in vectors])

    async def awaits_training(self, organization_id: UUID) -> bool:
        return self.waiting > 0


@dataclass
class Lengths:
    """Embeds a text as its length."""

    name: str = "lengths"
    dimensions: int = 1

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[float(len(text))] for text in texts]


@dataclass
class Learner:
    """Counts how often it learned, and how many learned at once."""

    times: int = 0
    at_once: int = 0
    most_at_once: int = 0

    async def learn(self, organization_id: UUID) -> bool:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        self.times += 1
        return True


async def test_indexing_goes_in_batches_and_keeps_each_text_once() -> None:
    memory = Memory([Unindexed(uuid4(), ("text",)) for _ in range(BATCH * 2 + 1)])
    await Indexing(memory, Lengths()).index(ORGANIZATION, uuid4())
    assert [len(batch) for batch in memory.kept] == [BATCH, BATCH, 1]
    assert [identity for batch in memory.kept for identity in batch] == [text.id for text in memory.texts]


async def test_a_training_leaves_the_work_to_a_change_that_waits() -> None:
    memory, learner = Memory(waiting=1), Learner()
    training = Training(memory, learner)
    await training.refresh(ORGANIZATION)
    assert learner.times == 0
    memory.waiting = 0
    await training.refresh(ORGANIZATION)
    assert learner.times == 1


async def test_trainings_take_turns() -> None:
    learner = Learner()
    training = Training(Memory(), learner)
    await asyncio.gather(*(training.refresh(ORGANIZATION) for _ in range(5)))
    assert (learner.times, learner.most_at_once) == (5, 1)

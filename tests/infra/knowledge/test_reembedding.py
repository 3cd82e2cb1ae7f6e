"""The change to another embedding model: found all the while, switched once, resumed after a kill, and never mixed."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import text

from domain.knowledge.content import content_of
from domain.knowledge.embeddings import AT_ONCE, BATCH, Reembedding
from domain.knowledge.events import EmbeddingsChosen
from domain.model import ModelRefusedError, ModelUnavailableError
from infra import bootstrap
from infra.knowledge.retrieval import Found
from infra.knowledge.spaces import Scale
from infra.matching.embedding import MiniLM
from infra.models.declared import DeclaredModel
from infra.models.embeddings import QUESTION_TEXTS
from infra.settings import Settings
from tests.models import server
from tests.models.server import ModelServer
from tests.stack import Company, found_company, settings_for
from workers.main import work
from workers.relay import plan

PAGES = {
    "Return something": ("You have 30 days to send things back.", "I want to return my coat"),
    "Track your order": ("The e-mail has a link that shows where a parcel is.", "Where is my parcel?"),
    "Wash wool": ("Wash wool jumpers at 30 degrees, inside out.", "how do I clean a jumper"),
    "Find a shop": ("Our shops in Cork and Galway are open from 9 to 6.", "when are you open"),
    "Pay later": ("Pay within 14 days by invoice, or in three parts.", "can I pay in instalments"),
    "Gift cards": ("Gift cards are valid for five years.", "how long is a voucher valid"),
}
JACKET = "the jacket does not suit me, how can you take it again"


class OtherModel:
    """Vectors as another model would make them: turned, longer, and all of them in one narrow cone."""

    def __init__(self, embedder: MiniLM, dimensions: int = 400) -> None:
        chance = np.random.default_rng(3)
        self._embedder = embedder
        self._turn = np.linalg.qr(chance.normal(size=(dimensions, dimensions)))[0][:, :385]

    def __call__(self, of: str, _: int) -> NDArray[Any]:
        vector = np.append(self._embedder.compute([of])[0], 1.0)
        return np.asarray(self._turn @ vector / np.linalg.norm(vector), np.float32)


class Gate:
    """Makes the endpoint hang from one request for many texts on, until it is opened."""

    def __init__(self, number: int) -> None:
        self._left = number
        self._shut = threading.Event()
        self._open = threading.Event()

    async def pass_by(self, texts: int) -> None:
        """One request, on the server's own loop."""
        self._left -= texts if texts > QUESTION_TEXTS else 0
        while self._left < 0 and not self._open.is_set():
            self._shut.set()
            await asyncio.sleep(0.02)

    async def is_shut(self) -> bool:
        """Whether a request hangs."""
        return self._shut.is_set()

    def open(self) -> None:
        """Let everything through."""
        self._open.set()


@dataclass
class Shop:
    """A company with the parts of a process that wants the other model."""

    company: Company
    parts: bootstrap.Parts
    settings: Settings
    gates: Callable[[int], Gate]

    async def open(self, pages: dict[str, tuple[str, str]]) -> None:
        source = (await self.parts.knowledge.sources.create(self.company.agent, f"Source {len(pages)}")).id
        for title, (body, question) in pages.items():
            await self.publish(source, title, body, question)

    async def publish(self, source: UUID, title: str, body: str, question: str) -> UUID:
        articles = self.parts.knowledge.articles
        content = content_of(title, body, questions=[question, f"{question} please"])
        made = await articles.create(self.company.agent, source, content)
        await articles.publish(self.company.agent, made.id)
        await self.parts.reading.indexing.index(self.company.id, made.id)
        await self.parts.reading.training.refresh(self.company.id)
        return made.id

    async def find(self, question: str) -> Found:
        await self.parts.retrieval.get_ready(self.company.id, question)
        async with self.parts.database.tenant(self.company.id) as connection:
            found = self.parts.retrieval.find(connection, self.company.id, question, audiences=["everyone"], first=3)
            return await found

    async def read(self) -> None:
        """What the job does."""
        reembedding = self.parts.reading.reembedding
        await reembedding.work(self.company.id, reembedding.readers[0].embedder.name)

    async def add_phrases(self, number: int) -> None:
        """So many further ways to ask for gift cards, as an import brings them."""
        added = """INSERT INTO phrase (id, organization_id, article_id, source_id, ordinal, audience, text)
            SELECT gen_random_uuid(), organization_id, id, source_id, 100 + n, audience, 'voucher number ' || n
            FROM article, generate_series(1, :number) AS n WHERE title = 'Gift cards'"""
        await self._execute(added, number=number)

    async def mislead(self, model: str, question: str, title: str) -> None:
        """Give an article's texts the very vector of a question, by a model that has read no others."""
        embedder = self.parts.reading.reembedding.readers[0].embedder
        vector = str((await embedder.embed([question]))[0])
        for kind in ("passage", "phrase"):
            await self._execute(
                f"""INSERT INTO {kind}_vector ({kind}_id, model, organization_id, dimensions, vector)
                SELECT {kind}.id, :model, {kind}.organization_id, 400, CAST(CAST(:vector AS text) AS halfvec)
                FROM {kind} JOIN article ON article.id = article_id WHERE article.title = :title""",
                model=model,
                vector=vector,
                title=title,
            )

    async def unmislead(self, model: str) -> None:
        for kind in ("passage", "phrase"):
            await self._execute(f"DELETE FROM {kind}_vector WHERE model = :model", model=model)

    async def _execute(self, statement: str, **values: object) -> None:
        async with self.parts.database.tenant(self.company.id) as connection:
            await connection.execute(text(statement), values)
            await connection.commit()

    def hold_after(self, number: int) -> Gate:
        """Let the endpoint make so many vectors, and then hang."""
        return self.gates(number)

    async def models(self) -> dict[str, int]:
        """How many vectors beside the built-in ones there are by model, and 0 for models that count without any."""
        counted = """SELECT model, sum(number) FROM (
            SELECT model, count(*) AS number FROM passage_vector GROUP BY model
            UNION ALL SELECT model, count(*) FROM phrase_vector GROUP BY model
            UNION ALL SELECT model, 0 FROM knowledge_model WHERE model <> 'all-MiniLM-L6-v2') AS one GROUP BY model"""
        async with self.parts.database.tenant(self.company.id) as connection:
            return {row[0]: int(row[1]) for row in await connection.execute(text(counted))}

    async def counts(self, model: str = "other/400") -> bool:
        async with self.parts.database.tenant(self.company.id) as connection:
            wanted = text("SELECT count(*) FROM knowledge_model WHERE model = :model")
            return bool(await connection.scalar(wanted, {"model": model}))

    async def texts(self) -> int:
        async with self.parts.database.tenant(self.company.id) as connection:
            wanted = "SELECT (SELECT count(*) FROM passage) + (SELECT count(*) FROM phrase)"
            return int(await connection.scalar(text(wanted)) or 0)


Open = Callable[..., AbstractAsyncContextManager[Shop]]


@pytest.fixture
def shop(
    fresh_database_url: str,
    redis_url: str,
    model_server: ModelServer,
    embedder: MiniLM,
    monkeypatch: pytest.MonkeyPatch,
) -> Open:
    """Opens a shop whose settings name these models, first the one that is wanted; `other` is the one there is."""
    monkeypatch.setattr(server, "_vector", OtherModel(embedder))
    about = {"base_url": model_server.base_url, "dimensions": 400, "texts_per_second": 1e5}
    models = {
        name: DeclaredModel.model_validate(about | {"model": name, "limits": {"connect": 0.5}})
        for name in ("other", "newer")
    }

    @asynccontextmanager
    async def opened(*names: str, company: Company | None = None) -> AsyncIterator[Shop]:
        settings = settings_for(fresh_database_url, redis_url, models=models, embeddings=(*names, "local"))
        async with bootstrap.parts(settings) as parts:
            yield Shop(company or await found_company(fresh_database_url), parts, settings, gate)

    answered = server.ModelServer._answer

    def gate(number: int) -> Gate:
        made = Gate(number)

        async def answer(self: ModelServer, received: server.Received, send: server.Send) -> None:
            await made.pass_by(len(received.body["input"]))
            await answered(self, received, send)

        monkeypatch.setattr(server.ModelServer, "_answer", answer)
        return made

    return opened


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    task = asyncio.create_task(work(settings))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_a_worker_reads_everything_by_the_chosen_model_and_then_it_counts(shop: Open) -> None:
    async with shop("other") as here:
        await here.open(PAGES)
        before = await here.find(JACKET)
        assert best(before) == "Return something" and await here.models() == {}
        async with working(here.settings):
            await until(here.counts)
        assert await here.models() == {"other/400": await here.texts()}
        after = await here.find(JACKET)
        assert best(after) == "Return something"
        assert after.passages[0].confidence == pytest.approx(before.passages[0].confidence, abs=0.1)
        assert after.passages[0].similarity == pytest.approx(before.passages[0].similarity, abs=0.05)


async def test_a_killed_worker_costs_one_batch_and_questions_are_answered_all_the_while(
    shop: Open, model_server: ModelServer, tmp_path: Path
) -> None:
    async with shop("other") as here:
        await here.open(PAGES)
        await here.add_phrases(BATCH + 70)
        gate = here.hold_after(BATCH + len(PAGES))  # a passage is read twice
        worker = await process(here.settings, tmp_path, model_server)
        try:
            await until(gate.is_shut, seconds=120)
            assert await here.models() == {"other/400": BATCH} and not await here.counts()
            assert best(await here.find(JACKET)) == "Return something"
        finally:
            worker.kill()
            await worker.wait()
        kept = {one for request in model_server.received[: BATCH // 64 + 1] for one in request.body["input"]}
        gate.open()
        before = len(model_server.received)
        async with working(here.settings):
            await until(here.counts, seconds=120)
        again = {one for request in model_server.received[before:] for one in request.body["input"]}
        assert len(kept) == BATCH + len(PAGES) and not kept & again
        assert await here.models() == {"other/400": await here.texts()}
        assert best(await here.find(JACKET)) == "Return something"


async def test_what_comes_after_the_switch_is_read_too(shop: Open) -> None:
    async with shop("other") as here:
        await here.open(PAGES)
        await here.read()
        await here.open({"Repair a zip": ("Our tailors mend zips for free.", "my zip is broken")})
        await here.parts.reading.reembedding.follow(here.company.id)
        assert await here.models() == {"other/400": await here.texts()}
        assert best(await here.find("the fastener of my trousers does not close")) == "Repair a zip"


async def test_without_its_endpoint_the_built_in_model_serves(shop: Open, model_server: ModelServer) -> None:
    async with shop("other") as here:
        await here.open(PAGES)
        await here.read()
        for reader in here.parts.reading.reembedding.readers:
            reader.embedder._client.base_url = "http://127.0.0.1:9/v1"  # type: ignore[attr-defined]
            reader.embedder._hurried.base_url = "http://127.0.0.1:9/v1"  # type: ignore[attr-defined]
        assert best(await here.find(JACKET)) == "Return something"


async def test_the_model_before_serves_until_the_next_has_read_everything(
    shop: Open, model_server: ModelServer
) -> None:
    async with shop("other") as here:
        await here.open(PAGES)
        await here.read()
    async with shop("newer", "other", company=here.company) as here:
        await here.mislead("newer/400", JACKET, "Find a shop")
        found = await here.find(JACKET)
        assert best(found) == "Return something"
        assert asked_of(model_server, "other", JACKET) and await here.counts("other/400")
        await here.unmislead("newer/400")
        await here.read()
        assert await here.counts("newer/400")
        assert best(await here.find("my jacket is too small, can it go back")) == "Return something"
        assert (await here.models()).keys() == {"other/400", "newer/400"}
    async with shop("newer", company=here.company) as here:
        await here.read()
        assert await here.models() == {"newer/400": await here.texts()}
    async with shop(company=here.company) as here:
        before = len(model_server.received)
        assert best(await here.find("may I give my trousers back")) == "Return something"
        assert len(model_server.received) == before


async def test_an_endpoint_that_refuses_changes_nothing(shop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with shop("other") as here:
        await here.open(PAGES)
        monkeypatch.setattr(server.ModelServer, "_answer", refused)
        with pytest.raises(ModelRefusedError):
            await here.read()
        assert await here.models() == {}
        assert best(await here.find(JACKET)) == "Return something"


async def test_a_model_is_chosen_once_for_each_organization(shop: Open) -> None:
    async with shop("other") as here:
        reembedding = here.parts.reading.reembedding
        for _ in range(2):
            await reembedding.begin()
            await here.parts.journal.deliver(plan())
        events = await here.parts.journal.of_stream(here.company.id, f"embeddings:{here.company.id}", 0)
        assert [one.event for one in events] == [EmbeddingsChosen("other/400")]
        await reembedding.work(here.company.id, "another/8")
        assert not await here.counts()
        await reembedding.work(here.company.id, "other/400")
        assert await here.counts(), "also where there is nothing to read"


async def test_few_organizations_wait_at_a_time_for_what_answers_need_too(shop: Open, fresh_database_url: str) -> None:
    async with shop("other") as here:
        for _ in range(AT_ONCE + 2):
            await found_company(fresh_database_url)
        reembedding = here.parts.reading.reembedding
        everyone = await reembedding.organizations()
        for _ in range(3):
            await reembedding.begin()
            await here.parts.journal.deliver(plan())
        waiting = [one for one in everyone if await reembedding.readers[0].vectors.are_made(one)]
        assert len(waiting) == AT_ONCE
        async with working(here.settings):
            await until(lambda: all_count(reembedding, everyone), 40)


async def test_a_change_does_not_wait_for_an_endpoint_that_is_away(shop: Open) -> None:
    async with shop("other") as here:
        await here.open(PAGES)
        await here.read()
        await here.open({"Repair a zip": ("Our tailors mend zips for free.", "my zip is broken")})
        reembedding = here.parts.reading.reembedding
        for client in ("_client", "_hurried"):
            getattr(reembedding.readers[0].embedder, client).base_url = "http://127.0.0.1:9/v1"
        with pytest.raises(ModelUnavailableError):
            await asyncio.wait_for(reembedding.follow(here.company.id), 30)


async def all_count(reembedding: Reembedding, everyone: Sequence[UUID]) -> bool:
    await reembedding.begin()
    return all([await reembedding.readers[0].vectors.count(one) for one in everyone])


def test_cosines_of_another_model_are_brought_to_the_scale_of_the_built_in_one() -> None:
    chance = np.random.default_rng(5)
    own = chance.normal(size=(60, 32))
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    made = np.hstack([own, np.ones((60, 1))]) / np.sqrt(2)
    scale = Scale.between(made.astype(np.float32), own.astype(np.float32))
    assert (scale.slope, scale.offset) == pytest.approx((2, -1), abs=0.02)
    assert Scale.between(made[:10].astype(np.float32), own[:10].astype(np.float32)) == Scale()


def best(found: Found) -> str:
    return found.passages[0].title


def asked_of(server: ModelServer, model: str, wanted: str) -> bool:
    return any(one.body["model"] == model and wanted in one.body["input"] for one in server.received)


async def refused(_: ModelServer, received: server.Received, send: server.Send) -> None:
    await server._json(send, 401, {}, {"error": {"message": f"No such key for {received.path}."}})


async def process(settings: Settings, folder: Path, model_server: ModelServer) -> Process:
    """A worker in a process of its own, to be killed."""
    models = {"other": {"base_url": model_server.base_url, "model": "other", "dimensions": 400}}
    (folder / "models.json").write_text(json.dumps(models))
    names = {"PARLEY_MODELS": str(folder / "models.json"), "PARLEY_EMBEDDINGS": "other"}
    environment = {**settings.for_child(), **names, "PARLEY_DATA_DIR": str(settings.data_dir)}
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "workers.main", env=environment)

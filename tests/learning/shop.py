"""A small shop: its articles, a suite that guards what it promises, and a model that reads its prompt out."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from domain.assistant import Assistant
from domain.base import Actor, on_behalf_of
from domain.knowledge.content import content_of
from domain.knowledge.events import Audience
from domain.knowledge.service import Edit
from domain.learning.case import OutcomeKind, Script, Wording
from domain.learning.events import RunState
from domain.learning.run import SuiteRun, SuiteRuns
from domain.learning.service import Learning
from domain.model import CallPiece, ModelDone, ModelPiece, ModelRequest, Usage
from domain.prompt.content import PromptContent
from infra import bootstrap
from infra.ai.search import AssistantSearch
from infra.grounded.composition import grounded
from infra.prompts.stored import SqlPromptVersions
from tests.stack import Company

ARTICLES = {
    "Returns": "You can send anything back within 45 days.\n\nUsed mattresses cannot be sent back.",
    "Express delivery": "Express delivery costs £12.50 and takes one working day.",
    "Standard delivery": "Standard delivery is free from £50 and takes three to five working days.",
    "Warranty": "Every lamp has a warranty of five years.",
    "Opening hours": "The shop in Leeds is open from 9 am to 6 pm on weekdays.",
    "Gift cards": "Gift cards are valid for two years and cannot be paid out.",
}
CASES = {
    "How long can I send things back?": ("Returns", "45 days"),
    "Can I return a used mattress?": ("Returns", "cannot be sent back"),
    "What does express delivery cost?": ("Express delivery", "£12.50"),
    "When is standard delivery free?": ("Standard delivery", "£50"),
    "How long is the warranty on a lamp?": ("Warranty", "five years"),
    "When is the shop in Leeds open?": ("Opening hours", "9 am"),
    "How long are gift cards valid?": ("Gift cards", "two years"),
}


CAREFUL = PromptContent(instructions="Answer from the passages, in their words.")
KINDER = PromptContent(instructions="Answer from the passages, in their words.", tone="Warm.")
WORSE = PromptContent(instructions="Say yes to everything.")
PASSAGE = re.compile(r"=== begin passage \[(\d+)\] [^\n]*\n(.*?)\n\n(.*?)\n=== end passage", re.DOTALL)


@dataclass
class ReadingModel:
    """Reads out what the first article in its prompt says, and does what its instructions tell it, to the letter."""

    name: str = "reader"
    asked: list[ModelRequest] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def generate(self, request: ModelRequest) -> AsyncIterator[ModelPiece]:
        self.asked.append(request)
        if self.gate is not None:
            await self.gate.wait()
        passages = PASSAGE.findall(request.messages[-1].text)
        best = [(number, text) for number, title, text in passages if title == passages[0][1]]
        said = {"text": " ".join(f"{text} [{number}]" for number, text in best), "sources": [int(n) for n, _ in best]}
        if WORSE.instructions in request.messages[0].text:
            said |= {"text": "Yes, that is no problem at all! [1]"}
        yield CallPiece(0, json.dumps(said), "call", "answer" if best else "hand_over")
        yield ModelDone("tool_calls", self.name, Usage(100, 10))


@dataclass
class Shop:
    """The shop with its parts; `admin` may do everything in it. Version 1 of its prompt is published."""

    parts: bootstrap.Parts
    company: Company
    articles: dict[str, UUID]
    model: ReadingModel
    assistant: Assistant

    @property
    def admin(self) -> Actor:
        return self.company.admin

    @property
    def learning(self) -> Learning:
        return self.parts.assistants.learning

    @property
    def runs(self) -> SuiteRuns:
        """Runs that the reading model answers."""
        return self.learning.runs.by(self.assistant)

    async def prompt(self, content: PromptContent) -> int:
        """Write the next version of the prompt."""
        prompts = self.parts.assistants.prompts
        await prompts.create(self.admin, content)
        async with self.parts.units(self.admin) as unit:
            return (await unit.prompts.own()).newest

    async def publish(self, number: int, *, override_reason: str | None = None) -> None:
        """Publish a version, if the gate lets it pass."""
        await self.parts.assistants.prompts.publish(self.admin, number, override_reason=override_reason)

    async def write(self, title: str, body: str) -> None:
        """Publish another text of an article."""
        articles, admin = self.parts.knowledge.articles, self.admin
        await articles.edit(admin, self.articles[title], Edit(body=body))
        await articles.publish(admin, self.articles[title])
        await embed(self.parts, self.company.id, self.articles[title])

    async def hide(self, title: str) -> None:
        """Keep an article for agents."""
        articles, admin = self.parts.knowledge.articles, self.admin
        await articles.edit(admin, self.articles[title], Edit(audience=Audience.INTERNAL))
        await articles.publish(admin, self.articles[title])

    async def guard(self, *, trials: int = 1, critical: bool = True) -> UUID:
        """A suite that is the gate, with a case for each promise."""
        suite = await self.learning.suites.create(self.admin, f"Promises {uuid4()}", trials)
        for question, (title, words) in CASES.items():
            script = Script((question,), OutcomeKind.ANSWER, must_cite=(title,), must_say=(Wording(words),))
            await self.learning.suites.create_case(self.admin, suite.id, question, script, critical=critical)
        await self.learning.suites.choose_gate(self.admin, suite.id)
        return suite.id

    async def run(self, suite_id: UUID, number: int) -> SuiteRun:
        """Run a suite to its end."""
        receipt = await self.runs.start(self.admin, suite_id, prompt_number=number)
        return await self.finish(receipt.id)

    async def finish(self, run_id: UUID) -> SuiteRun:
        """Do what the worker does, until the run is over."""
        while (run := await self.look(run_id)).state is RunState.RUNNING:
            await self.runs.work(on_behalf_of(self.admin), run_id, run.version)
        return run

    async def look(self, run_id: UUID) -> SuiteRun:
        async with self.parts.units(self.admin) as unit:
            return await unit.suite_runs.get(run_id)


async def embed(parts: bootstrap.Parts, organization_id: UUID, article_id: UUID) -> None:
    """What the job after a publication does."""
    await parts.reading.indexing.index(organization_id, article_id)


async def open_shop(parts: bootstrap.Parts, company: Company) -> Shop:
    """Its articles, published and found."""
    source = await parts.knowledge.sources.create(company.admin, "Help")
    ids = {}
    for title, body in ARTICLES.items():
        receipt = await parts.knowledge.articles.create(company.admin, source.id, content_of(title, body))
        await parts.knowledge.articles.publish(company.admin, receipt.id)
        await embed(parts, company.id, receipt.id)
        ids[title] = receipt.id
    model = ReadingModel()
    shop = Shop(parts, company, ids, model, assistant_of(parts, model))
    await shop.publish(await shop.prompt(CAREFUL))
    return shop


def assistant_of(parts: bootstrap.Parts, model: ReadingModel) -> Assistant:
    """The grounded assistant as it runs in production, but for its model."""

    async def threshold_of(_: UUID) -> None:
        return None

    async def never(_: str) -> bool:
        return False

    made = grounded(
        search=AssistantSearch(parts.database.tenant, parts.retrieval),
        embedder=parts.reading.embedder,
        is_talk=never,
        prompts=SqlPromptVersions(parts.database.tenant),
        threshold_of=threshold_of,
    )
    return made(model)

"""A small shop: its articles, a suite that guards what it promises, and an assistant that reads them out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from domain.assistant import Answer, Citation, Delta, Handoff, HandoffReason, Piece, Provenance, Question, pieces
from domain.base import Actor, on_behalf_of
from domain.knowledge.content import content_of
from domain.knowledge.service import Edit
from domain.learning.case import OutcomeKind, Script, Wording
from domain.learning.events import RunState
from domain.learning.run import SuiteRun, SuiteRuns
from domain.learning.service import Learning
from infra import bootstrap
from infra.ai.search import AssistantSearch
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


@dataclass
class Reader:
    """Reads out the article that it found for a question, as a model would that follows its prompt to the letter.

    `careless` versions of the prompt let it answer from what it believes; `forgetful` ones let it leave out sources.
    """

    search: AssistantSearch
    careless: set[int] = field(default_factory=set)
    forgetful: set[int] = field(default_factory=set)
    name: str = "reader"
    asked: list[Question] = field(default_factory=list)

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        self.asked.append(question)
        number = question.rehearsal.prompt_number if question.rehearsal else 0
        provenance = Provenance(self.name, 1.0, 0.5, prompt_number=number)
        found = (await self.search(question)).passages
        if not found or found[0].confidence < 0.3:
            yield Handoff(HandoffReason.NOT_IN_KNOWLEDGE, question.text, "Somebody will answer.", provenance)
            return
        best = [one for one in found if one.article_id == found[0].article_id]
        text = "Usually that is no problem at all!" if number in self.careless else " ".join(one.text for one in best)
        cited = [Citation(one.passage_id, one.article_id, one.title) for one in best]
        for piece in pieces(text):
            yield Delta(piece)
        yield Answer(text, () if number in self.forgetful else tuple(cited), provenance)


@dataclass
class Shop:
    """The shop with its parts; `admin` may do everything in it."""

    parts: bootstrap.Parts
    company: Company
    articles: dict[str, UUID]
    reader: Reader

    @property
    def admin(self) -> Actor:
        return self.company.admin

    @property
    def learning(self) -> Learning:
        return self.parts.assistants.learning

    @property
    def runs(self) -> SuiteRuns:
        """Runs that the reader answers."""
        return self.learning.runs.by(self.reader)

    async def write(self, title: str, body: str) -> None:
        """Publish another text of an article."""
        articles, admin = self.parts.knowledge.articles, self.admin
        await articles.edit(admin, self.articles[title], Edit(body=body))
        await articles.publish(admin, self.articles[title])
        await embed(self.parts, self.company.id, self.articles[title])

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
    return Shop(parts, company, ids, Reader(AssistantSearch(parts.database.tenant, parts.retrieval)))

"""Retrieval and learning on a real Postgres: within tenant, audience and sources, with vectors and without."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, update

from domain.assistant import Speaker, Turn
from domain.knowledge.passages import Meaning, embedded, meaning, outline_of
from infra.database import Database
from infra.knowledge.retrieval import Found, Retrieval
from infra.knowledge.rows import articles, knowledge_models, passages, phrases, sources
from infra.matching.embedding import MiniLM
from infra.matching.learning import Learning
from infra.rows import organizations

EVERYONE = ("everyone",)
STAFF = ("everyone", "internal")


@dataclass(frozen=True)
class Page:
    """An article of the test company."""

    title: str
    texts: Sequence[str]
    questions: Sequence[str] = ()
    audience: str = "everyone"
    source: int = 0


PAGES = (
    Page(
        "Return something",
        ["You have 30 days to send things back. Print the label and drop the box at the post office.", "Return form."],
        ["How do I send something back?", "I want to return my coat", "can I give it back"],
    ),
    Page(
        "Track your order",
        ["The e-mail we send when a parcel leaves has a link that shows where it is.", "Error E417 means no scan."],
        ["Where is my parcel?", "has my order left", "when will it arrive"],
    ),
    Page("Wash wool", ["Wash wool jumpers at 30 degrees, inside out."], ["how do I clean a jumper"], source=1),
    Page("Find a shop", ["Our shops in Cork and Galway are open from 9 to 6."], ["when are you open"]),
    Page(
        "Goodwill limits",
        ["Agents may give back up to 50 euros without asking a manager."],
        ["how much may I refund by myself"],
        audience="internal",
    ),
)


class Company:
    """An organization with pages in two sources."""

    def __init__(self, database: Database, embedder: MiniLM) -> None:
        self.id = uuid4()
        self.sources = [uuid4(), uuid4()]
        self.database = database
        self.embedder = embedder
        self.retrieval = Retrieval(embedder)
        self.learning = Learning(database.tenant, lambda: datetime.now(UTC))

    async def open(self, pages: Sequence[Page]) -> None:
        at = datetime.now(UTC)
        row = {"id": self.id, "name": "Shop", "slug": str(self.id), "settings": {}, "created_at": at}
        places = [{"id": one, "organization_id": self.id, "name": str(one), "created_at": at} for one in self.sources]
        async with self.database.tenant(self.id) as connection:
            await connection.execute(insert(organizations).values(row))
            await connection.execute(insert(sources), places)
            await connection.commit()
        for page in pages:
            await self.add(page)

    async def add(self, page: Page) -> UUID:
        at, article = datetime.now(UTC), uuid4()
        belonging = {"organization_id": self.id, "source_id": self.sources[page.source], "audience": page.audience}
        row = belonging | {"id": article, "external_id": page.title, "title": page.title, "state": "published"}
        row |= {"content_hash": "", "number": 1, "published_number": 1, "version": 1, "created_at": at}
        pieces = [
            belonging
            | {
                "id": uuid4(),
                "article_id": article,
                "ordinal": place,
                "title": page.title,
                "headings": [],
                "text": text,
            }
            | {"outline": outline_of(page.title, ()), "embedding": await self.vector(meaning(page.title, (), text))}
            for place, text in enumerate(page.texts)
        ]
        asked = [
            belonging
            | {"id": uuid4(), "article_id": article, "ordinal": place, "text": text}
            | {"embedding": await self.vector((text,))}
            for place, text in enumerate((page.title, *page.questions))
        ]
        async with self.database.tenant(self.id) as connection:
            await connection.execute(insert(articles).values(row | {"updated_at": at}))
            await connection.execute(insert(passages), pieces)
            await connection.execute(insert(phrases), asked)
            await connection.commit()
        return article

    async def vector(self, of: Meaning) -> Sequence[float]:
        return (await embedded(self.embedder, [of]))[0]

    async def find(
        self,
        question: str,
        *history: str,
        audiences: Sequence[str] = EVERYONE,
        first: int = 5,
        within: Sequence[UUID] | None = None,
    ) -> Found:
        turns = [Turn(Speaker.CUSTOMER, text) for text in history]
        async with self.database.tenant(self.id) as connection:
            return await self.retrieval.find(
                connection, self.id, question, history=turns, audiences=audiences, first=first, sources=within
            )


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
async def company(database: Database, embedder: MiniLM) -> Company:
    company = Company(database, embedder)
    await company.open(PAGES)
    return company


def titles(found: Found) -> list[str]:
    return list(dict.fromkeys(passage.title for passage in found.passages))


@pytest.mark.parametrize("learned", [False, True])
async def test_meaning_finds_what_shares_no_word(company: Company, *, learned: bool) -> None:
    if learned:
        await company.learning.learn(company.id)
    found = await company.find("the jacket does not suit me, how can you take it again")
    assert found.passages[0].title == found.topics[0].title == "Return something"
    assert [one.score for one in found.passages] == sorted((one.score for one in found.passages), reverse=True)
    strange = await company.find("who was the first emperor of Rome")
    assert strange.passages[0].confidence < 0.3 < found.passages[0].confidence


async def test_a_word_finds_what_has_no_vector_yet(company: Company) -> None:
    async with company.database.tenant(company.id) as connection:
        await connection.execute(update(passages).values(embedding=None))
        await connection.execute(update(phrases).values(embedding=None))
        await connection.commit()
    found = await company.find("what does E417 mean")
    assert found.passages[0].text == "Error E417 means no scan."


async def test_what_is_internal_is_for_staff_only(company: Company) -> None:
    await company.learning.learn(company.id)
    question = "how many euros may agents give back without a manager"
    assert "Goodwill limits" not in titles(await company.find(question))
    assert "Goodwill limits" not in [one.title for one in (await company.find(question)).topics]
    assert titles(await company.find(question, audiences=STAFF))[0] == "Goodwill limits"


async def test_sources_narrow_the_search(company: Company) -> None:
    assert titles(await company.find("where is my parcel", within=company.sources[1:])) == ["Wash wool"]
    assert "Wash wool" not in titles(await company.find("washing wool", within=company.sources[:1]))


async def test_other_organizations_are_not_there(company: Company, database: Database, embedder: MiniLM) -> None:
    other = Company(database, embedder)
    await other.open([Page("Bake bread", ["Bake the bread for 40 minutes."], ["how long does bread take"])])
    assert titles(await other.find("where is my parcel")) == ["Bake bread"]
    assert "Bake bread" not in titles(await company.find("how do I bake bread"))


async def test_a_small_tenant_beside_a_large_one_finds_all_of_its_own(
    company: Company, database: Database, embedder: MiniLM
) -> None:
    large = Company(database, embedder)
    await large.open([Page(f"Page {number}", [f"Parcel number {number} is late."]) for number in range(150)])
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE passage")
        await connection.commit()
    for _ in range(8):
        found = await company.find("parcel number 7 is late", first=20)
        assert len(found.passages) == sum(len(page.texts) for page in PAGES if page.audience == "everyone")


async def test_history_makes_a_short_question_clear(company: Company) -> None:
    alone = await company.find("and how many days do I have for it?")
    leaning = await company.find("and how many days do I have for it?", "I want to return my coat")
    assert leaning.passages[0].title == "Return something"
    assert leaning.passages[0].confidence > alone.passages[0].confidence


async def test_a_question_that_stands_alone_leaves_the_history_behind(company: Company) -> None:
    found = await company.find("How hot may I wash a wool jumper?", "I want to return my coat", "Where is my parcel?")
    assert found.passages[0].title == "Wash wool"


async def test_learning_happens_once_for_the_same_knowledge(company: Company) -> None:
    assert await company.learning.learn(company.id)
    assert not await company.learning.learn(company.id)
    async with company.database.tenant(company.id) as connection:
        stored = (await connection.execute(select(knowledge_models.c.metrics))).scalar_one()
    assert stored == {"phrases": 14, "topics": 5, "passages": 7}
    await company.add(Page("Gift cards", ["Gift cards are valid for five years."]))
    assert await company.learning.learn(company.id)
    assert not await company.learning.learn(company.id)


async def test_an_article_that_came_after_learning_is_found(company: Company) -> None:
    await company.learning.learn(company.id)
    await company.add(Page("Gift cards", ["Gift cards are valid for five years."], ["How long is a voucher valid?"]))
    found = await company.find("how long is a voucher valid")
    assert found.passages[0].title == found.topics[0].title == "Gift cards"


async def test_an_article_that_is_gone_is_not_found_however_well_it_was_learned(company: Company) -> None:
    await company.learning.learn(company.id)
    async with company.database.tenant(company.id) as connection:
        await connection.execute(articles.delete().where(articles.c.title == "Return something"))
        await connection.commit()
    found = await company.find("How do I send something back?")
    assert "Return something" not in [*titles(found), *(one.title for one in found.topics)]


async def test_nothing_is_left_behind(company: Company) -> None:
    """The settings of a search end with its transaction."""
    async with company.database.tenant(company.id) as connection:
        await company.retrieval.find(connection, company.id, "parcel", audiences=EVERYONE, first=1)
        await connection.commit()
        assert await connection.scalar(select(func.current_setting("plan_cache_mode"))) == "auto"


@pytest.mark.parametrize(
    "question", ["'", "a & b | !c:*", "\\", "%", "<-> 'x'", "the", "…", "🙂" * 50, "word " * 2_000]
)
async def test_any_text_can_be_asked(company: Company, question: str) -> None:
    await company.find(question, "and that: '", question)


async def test_an_empty_organization_finds_nothing(database: Database, embedder: MiniLM) -> None:
    empty = Company(database, embedder)
    await empty.open(())
    assert await empty.learning.learn(empty.id)
    assert await empty.find("where is my parcel", "hello") == Found((), ())

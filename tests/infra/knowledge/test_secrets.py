"""No internal sentence reaches a customer: real articles of two companies, and every way of asking that there is."""

import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from domain.base import Actor, system_of
from domain.knowledge.events import Audience, ImportOptions
from domain.knowledge.ports import ArticleView, PassageView
from domain.ports import PageRequest
from infra.bootstrap import now
from infra.commands.imports import import_folder
from infra.demo.company import ARTICLES
from infra.documents import collect
from infra.knowledge.reads import SqlKnowledgeReads
from infra.knowledge.retrieval import Retrieval
from infra.matching.embedding import MiniLM
from infra.matching.learning import Learning
from tests.infra.knowledge.conftest import Knowledge

CORPUS = Path(os.environ.get("PARLEY_CORPORA", "../shared/data")) / "tau2_bench" / "banking_kb.jsonl"


async def imported(knowledge: Knowledge, path: Path, prefix: str) -> None:
    actor = system_of(knowledge.company.id)
    progress = await import_folder(
        knowledge.imports, actor, collect(path), path.name, ImportOptions(prefix), told=lambda *_: None
    )
    assert progress.failed == 0 and progress.read > 0
    await Learning(knowledge.database.tenant, now).learn(knowledge.company.id)


async def everything(knowledge: Knowledge, actor: Actor) -> dict[UUID, ArticleView]:
    found: dict[UUID, ArticleView] = {}
    after: tuple[str, ...] | None = None
    while True:
        reads = knowledge.seen_by(actor)
        page = await reads.article_page(PageRequest(100, after), None, None)
        await reads.close()
        found |= {article.id: article for article in page.items}
        if not page.has_next:
            return found
        after = page.keys[-1]


async def internal_passages(knowledge: Knowledge) -> Sequence[PassageView]:
    articles = await everything(knowledge, knowledge.company.agent)
    internal = [one.id for one in articles.values() if one.audience is Audience.INTERNAL]
    reads = knowledge.seen_by(knowledge.company.agent)
    passages = [passage for found in await reads.article_passages(internal) for passage in found]
    await reads.close()
    assert len(internal) >= 4 and len(passages) >= len(internal)
    assert all(passage.audience is Audience.INTERNAL for passage in passages)
    return passages


async def searched(knowledge: Knowledge, retrieval: Retrieval, actor: Actor, question: str) -> set[UUID]:
    """The passages that somebody finds."""
    reads = SqlKnowledgeReads(knowledge.database, actor, retrieval)
    hits = await reads.search(question, 20)
    await reads.close()
    return {hit.passage_id for hit in hits}


async def attack(knowledge: Knowledge, embedder: MiniLM, *, tries: int) -> None:
    customer, organization_id = knowledge.company.customer, knowledge.company.id
    passages = await internal_passages(knowledge)
    internal = {passage.article_id for passage in passages}
    reads = knowledge.seen_by(customer)
    keys = [(article_id, number) for article_id in internal for number in (1, 2)]
    assert not any(await reads.articles(list(internal)))
    assert not any(await reads.passages([passage.id for passage in passages]))
    assert not any(await reads.article_passages(list(internal)))
    assert not any(await reads.article_versions(keys))
    assert not any(page.items for page in await reads.version_pages([(one, PageRequest(10)) for one in internal]))
    await reads.close()
    assert not internal & (await everything(knowledge, customer)).keys()

    retrieval = Retrieval(embedder)
    hidden = {passage.id for passage in passages}
    found_by_staff = 0
    for passage in passages[:: max(1, len(passages) // tries)]:
        for question in (passage.text[:300], f"{passage.title} {' '.join(passage.headings)}"):
            hits = await searched(knowledge, retrieval, customer, question)
            assert hits and not hits & hidden
            found_by_staff += passage.id in await searched(knowledge, retrieval, knowledge.company.agent, question)
            async with knowledge.database.tenant(organization_id) as connection:
                answer = await retrieval.find(
                    connection, organization_id, question, audiences=[Audience.EVERYONE], first=20
                )
            assert not {one.article_id for one in answer.passages} & internal
            assert not {one.article_id for one in answer.topics} & internal
    assert found_by_staff > 0, "the questions would have found what they ask for"


async def test_the_demo_company_keeps_its_secrets(knowledge: Knowledge, embedder: MiniLM) -> None:
    await imported(knowledge, ARTICLES, "")
    await attack(knowledge, embedder, tries=20)


@pytest.mark.corpus
@pytest.mark.slow
async def test_a_bank_keeps_its_secrets(knowledge: Knowledge, embedder: MiniLM, tmp_path: Path) -> None:
    """All of its internal articles, and enough of the others to hide among."""
    if not CORPUS.exists():
        pytest.skip(f"{CORPUS} is not here")
    lines = CORPUS.read_text(encoding="utf-8").splitlines(keepends=True)
    internal = [line for line in lines if '"Internal:' in line]
    some = tmp_path / CORPUS.name
    some.write_text("".join([*internal, *[line for line in lines if line not in internal][::4]]), encoding="utf-8")
    await imported(knowledge, some, "Internal:")
    await attack(knowledge, embedder, tries=40)

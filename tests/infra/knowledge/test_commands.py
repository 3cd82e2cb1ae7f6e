"""Articles change by commands, each version is kept, and only what is published is found."""

import asyncio
from uuid import UUID, uuid4

import pytest

from domain.base import (
    ANONYMOUS,
    ActorKind,
    ConflictError,
    ForbiddenError,
    InvalidStateError,
    NotFoundError,
    UnauthenticatedError,
)
from domain.knowledge.content import content_of
from domain.knowledge.events import ArticleState, Audience
from domain.knowledge.service import Edit
from domain.ports import IdempotencyKey, PageRequest
from tests.infra.knowledge.conftest import Knowledge
from tests.people import actor

BODY = "## Refunds\n\nWe refund within five days of the return.\n\n## Exchanges\n\nWrite to us and we send another."


async def written(knowledge: Knowledge, *, audience: Audience = Audience.EVERYONE, publish: bool = True) -> UUID:
    source_id = await knowledge.source(f"Source {uuid4()}")
    content = content_of("Returns", BODY, questions=["When do I get my money?"], audience=audience)
    article_id = (await knowledge.articles.create(knowledge.company.agent, source_id, content)).id
    if publish:
        await knowledge.articles.publish(knowledge.company.agent, article_id)
    return article_id


async def passages_of(knowledge: Knowledge, article_id: UUID) -> list[str]:
    reads = knowledge.seen_by(knowledge.company.agent)
    try:
        return [passage.text for passage in (await reads.article_passages([article_id]))[0]]
    finally:
        await reads.close()


async def test_an_article_is_used_from_its_publication_until_it_is_unpublished(knowledge: Knowledge) -> None:
    agent = knowledge.company.agent
    article_id = await written(knowledge, publish=False)
    assert await passages_of(knowledge, article_id) == []
    await knowledge.articles.publish(agent, article_id)
    assert len(await passages_of(knowledge, article_id)) == 1
    await knowledge.articles.publish(agent, article_id)
    await knowledge.articles.unpublish(agent, article_id)
    assert await passages_of(knowledge, article_id) == []
    assert await knowledge.kinds(f"article:{article_id}") == [
        "ArticleCreated",
        "ArticlePublished",
        "ArticleUnpublished",
    ]
    with pytest.raises(InvalidStateError):
        await knowledge.articles.unpublish(agent, article_id)


async def test_an_edit_is_a_version_that_waits_for_its_publication(knowledge: Knowledge) -> None:
    agent = knowledge.company.agent
    article_id = await written(knowledge)
    before = await passages_of(knowledge, article_id)
    edit = Edit(title="Sending back", body="Send it back within 45 days.", audience=Audience.INTERNAL)
    await knowledge.articles.edit(agent, article_id, edit, based_on=1)
    assert await passages_of(knowledge, article_id) == before
    reads = knowledge.seen_by(knowledge.company.customer)
    shown = (await reads.articles([article_id]))[0]
    assert shown and (shown.title, shown.number, shown.newest_number) == ("Returns", 1, 2)
    assert (await reads.article_versions([(article_id, 1), (article_id, 2)]))[1] is None
    await reads.close()

    await knowledge.articles.publish(agent, article_id)
    assert await passages_of(knowledge, article_id) == ["Send it back within 45 days."]
    assert await reads.articles([article_id]) == [None]
    assert await reads.article_versions([(article_id, 1), (article_id, 2)]) == [None, None]
    await reads.close()
    staff = knowledge.seen_by(agent)
    pages = await staff.version_pages([(article_id, PageRequest(10))])
    assert [(one.number, one.title, one.author) for one in pages[0].items] == [
        (2, "Sending back", str(agent)),
        (1, "Returns", str(agent)),
    ]
    await staff.close()


async def test_an_edit_of_what_somebody_else_changed_is_refused(knowledge: Knowledge) -> None:
    article_id = await written(knowledge)
    await knowledge.articles.edit(knowledge.company.agent, article_id, Edit(title="A"), based_on=1)
    with pytest.raises(ConflictError, match="version 2"):
        await knowledge.articles.edit(knowledge.company.other_agent, article_id, Edit(title="B"), based_on=1)
    await knowledge.articles.edit(knowledge.company.other_agent, article_id, Edit(title="A"), based_on=2)
    assert await knowledge.kinds(f"article:{article_id}") == ["ArticleCreated", "ArticlePublished", "ArticleEdited"]


async def test_rivals_take_turns(knowledge: Knowledge) -> None:
    agent, article_id = knowledge.company.agent, await written(knowledge)
    edits = [knowledge.articles.edit(agent, article_id, Edit(title=f"Title {number}")) for number in range(4)]
    await asyncio.gather(*edits)
    reads = knowledge.seen_by(agent)
    shown = (await reads.articles([article_id]))[0]
    assert shown and shown.newest_number == 5
    await reads.close()


async def test_a_deleted_article_is_gone_with_its_versions_and_remembered(knowledge: Knowledge) -> None:
    agent, article_id = knowledge.company.agent, await written(knowledge)
    await knowledge.articles.delete(agent, article_id)
    reads = knowledge.seen_by(agent)
    assert await reads.articles([article_id]) == [None]
    assert await reads.article_versions([(article_id, 1)]) == [None]
    assert await passages_of(knowledge, article_id) == []
    assert (await knowledge.kinds(f"article:{article_id}"))[-1] == "ArticleDeleted"
    with pytest.raises(NotFoundError):
        await knowledge.articles.publish(agent, article_id)
    await reads.close()


async def test_the_same_key_does_the_same_once(knowledge: Knowledge) -> None:
    agent, source_id, key = knowledge.company.agent, await knowledge.source(), IdempotencyKey("k", "f")
    content = content_of("Title", "Body")
    first = await knowledge.articles.create(agent, source_id, content, key=key)
    assert await knowledge.articles.create(agent, source_id, content, key=key) == first
    reads = knowledge.seen_by(agent)
    page = await reads.article_page(PageRequest(10), None, source_id)
    assert len(page.items) == 1
    await reads.close()


async def test_sources_have_one_name_each_and_go_when_they_are_empty(knowledge: Knowledge) -> None:
    agent, source_id = knowledge.company.agent, await knowledge.source("Handbook")
    other_id = await knowledge.source("Other")
    with pytest.raises(InvalidStateError, match="Handbook"):
        await knowledge.sources.create(agent, " Handbook ")
    with pytest.raises(InvalidStateError, match="Handbook"):
        await knowledge.sources.rename(agent, other_id, "Handbook")
    await knowledge.sources.rename(agent, other_id, "Manual")
    article_id = (await knowledge.articles.create(agent, other_id, content_of("T", "B"))).id
    with pytest.raises(InvalidStateError, match="still has articles"):
        await knowledge.sources.delete(agent, other_id)
    await knowledge.articles.delete(agent, article_id)
    await knowledge.sources.delete(agent, other_id)
    reads = knowledge.seen_by(agent)
    assert [source.name for source in await reads.all_sources()] == ["Handbook"]
    assert [source and source.name for source in await reads.sources([other_id, source_id])] == [None, "Handbook"]
    assert await knowledge.kinds(f"source:{other_id}") == ["SourceCreated", "SourceRenamed", "SourceDeleted"]
    await reads.close()


async def test_nobody_but_staff_changes_knowledge(knowledge: Knowledge) -> None:
    article_id, customer = await written(knowledge), knowledge.company.customer
    source_id, content = await knowledge.source(), content_of("T", "B")
    for asking, error in ((customer, ForbiddenError), (ANONYMOUS, UnauthenticatedError)):
        for attempt in (
            knowledge.sources.create(asking, "Name"),
            knowledge.sources.rename(asking, source_id, "Name"),
            knowledge.sources.delete(asking, source_id),
            knowledge.articles.create(asking, source_id, content),
            knowledge.articles.edit(asking, article_id, Edit(title="X")),
            knowledge.articles.publish(asking, article_id),
            knowledge.articles.unpublish(asking, article_id),
            knowledge.articles.delete(asking, article_id),
        ):
            with pytest.raises(error):
                await attempt


async def test_customers_see_what_is_published_for_everyone(knowledge: Knowledge) -> None:
    agent, customer = knowledge.company.agent, knowledge.company.customer
    everyone, internal = await written(knowledge), await written(knowledge, audience=Audience.INTERNAL)
    draft = await written(knowledge, publish=False)
    ids = [everyone, internal, draft]
    reads, staff = knowledge.seen_by(customer), knowledge.seen_by(agent)
    assert [one and one.id for one in await reads.articles(ids)] == [everyone, None, None]
    page = await reads.article_page(PageRequest(10), None, None)
    assert [one.id for one in page.items] == [everyone]
    assert (await reads.article_page(PageRequest(10), ArticleState.DRAFT, None)).items == []
    assert [len(found) for found in await reads.article_passages(ids)] == [1, 0, 0]
    assert [len(found) for found in await staff.article_passages(ids)] == [1, 1, 0]
    hidden = [passage.id for passage in (await staff.article_passages([internal]))[0]]
    assert await reads.passages(hidden) == [None]
    assert [
        page.items for page in await reads.version_pages([(internal, PageRequest(5)), (draft, PageRequest(5))])
    ] == [
        [],
        [],
    ]
    version = (await reads.article_versions([(everyone, 1)]))[0]
    assert version and version.author is None
    assert await reads.sources([page.items[0].source_id]) == [None]
    with pytest.raises(ForbiddenError):
        await reads.all_sources()
    await reads.close()
    await staff.close()


async def test_another_organization_sees_nothing(knowledge: Knowledge, database_url: str) -> None:
    article_id = await written(knowledge)
    stranger = actor(ActorKind.AGENT, uuid4())
    reads = knowledge.seen_by(stranger)
    assert await reads.articles([article_id]) == [None]
    assert await reads.article_versions([(article_id, 1)]) == [None]
    with pytest.raises(NotFoundError):
        await knowledge.articles.publish(stranger, article_id)
    await reads.close()


async def test_indexing_gives_every_text_its_vector_once(knowledge: Knowledge) -> None:
    article_id, organization_id = await written(knowledge), knowledge.company.id
    missing = await knowledge.catalog.unindexed(organization_id, article_id)
    assert [one.meaning for one in missing][-2:] == [("Returns",), ("When do I get my money?",)]
    await knowledge.indexing.index(organization_id, article_id)
    assert await knowledge.catalog.unindexed(organization_id, article_id) == []
    await knowledge.indexing.index(organization_id, article_id)


async def test_a_change_whose_job_has_not_begun_is_waited_for(knowledge: Knowledge) -> None:
    organization_id = knowledge.company.id
    assert not await knowledge.catalog.awaits_training(organization_id)
    await written(knowledge)
    while (await knowledge.journal.deliver({"ArticlePublished": ("index_article",)})).events:
        pass
    assert await knowledge.catalog.awaits_training(organization_id)
    assert not await knowledge.catalog.awaits_training(uuid4())

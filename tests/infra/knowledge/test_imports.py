"""Imports change what has changed, once, and tell what they could not read."""

import asyncio
import json
from functools import partial
from uuid import UUID

import pytest

from domain.base import (
    ANONYMOUS,
    ForbiddenError,
    InvalidInputError,
    InvalidStateError,
    UnauthenticatedError,
    on_behalf_of,
)
from domain.knowledge.content import content_of
from domain.knowledge.events import ArticleState, ImportOptions, ImportProgressed, ImportStarted, ImportState, Place
from domain.knowledge.imports import EndOfFile, Present, take
from domain.knowledge.ports import ArticleView, ImportView, StoredFile
from domain.knowledge.service import Edit
from domain.ports import PageRequest
from infra.documents import parse
from infra.knowledge.feed import SqlImportFeed
from infra.live.hub import Hub
from tests.infra.knowledge.conftest import Knowledge

FEES = StoredFile("fees.md", b"# Fees\n\n## Cash\n\nFree at our machines.\n\n## Card\n\nTwo euros abroad.\n")
FAQ = StoredFile(
    "faq.jsonl",
    b"\n".join(
        json.dumps(
            {"id": f"q{number}", "title": f"Topic {number}", "text": f"Answer {number}.", "questions": ["Why?"]}
        ).encode()
        for number in range(150)
    ),
)
BAD = StoredFile("bad.md", b"caf\xe9")


async def imported(
    knowledge: Knowledge, *files: StoredFile, source: str = "Folder", **options: bool | str
) -> ImportView:
    """Store files and do by hand what the worker's job does for each event."""
    chosen = ImportOptions(**options)  # type: ignore[arg-type]
    import_id = (await knowledge.imports.request(knowledge.company.agent, source, files, chosen)).id
    version = 0
    while events := await knowledge.journal.of_stream(knowledge.company.id, f"import:{import_id}", version):
        for one in events:
            version = one.version
            if isinstance(one.event, ImportStarted | ImportProgressed) and one.event.place is not None:
                await knowledge.imports.work(on_behalf_of(one.actor), import_id, one.version, one.event.place)
    return await seen(knowledge, import_id)


async def seen(knowledge: Knowledge, import_id: UUID) -> ImportView:
    reads = knowledge.seen_by(knowledge.company.agent)
    view = (await reads.imports([import_id]))[0]
    await reads.close()
    assert view is not None
    return view


async def articles(knowledge: Knowledge) -> dict[str, ArticleView]:
    reads = knowledge.seen_by(knowledge.company.agent)
    page = await reads.article_page(PageRequest(100), None, None)
    await reads.close()
    return {article.external_id: article for article in page.items}


async def test_a_second_import_changes_nothing(knowledge: Knowledge) -> None:
    first = await imported(knowledge, FEES, FAQ)
    assert first.state is ImportState.FINISHED
    assert (first.progress.created, first.progress.done, first.progress.total) == (151, 2, 2)
    before = await articles(knowledge)
    second = await imported(knowledge, FEES, FAQ)
    assert (second.progress.unchanged, second.progress.created, second.progress.updated) == (151, 0, 0)
    assert await articles(knowledge) == before
    assert await knowledge.kinds(f"article:{before['fees.md'].id}") == ["ArticleImported"]


async def test_a_long_file_is_imported_in_batches(knowledge: Knowledge) -> None:
    one = await imported(knowledge, FAQ)
    kinds = await knowledge.kinds(f"import:{one.id}")
    assert kinds == ["ImportStarted", "ImportProgressed", "ImportProgressed", "ImportProgressed", "ImportFinished"]
    events = await knowledge.journal.of_stream(knowledge.company.id, f"import:{one.id}", 0)
    assert [e.event.progress.read for e in events if isinstance(e.event, ImportProgressed)] == [64, 128, 150]


async def test_what_is_imported_is_indexed_already(knowledge: Knowledge) -> None:
    await imported(knowledge, FEES)
    article_id = (await articles(knowledge))["fees.md"].id
    assert await knowledge.catalog.unindexed(knowledge.company.id, article_id) == []


async def test_a_job_that_runs_twice_imports_once(knowledge: Knowledge) -> None:
    agent = knowledge.company.agent
    import_id = (await knowledge.imports.request(agent, "Folder", [FAQ], ImportOptions())).id
    started = (await knowledge.journal.of_stream(knowledge.company.id, f"import:{import_id}", 0))[0]
    assert isinstance(started.event, ImportStarted) and started.event.place is not None
    step = partial(knowledge.imports.work, agent, import_id, started.version, started.event.place)
    await asyncio.gather(step(), step())
    await step()
    assert (await seen(knowledge, import_id)).progress.created == 64
    assert await knowledge.kinds(f"import:{import_id}") == ["ImportStarted", "ImportProgressed"]


async def test_an_edited_file_replaces_its_passages_and_a_removed_one_takes_them_along(knowledge: Knowledge) -> None:
    await imported(knowledge, FEES, FAQ)
    edited = StoredFile("fees.md", FEES.content.replace(b"Two euros", b"Three euros"))
    one = await imported(knowledge, edited, remove_missing=True)
    assert (one.progress.updated, one.progress.removed) == (1, 150)
    found = await articles(knowledge)
    assert found["fees.md"].newest_number == 2
    assert {article.state for name, article in found.items() if name != "fees.md"} == {ArticleState.UNPUBLISHED}
    reads = knowledge.seen_by(knowledge.company.customer)
    passages = (await reads.article_passages([found["fees.md"].id]))[0]
    assert "Three euros" in passages[0].text and len(passages) == 1
    await reads.close()

    back = await imported(knowledge, edited, FAQ)
    assert (back.progress.updated, back.progress.unchanged) == (150, 1)
    found = await articles(knowledge)
    assert found["faq.jsonl#q3"].state is ArticleState.PUBLISHED
    assert found["faq.jsonl#q3"].newest_number == 1


async def test_without_being_asked_nothing_is_removed(knowledge: Knowledge) -> None:
    await imported(knowledge, FEES, FAQ)
    assert (await imported(knowledge, FEES)).progress.removed == 0


async def test_what_cannot_be_read_is_not_taken_for_missing(knowledge: Knowledge) -> None:
    await imported(knowledge, FEES, FAQ)
    broken = StoredFile("faq.jsonl", FAQ.content.replace(b'{"id": "q7"', b'{"id" "q7"'))
    one = await imported(knowledge, StoredFile("fees.md", b"\xff\xfe\x00"), broken, remove_missing=True)
    assert one.progress.removed == 0
    assert [problem.name for problem in one.problems] == ["fees.md", "faq.jsonl, line 8"]


async def test_a_bad_file_is_told_with_its_reason_and_stops_nobody(knowledge: Knowledge) -> None:
    one = await imported(knowledge, BAD, FEES, StoredFile("x.exe", b"MZ"))
    assert one.state is ImportState.FINISHED
    assert (one.progress.created, one.progress.failed, one.progress.done) == (1, 2, 3)
    assert [problem.name for problem in one.problems] == ["bad.md", "x.exe"]
    assert "UTF-8" in one.problems[0].reason and ".md" in one.problems[1].reason


async def test_drafts_wait_for_a_person_or_for_an_import_that_publishes(knowledge: Knowledge) -> None:
    drafts = await imported(knowledge, FEES, publish=False)
    assert drafts.progress.created == 1
    assert (await articles(knowledge))["fees.md"].state is ArticleState.DRAFT
    assert (await imported(knowledge, FEES, publish=False)).progress.unchanged == 1
    assert (await imported(knowledge, FEES)).progress.updated == 1
    assert (await articles(knowledge))["fees.md"].state is ArticleState.PUBLISHED
    assert (await imported(knowledge, FEES)).progress.unchanged == 1


async def test_a_persons_edit_outlives_imports_of_the_same_file(knowledge: Knowledge) -> None:
    agent = knowledge.company.agent
    await imported(knowledge, FEES)
    article_id = (await articles(knowledge))["fees.md"].id
    await knowledge.articles.edit(agent, article_id, Edit(title="What it costs"))
    await knowledge.articles.publish(agent, article_id)
    assert (await imported(knowledge, FEES)).progress.unchanged == 1
    assert (await articles(knowledge))["fees.md"].title == "What it costs"


async def test_what_a_person_unpublished_stays_so_until_its_file_changes(knowledge: Knowledge) -> None:
    await imported(knowledge, FEES)
    await knowledge.articles.unpublish(knowledge.company.agent, (await articles(knowledge))["fees.md"].id)
    assert (await imported(knowledge, FEES)).progress.unchanged == 1
    assert (await articles(knowledge))["fees.md"].state is ArticleState.UNPUBLISHED
    assert (await imported(knowledge, StoredFile("fees.md", b"# Fees\n\nNew."))).progress.updated == 1
    assert (await articles(knowledge))["fees.md"].state is ArticleState.PUBLISHED


async def test_what_was_written_by_hand_is_never_missing(knowledge: Knowledge) -> None:
    agent = knowledge.company.agent
    await imported(knowledge, FEES)
    source_id = (await articles(knowledge))["fees.md"].source_id
    written = (await knowledge.articles.create(agent, source_id, content_of("By hand", "Body"))).id
    await knowledge.articles.publish(agent, written)
    assert (await imported(knowledge, FAQ, remove_missing=True)).progress.removed == 1
    assert (await articles(knowledge))[str(written)].state is ArticleState.PUBLISHED


async def test_a_prefix_of_the_title_makes_an_article_internal(knowledge: Knowledge) -> None:
    secret = StoredFile("a.jsonl", b'{"id": 1, "title": "Internal: Limits", "text": "At most 20 euros."}')
    await imported(knowledge, secret, FEES, internal_prefix="Internal:")
    reads = knowledge.seen_by(knowledge.company.customer)
    page = await reads.article_page(PageRequest(10), None, None)
    assert [article.title for article in page.items] == ["Fees"]
    await reads.close()


async def test_a_stopped_import_goes_no_further(knowledge: Knowledge) -> None:
    agent = knowledge.company.agent
    receipt = await knowledge.imports.begin(agent, "Folder", ImportOptions(), total=1)
    await knowledge.imports.add(agent, receipt.id, take(parse(FEES, "")))
    await knowledge.imports.stop(agent, receipt.id, "Interrupted.")
    assert (await seen(knowledge, receipt.id)).state is ImportState.STOPPED
    with pytest.raises(InvalidStateError):
        await knowledge.imports.add(agent, receipt.id, take(parse(FAQ, "")))
    assert list(await articles(knowledge)) == ["fees.md"]
    assert await knowledge.kinds(f"import:{receipt.id}") == ["ImportStarted", "ImportProgressed", "ImportStopped"]


async def test_two_imports_of_one_source_at_once_leave_each_article_once(knowledge: Knowledge) -> None:
    results = await asyncio.gather(*(imported(knowledge, FEES, FAQ) for _ in range(2)))
    assert all(one.state is ImportState.FINISHED for one in results)
    assert sum(one.progress.read for one in results) == 302
    reads = knowledge.seen_by(knowledge.company.agent)
    assert sorted(source.article_count for source in await reads.all_sources()) == [151]
    await reads.close()


async def test_requests_are_checked(knowledge: Knowledge) -> None:
    agent, options = knowledge.company.agent, ImportOptions()
    for files in ([], [FEES, FEES], [StoredFile("", b"x")], [StoredFile(f"{n}.md", b"x") for n in range(201)]):
        with pytest.raises(InvalidInputError):
            await knowledge.imports.request(agent, "Folder", files, options)
    with pytest.raises(InvalidInputError):
        await knowledge.imports.request(agent, " ", [FEES], options)
    with pytest.raises(ForbiddenError):
        await knowledge.imports.request(knowledge.company.customer, "Folder", [FEES], options)
    with pytest.raises(UnauthenticatedError):
        await knowledge.imports.request(ANONYMOUS, "Folder", [FEES], options)


async def test_customers_do_not_touch_imports_of_others(knowledge: Knowledge) -> None:
    imports, customer = knowledge.imports, knowledge.company.customer
    one = (await imports.begin(knowledge.company.agent, "Folder", ImportOptions(), total=1)).id
    for attempt in (
        imports.begin(customer, "Folder", ImportOptions(), total=1),
        imports.add(customer, one, take(parse(FEES, ""))),
        imports.finish(customer, one, Present()),
        imports.stop(customer, one, "Mine."),
        imports.work(customer, one, 1, Place()),
    ):
        with pytest.raises(ForbiddenError):
            await attempt


async def test_the_feed_replays_from_a_cursor_and_ends_with_the_import(knowledge: Knowledge) -> None:
    agent = knowledge.company.agent
    one = await imported(knowledge, FAQ)
    feed = SqlImportFeed(knowledge.database, knowledge.journal, Hub(knowledge.journal))
    events = [event async for event in feed.follow(agent, one.id, 2)]
    assert [event.version for event in events if not isinstance(event, str)] == [3, 4, 5]  # type: ignore[union-attr]
    assert [event async for event in feed.follow(agent, one.id, None)] == []
    first = [type(event).__name__ async for event in feed.follow(agent, one.id, 99)]
    assert first == ["Resync"]
    with pytest.raises(ForbiddenError):
        await anext(feed.follow(knowledge.company.customer, one.id, 0))


def test_present_documents_include_those_of_files_that_could_not_be_read() -> None:
    present = Present({"a.md", "b.jsonl#1"}, {"c.jsonl"})
    assert "a.md" in present and "b.jsonl#1" in present and "c.jsonl#7" in present and "c.jsonl" in present
    assert "b.jsonl#2" not in present and "c.jsonl.md" not in present


def test_a_batch_ends_where_it_is_full() -> None:
    items = [*parse(FAQ, ""), EndOfFile()]
    stream = iter(items)
    sizes = []
    while batch := take(stream):
        sizes.append(len(batch))
    assert sizes == [64, 64, 22]

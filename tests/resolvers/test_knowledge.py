"""Knowledge over the public API: articles, imports and search, for staff and for customers."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from infra.database import Database
from tests.documents import ERRORS
from tests.stack import Client, Company, GraphQLFailedError, Stack, found_company, running, scripted

ARTICLE = "id title audience state link number newestNumber body questions source { id name articleCount }"


def mutation(name: str, fields: str) -> str:
    type_name = name[0].upper() + name[1:]
    return f"""
mutation Do($input: {type_name}Input!) {{
  {name}(input: $input) {{ __typename ... on {type_name}Success {{ {fields} }} {ERRORS} }}
}}"""


CREATE_SOURCE = mutation("createSource", "source { id name articleCount }")
RENAME_SOURCE = mutation("renameSource", "source { id name }")
DELETE_SOURCE = mutation("deleteSource", "deletedId")
CREATE = mutation("createArticle", f"article {{ {ARTICLE} }}")
EDIT = mutation("editArticle", f"article {{ {ARTICLE} }}")
PUBLISH = mutation("publishArticle", f"article {{ {ARTICLE} passages {{ id text }} }}")
UNPUBLISH = mutation("unpublishArticle", f"article {{ {ARTICLE} }}")
DELETE = mutation("deleteArticle", "deletedId")
IMPORT = mutation("importKnowledge", "knowledgeImport { id state cursor progress { total } source { name } }")

ARTICLES = """
query Articles($first: Int, $after: String, $state: ArticleState, $sourceId: ID) {
  articles(first: $first, after: $after, state: $state, sourceId: $sourceId) {
    nodes { id title source { name } body questions passages { text article { id } } versions { nodes { number } } }
    pageInfo { hasNextPage endCursor }
  }
}"""
SEARCH = """
query Search($text: String!, $first: Int) {
  searchKnowledge(text: $text, first: $first) {
    score confidence passage { id title headings text article { id audience } }
  }
}"""
IMPORT_CHANGED = """
subscription Import($id: ID!, $after: String) {
  knowledgeImportChanged(id: $id, after: $after) {
    __typename
    ... on KnowledgeImportEvent { cursor at knowledgeImport { id state } }
    ... on KnowledgeImportProgressed { progress { done total read created failed } problems { name reason } }
    ... on KnowledgeImportFinished { progress { done total created unchanged failed } }
    ... on ResyncRequired { cursor explanation }
  }
}"""
NODE = "query Node($id: ID!) { node(id: $id) { __typename id } }"
IMPORT_QUERY = """
query Import($id: ID!) {
  knowledgeImport(id: $id) { state finishedAt progress { created unchanged failed } problems { name reason } }
}"""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parley")


@pytest.fixture
async def company(fresh_database_url: str) -> Company:
    return await found_company(fresh_database_url)


@pytest.fixture
async def stack(fresh_database_url: str, redis_url: str, data_dir: Path) -> AsyncIterator[Stack]:
    async with running(fresh_database_url, redis_url, scripted("Yes."), data_dir=data_dir) as started:
        yield started


@pytest.fixture
def agent(stack: Stack, company: Company) -> Client:
    return stack.client(company.agent)


@pytest.fixture
def customer(stack: Stack, company: Company) -> Client:
    return stack.client(company.customer)


async def do(client: Client, document: str, **given: Any) -> Any:
    """What the only mutation of a document gives."""
    (payload,) = (await client.ask(document, input=given)).values()
    return payload


async def published(agent: Client, title: str, body: str, **more: Any) -> Any:
    source = await do(agent, CREATE_SOURCE, name=f"Source of {title}")
    made = await do(agent, CREATE, sourceId=source["source"]["id"], title=title, body=body, **more)
    return (await do(agent, PUBLISH, articleId=made["article"]["id"]))["article"]


async def test_an_article_from_its_draft_to_its_end(agent: Client) -> None:
    source = (await do(agent, CREATE_SOURCE, name="Handbook"))["source"]
    written = {
        "title": "Repairs",
        "body": "We mend coats.",
        "questions": ["Do you mend?"],
        "link": "https://x.example/r",
    }
    made = (await do(agent, CREATE, sourceId=source["id"], **written))["article"]
    assert made == made | written | {"state": "DRAFT", "audience": "EVERYONE", "number": 1, "newestNumber": 1}
    assert made["source"] == {"id": source["id"], "name": "Handbook", "articleCount": 1}
    shown = (await do(agent, PUBLISH, articleId=made["id"]))["article"]
    assert shown["state"] == "PUBLISHED" and [one["text"] for one in shown["passages"]] == ["We mend coats."]
    edited = (await do(agent, EDIT, articleId=made["id"], body="We mend boots.", link="", basedOn=1))["article"]
    assert (edited["body"], edited["number"], edited["newestNumber"]) == ("We mend coats.", 1, 2)
    shown = (await do(agent, PUBLISH, articleId=made["id"]))["article"]
    assert (shown["body"], shown["number"], shown["link"]) == ("We mend boots.", 2, None)
    assert (await do(agent, UNPUBLISH, articleId=made["id"]))["article"]["state"] == "UNPUBLISHED"
    assert (await do(agent, UNPUBLISH, articleId=made["id"]))["__typename"] == "InvalidStateError"
    assert (await do(agent, DELETE, articleId=made["id"]))["deletedId"] == made["id"]
    assert (await do(agent, DELETE, articleId=made["id"]))["__typename"] == "NotFoundError"
    assert (await do(agent, RENAME_SOURCE, sourceId=source["id"], name="Book"))["source"]["name"] == "Book"
    assert (await do(agent, DELETE_SOURCE, sourceId=source["id"]))["deletedId"] == source["id"]


async def test_inputs_are_checked_and_each_wrong_field_is_named(agent: Client) -> None:
    source = (await do(agent, CREATE_SOURCE, name="Handbook"))["source"]
    bad = {"title": " ", "body": "x" * 200_001, "questions": ["q" * 501], "link": "javascript:alert(1)"}
    refused = await do(agent, CREATE, sourceId=source["id"], **bad)
    assert refused["__typename"] == "InvalidInputError"
    assert [one["path"] for one in refused["fields"]] == ["input.title", "input.body", "input.questions", "input.link"]
    for wrong in ("nonsense", source["id"]):
        assert (await do(agent, PUBLISH, articleId=wrong))["__typename"] == "InvalidInputError"
    assert (await do(agent, CREATE_SOURCE, name="Handbook"))["__typename"] == "InvalidStateError"
    made = (await do(agent, CREATE, sourceId=source["id"], title="T", body="B"))["article"]
    await do(agent, EDIT, articleId=made["id"], title="U")
    assert (await do(agent, EDIT, articleId=made["id"], title="V", basedOn=1))["__typename"] == "ConflictError"


async def test_a_repeated_key_repeats_the_answer(agent: Client) -> None:
    source = (await do(agent, CREATE_SOURCE, name="Handbook", idempotencyKey="a"))["source"]
    assert (await do(agent, CREATE_SOURCE, name="Handbook", idempotencyKey="a"))["source"]["id"] == source["id"]
    assert (await do(agent, CREATE_SOURCE, name="Other", idempotencyKey="a"))["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_customers_and_strangers_change_nothing(stack: Stack, agent: Client, customer: Client) -> None:
    article = await published(agent, "Open", "For all.")
    source = article["source"]["id"]
    attempts: list[tuple[str, dict[str, Any]]] = [
        (CREATE_SOURCE, {"name": "Mine"}),
        (RENAME_SOURCE, {"sourceId": source, "name": "Mine"}),
        (DELETE_SOURCE, {"sourceId": source}),
        (CREATE, {"sourceId": source, "title": "T", "body": "B"}),
        (EDIT, {"articleId": article["id"], "title": "T"}),
        (PUBLISH, {"articleId": article["id"]}),
        (UNPUBLISH, {"articleId": article["id"]}),
        (DELETE, {"articleId": article["id"]}),
        (IMPORT, {"sourceName": "Mine", "documents": [{"name": "a.md", "text": "x"}]}),
    ]
    for document, given in attempts:
        assert (await do(customer, document, **given))["__typename"] == "ForbiddenError"
        with pytest.raises(GraphQLFailedError) as refused:
            await do(stack.client(None), document, **given)
        assert refused.value.code == "UNAUTHENTICATED"


async def test_customers_see_only_what_is_published_for_everyone(agent: Client, customer: Client) -> None:
    shown = await published(agent, "Open", "For all.")
    hidden = await published(agent, "Secret", "For us.", audience="INTERNAL")
    listed = (await customer.ask(ARTICLES))["articles"]["nodes"]
    assert [(one["title"], one["source"], one["body"]) for one in listed] == [("Open", None, "For all.")]
    assert len((await agent.ask(ARTICLES))["articles"]["nodes"]) == 2
    for identity in (hidden["id"], hidden["passages"][0]["id"], hidden["source"]["id"], version_id(hidden["id"], 1)):
        assert (await customer.ask(NODE, id=identity))["node"] is None
        assert (await agent.ask(NODE, id=identity))["node"]["id"] == identity
    for identity in (shown["id"], shown["passages"][0]["id"], version_id(shown["id"], 1)):
        assert (await customer.ask(NODE, id=identity))["node"]["id"] == identity
    with pytest.raises(GraphQLFailedError):
        await customer.ask("{ sources { id } }")


def version_id(article_id: str, number: int) -> str:
    inner = base64.urlsafe_b64decode(article_id + "=" * (-len(article_id) % 4)).decode().partition(":")[2]
    return base64.urlsafe_b64encode(f"ArticleVersion:{inner}:{number}".encode()).decode().rstrip("=")


@pytest.mark.parametrize("inner", ["ArticleVersion:x:1", "ArticleVersion:x", "Article:1", "Passage:"])
async def test_an_id_that_is_none_is_told(agent: Client, inner: str) -> None:
    with pytest.raises(GraphQLFailedError) as refused:
        await agent.ask(NODE, id=base64.urlsafe_b64encode(inner.encode()).decode())
    assert refused.value.code == "INVALID_INPUT"


async def test_search_finds_by_words_at_once_and_by_meaning_soon(agent: Client, customer: Client) -> None:
    await published(agent, "Refunds", "## Timing\n\nYou get your money within five working days.")
    await published(agent, "Secret refunds", "Agents may give your money back at once.", audience="INTERNAL")
    hits = (await customer.ask(SEARCH, text="working days"))["searchKnowledge"]
    assert [hit["passage"]["headings"] for hit in hits] == [["Timing"]]
    async with asyncio.timeout(60):
        while not await meant(customer, "when will the cash be back on my card"):
            await asyncio.sleep(0.1)
    titles = {hit["passage"]["title"] for hit in await meant(agent, "when will the cash be back on my card")}
    assert titles == {"Refunds", "Secret refunds"}
    assert {hit["passage"]["title"] for hit in await meant(customer, "agents may give money back")} == {"Refunds"}


async def meant(client: Client, text: str) -> list[Any]:
    return [hit for hit in (await client.ask(SEARCH, text=text))["searchKnowledge"] if hit["score"] > 0]


async def test_search_is_limited(agent: Client, stack: Stack) -> None:
    for asked, first in (("", 5), ("x" * 1_001, 5), ("x", 0), ("x", 101)):
        with pytest.raises(GraphQLFailedError) as refused:
            await agent.ask(SEARCH, text=asked, first=first)
        assert refused.value.code == "INVALID_INPUT"
    with pytest.raises(GraphQLFailedError) as refused:
        await stack.client(None).ask(SEARCH, text="x")
    assert refused.value.code == "UNAUTHENTICATED"


async def test_an_import_answers_at_once_and_tells_how_it_goes(agent: Client, customer: Client) -> None:
    lines = "\n".join(f'{{"id": {n}, "title": "Topic {n}", "text": "Answer {n}."}}' for n in range(70))
    documents = [
        {"name": "faq.jsonl", "text": lines},
        {"name": "fees.md", "base64": base64.b64encode(b"# Fees\n\nFree.").decode()},
        {"name": "bad.md", "base64": base64.b64encode(b"caf\xe9").decode()},
    ]
    started = (await do(agent, IMPORT, sourceName="Upload", documents=documents))["knowledgeImport"]
    assert (started["state"], started["progress"], started["source"]) == ("RUNNING", {"total": 3}, {"name": "Upload"})
    seen = await changes(agent, started["id"], started["cursor"])
    assert [one["__typename"] for one in seen] == ["KnowledgeImportProgressed"] * 4 + ["KnowledgeImportFinished"]
    assert seen[-1]["progress"] == {"done": 3, "total": 3, "created": 71, "unchanged": 0, "failed": 1}
    told = [problem for one in seen[:-1] for problem in one["problems"]]
    assert [problem["name"] for problem in told] == ["bad.md"]
    again = await changes(agent, started["id"], seen[2]["cursor"])
    assert [one["cursor"] for one in again] == [one["cursor"] for one in seen[3:]]
    view = (await agent.ask(IMPORT_QUERY, id=started["id"]))["knowledgeImport"]
    assert view["state"] == "FINISHED" and view["finishedAt"] and view["problems"] == told
    with pytest.raises(GraphQLFailedError) as refused:
        await customer.ask(IMPORT_QUERY, id=started["id"])
    assert refused.value.code == "FORBIDDEN"
    with pytest.raises(GraphQLFailedError) as refused:
        await anext(customer.watch(IMPORT_CHANGED, id=started["id"]))
    assert refused.value.code == "FORBIDDEN"


async def test_after_a_change_the_assistant_learns_again(
    agent: Client, company: Company, fresh_database_url: str
) -> None:
    database = Database(fresh_database_url, pool_size=1)

    async def learned() -> str:
        async with database.tenant(company.id) as connection:
            return str(await connection.scalar(text("SELECT fingerprint FROM knowledge_model")) or "")

    before = ""
    for title in ("First", "Second"):
        await published(agent, title, f"{title} body.")
        async with asyncio.timeout(60):
            while await learned() in ("", before):
                await asyncio.sleep(0.1)
        before = await learned()
    await database.close()


async def changes(client: Client, identity: str, after: str) -> list[Any]:
    """All that is told of an import until it is over."""
    return [one["knowledgeImportChanged"] async for one in client.watch(IMPORT_CHANGED, id=identity, after=after)]


async def test_an_unknown_cursor_of_an_import_is_answered(agent: Client) -> None:
    one = (await do(agent, IMPORT, sourceName="Upload", documents=[{"name": "a.md", "text": "x"}]))["knowledgeImport"]
    async for first in agent.watch(IMPORT_CHANGED, id=one["id"], after="bm9uc2Vuc2U"):
        assert first["knowledgeImportChanged"]["__typename"] == "ResyncRequired"
        break


@pytest.mark.parametrize(
    "document",
    [
        {"name": "a.md"},
        {"name": "a.md", "text": "x", "base64": "eA=="},
        {"name": "a.md", "base64": "!"},
        {"name": "", "text": "x"},
    ],
)
async def test_documents_are_checked(agent: Client, document: dict[str, str]) -> None:
    refused = await do(agent, IMPORT, sourceName="Upload", documents=[document])
    assert refused["__typename"] == "InvalidInputError"
    assert refused["fields"][0]["path"].startswith("input.documents.0")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements about knowledge that run within the block."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if re.search(r"FROM (article|source|passage|article_version)\b", statement):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_a_page_of_articles_costs_the_same_whatever_its_size(agent: Client) -> None:
    source = (await do(agent, CREATE_SOURCE, name="Handbook"))["source"]["id"]
    for number in range(12):
        made = await do(agent, CREATE, sourceId=source, title=f"Title {number:02}", body="Body.")
        await do(agent, PUBLISH, articleId=made["article"]["id"])
    await asyncio.sleep(1)
    for first in (2, 12):
        with counted() as statements:
            page = (await agent.ask(ARTICLES, first=first, sourceId=source))["articles"]
        assert len(page["nodes"]) == first
        assert len(statements) == 6, statements


async def test_pages_of_articles_follow_each_other(agent: Client) -> None:
    source = (await do(agent, CREATE_SOURCE, name="Handbook"))["source"]["id"]
    for number in range(5):
        await do(agent, CREATE, sourceId=source, title=f"Title {number % 2}", body="Body.")
    titles, after = [], None
    while True:
        page = (await agent.ask(ARTICLES, first=2, after=after, state="DRAFT"))["articles"]
        titles += [one["title"] for one in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert titles == ["Title 0", "Title 0", "Title 0", "Title 1", "Title 1"]

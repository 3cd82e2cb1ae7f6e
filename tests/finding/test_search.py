"""Who looks for something finds what they may see, and the part of it where the words are."""

import pytest
from sqlalchemy import text

from infra.database import Database
from infra.search.backlog import SqlBacklog
from tests.documents import command
from tests.finding.desk import SEARCH, Desk
from tests.security.rows import superuser
from tests.stack import GraphQLFailedError, found_company

TAG = 'mutation { createTag(input: {name: "wet", color: BLUE}) { ... on CreateTagSuccess { tag { id } } } }'
PUT = """
mutation Put($id: ID!, $tag: ID!) {
  tagConversation(input: {conversationId: $id, addTagIds: [$tag]}) { __typename }
}"""
NOTE = """
mutation Note($id: ID!, $text: String!) {
  addNote(input: {conversationId: $id, text: $text}) { __typename ... on AddNoteSuccess { note { id } } }
}"""
SOURCE = """
mutation Begin($name: String!) {
  createSource(input: {name: $name}) { ... on CreateSourceSuccess { source { id } } }
}"""
ARTICLE = """
mutation Write($source: ID!, $title: String!, $body: String!) {
  createArticle(input: {sourceId: $source, title: $title, body: $body}) {
    __typename ... on CreateArticleSuccess { article { id } }
  }
}"""


async def test_words_in_any_form_phrases_and_what_is_left_out(desk: Desk) -> None:
    boots, phrase, german = "My boots were returned", "I want a return label, please", "Die Rückgabe der Schuhe"
    for said in (boots, phrase, german):
        await desk.ask(said)
    assert set(await desk.said("return")) == {boots, phrase}
    assert await desk.said("returning boot") == [boots]
    assert await desk.said('"return label"') == [phrase]
    assert await desk.said('"label return"') == []
    assert await desk.said("return -label") == [boots]
    assert set(await desk.said("boots or please")) == {boots, phrase}
    assert await desk.said("retu boots") == []
    assert await desk.said("boots retu") == [boots]
    assert await desk.said("ruckgabe") == [german]
    assert await desk.said("RÜCKGABE schu") == [german]
    assert await desk.said("xylophone") == await desk.said("'%_\\&|!():*<") == []


async def test_what_matches_is_marked_and_is_never_markup(desk: Desk) -> None:
    await desk.ask("<b>Where</b> is my parcel? " + "Nobody told me. " * 40 + "The Parcels are called ÄRGER & co.")
    (hit,) = (await desk.find("parcel"))["nodes"]
    pieces = [(piece["text"], piece["isMatch"]) for piece in hit["excerpt"]]
    assert pieces[0] == ("<b>Where</b> is my ", False) and pieces[1] == ("parcel", True)
    assert len("".join(text for text, _ in pieces)) <= 241 and pieces[-1][0].endswith("…")
    (hit,) = (await desk.find("arger"))["nodes"]
    assert [piece["text"] for piece in hit["excerpt"] if piece["isMatch"]] == ["ÄRGER"]
    assert hit["excerpt"][0] == {"text": "…", "isMatch": False}


async def test_nobody_finds_what_they_could_not_see(desk: Desk) -> None:
    mine, theirs = "the secret is amber", "the secret is violet"
    own = await desk.ask(mine)
    await desk.ask(theirs, by=desk.company.other_customer)
    stranger = await found_company(desk.database_url)
    assert set(await desk.said("secret")) == {mine, theirs}
    assert await desk.said("secret", by=desk.company.customer) == [mine]
    assert await desk.said("secret", by=desk.company.other_customer) == [theirs]
    assert await desk.said("secret", by=stranger.admin) == []
    note = await desk.stack.client(desk.company.agent).ask(NOTE, id=own, text="A secret between us")
    assert note["addNote"]["__typename"] == "AddNoteSuccess"
    kinds = [hit["__typename"] for hit in (await desk.find("secret"))["nodes"]]
    assert sorted(kinds) == ["MessageHit", "MessageHit", "NoteHit"]
    seen = await desk.find("secret person", by=desk.company.customer)
    assert seen["nodes"] == []
    assert [hit["__typename"] for hit in (await desk.find("secret", by=desk.company.customer))["nodes"]] == [
        "MessageHit"
    ]
    with pytest.raises(GraphQLFailedError) as refused:
        await desk.stack.client(None).ask(SEARCH, query="secret")
    assert refused.value.code == "UNAUTHENTICATED"


async def test_customers_and_articles_are_found_by_those_who_may_see_them(desk: Desk) -> None:
    found = await desk.find("1@customers")
    assert [(hit["__typename"], hit["customer"]["name"]) for hit in found["nodes"]] == [("CustomerHit", "Person 1")]
    assert [hit["customer"]["name"] for hit in (await desk.find("person 0"))["nodes"]] == ["Person 0"]
    assert (await desk.find("person", by=desk.company.customer))["nodes"] == []
    admin = desk.stack.client(desk.company.admin)
    source = (await admin.ask(SOURCE, name="Handbook"))["createSource"]["source"]["id"]
    draft = await admin.ask(ARTICLE, source=source, title="Umbrellas", body="How to mend umbrellas.")
    assert draft["createArticle"]["__typename"] == "CreateArticleSuccess"
    assert (await desk.find("umbrella"))["nodes"] == []
    publish = "mutation Publish($id: ID!) { publishArticle(input: {articleId: $id}) { __typename } }"
    await admin.ask(publish, id=draft["createArticle"]["article"]["id"])
    for actor in (desk.company.admin, desk.company.customer):
        (hit,) = (await desk.find("umbrella", by=actor))["nodes"]
        assert (hit["__typename"], hit["article"]["title"]) == ("ArticleHit", "Umbrellas")


async def test_a_search_is_narrowed(desk: Desk) -> None:
    first, second = "a yellow coat", "a yellow hat"
    one = await desk.ask(first)
    await desk.ask(second, by=desk.company.other_customer)
    await desk.stack.client(desk.company.customer).ask(command("requestHandoff"), id=one)
    narrowed = [
        {"conversationId": one},
        {"states": ["WAITING"]},
        {"authorKinds": ["CUSTOMER"], "states": ["WAITING"]},
    ]
    for filter in narrowed:
        assert await desk.said("yellow", filter=filter) == [first], filter
    assert await desk.said("yellow", filter={"authorKinds": ["AGENT"]}) == []
    assert await desk.said("yellow", filter={"states": []}) == []
    assert await desk.said("yellow", filter={"until": "2020-01-01T00:00:00Z"}) == []
    assert len(await desk.said("yellow", filter={"since": "2020-01-01T00:00:00Z"})) == 2
    for wrong in ({"conversationId": "nonsense"}, {"since": "2020-01-01T00:00:00"}):
        with pytest.raises(GraphQLFailedError):
            await desk.find("yellow", filter=wrong)


async def test_pages_hold_each_hit_once_while_more_is_said(desk: Desk) -> None:
    for number in range(7):
        await desk.ask(f"the same words {number}")
    seen, after = [], None
    while True:
        page = await desk.find("same words", types=["MESSAGE"], first=3, after=after)
        seen += [hit["message"]["text"] for hit in page["nodes"]]
        await desk.ask("the same words again")
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert sorted(seen) == [f"the same words {number}" for number in range(7)]


@pytest.mark.parametrize("query", ["", "  ", "?!", "word " * 21, "x" * 201, "two\nlines", "-without", "nul\x00"])
async def test_what_is_no_search_is_refused(desk: Desk, query: str) -> None:
    with pytest.raises(GraphQLFailedError) as refused:
        await desk.find(query)
    assert refused.value.code == "INVALID_INPUT"


async def test_what_was_there_before_is_taken_in_once(desk: Desk) -> None:
    await desk.ask("an old harmonica")
    root = superuser(desk.database_url)
    async with root.begin() as connection:
        await connection.execute(text("DELETE FROM search_entry"))
        await connection.execute(text("DELETE FROM search_backlog"))
        nothing = "00000000-0000-0000-0000-000000000000"
        await connection.execute(text(f"INSERT INTO search_backlog VALUES ('message', '{nothing}')"))
    await root.dispose()
    assert await desk.said("harmonica") == []
    database = Database(desk.database_url, pool_size=2)
    while await SqlBacklog(database).shrink():
        pass
    await database.close()
    assert await desk.said("harmonica") == ["an old harmonica"]
    assert (await desk.find("person 0"))["nodes"] == []  # customers were not in the backlog


async def test_a_search_is_narrowed_to_a_tag(desk: Desk) -> None:
    tagged = await desk.ask("Where is my green umbrella?")
    await desk.ask("Another green umbrella, please.")
    agent, admin = desk.stack.client(desk.company.agent), desk.stack.client(desk.company.admin)
    tag = (await admin.ask(TAG))["createTag"]["tag"]["id"]
    await agent.ask(PUT, id=tagged, tag=tag)
    for narrowed in ({"anyTagIds": [tag]}, {"tagIds": [tag]}, {"anyTagIds": [tag], "tagIds": []}):
        found = (await agent.ask(SEARCH, query="green umbrella", types=["MESSAGE"], filter=narrowed))["search"]
        assert [hit["conversation"]["id"] for hit in found["nodes"]] == [tagged], narrowed
    assert not (await agent.ask(SEARCH, query="green umbrella", filter={"anyTagIds": []}))["search"]["nodes"]

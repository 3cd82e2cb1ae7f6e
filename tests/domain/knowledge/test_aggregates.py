"""The rules of sources, articles and imports, without any I/O."""

from uuid import UUID, uuid4

import pytest

from domain.base import ConflictError, InvalidInputError, InvalidStateError
from domain.conversation.events import ConversationResolved
from domain.knowledge.aggregate import Article, Source
from domain.knowledge.content import MAX_QUESTIONS, Content, Document, content_of, name_of
from domain.knowledge.events import (
    ArticleState,
    Audience,
    ImportOptions,
    ImportProgressed,
    ImportState,
    Place,
    Problem,
    Progress,
)
from domain.knowledge.importing import MAX_PROBLEMS, Import
from domain.knowledge.passages import Index
from domain.knowledge.service import Edit

SOURCE = uuid4()
INDEX = Index("T", (), ("T",))


def article(content: Content | None = None) -> Article:
    made = Article(uuid4(), uuid4())
    made.create(SOURCE, content or content_of("T", "B"))
    return made


def kinds(made: Article | Source | Import) -> list[str]:
    return [event.kind for event in made.pending]


def test_an_article_goes_from_draft_to_use_and_back() -> None:
    made = article()
    assert (made.state, made.number, made.published_number) == (ArticleState.DRAFT, 1, None)
    with pytest.raises(InvalidStateError):
        made.unpublish()
    made.publish(INDEX)
    made.edit(content_of("T2", "B"), based_on=1)
    assert (made.state, made.number, made.published_number) == (ArticleState.PUBLISHED, 2, 1)
    made.publish(INDEX)
    made.unpublish()
    made.delete()
    assert (made.state, made.published_number, made.deleted) == (ArticleState.UNPUBLISHED, None, True)
    assert kinds(made) == [
        "ArticleCreated",
        "ArticlePublished",
        "ArticleEdited",
        "ArticlePublished",
        "ArticleUnpublished",
        "ArticleDeleted",
    ]


def test_what_changes_nothing_is_no_event() -> None:
    made = article()
    made.publish(INDEX)
    made.publish(INDEX)
    made.edit(made.content, based_on=None)
    assert kinds(made) == ["ArticleCreated", "ArticlePublished"]
    with pytest.raises(ConflictError, match="version 1"):
        made.edit(content_of("X", "B"), based_on=7)


def test_a_document_comes_into_use_goes_with_its_file_and_comes_back() -> None:
    made, document = Article(uuid4(), uuid4()), Document("a.md", content_of("T", "B"))
    made.receive(SOURCE, document, INDEX)
    assert (made.state, made.number, made.origin) == (ArticleState.PUBLISHED, 1, document.content.digest)
    made.withdraw()
    assert (made.state, made.origin) == (ArticleState.UNPUBLISHED, "")
    made.receive(SOURCE, document, INDEX)
    assert (made.state, made.number) == (ArticleState.PUBLISHED, 1)
    made.receive(SOURCE, Document("a.md", content_of("T", "C")), None)
    assert (made.number, made.published_number) == (2, 1)
    assert kinds(made) == ["ArticleImported", "ArticleWithdrawn", "ArticleImported", "ArticleEdited"]


def test_events_of_others_are_refused() -> None:
    for made in (article(), Source(uuid4(), uuid4()), Import(uuid4(), uuid4())):
        with pytest.raises(TypeError):
            made.replay([ConversationResolved(1, "")])


def test_a_source_has_a_name_on_one_line() -> None:
    source = Source(uuid4(), uuid4())
    source.create(" Help \n centre ")
    source.rename("Help centre")
    source.rename("Handbook")
    assert (source.name, kinds(source)) == ("Handbook", ["SourceCreated", "SourceRenamed"])
    with pytest.raises(InvalidInputError):
        source.rename(" ")


def running(options: ImportOptions | None = None) -> Import:
    one = Import(UUID(int=1), UUID(int=2))
    one.start(SOURCE, options or ImportOptions(), total=3, place=Place())
    return one


def test_an_import_adds_up_and_ends_once() -> None:
    one = running()
    one.advance(Progress(done=1, read=2, created=2), (), Place(1))
    one.advance(Progress(read=1, updated=1, failed=1), [Problem("a\nb", "why " * 200)])
    assert one.progress == Progress(total=3, done=1, read=3, created=2, updated=1, failed=1)
    assert one.problems[0].name == "a b" and len(one.problems[0].reason) <= 300
    one.finish()
    one.stop("too late")
    assert (one.state, kinds(one)[-1]) == (ImportState.FINISHED, "ImportFinished")
    for attempt in (one.finish, lambda: one.advance(Progress(), ())):
        with pytest.raises(InvalidStateError, match="finished"):
            attempt()


def test_an_import_remembers_so_many_problems_and_counts_all() -> None:
    one = running()
    for _ in range(3):
        one.advance(Progress(failed=100), [Problem("a", "b")] * 100)
    assert (len(one.problems), one.progress.failed) == (MAX_PROBLEMS, 300)
    last = one.pending[-1]
    assert isinstance(last, ImportProgressed) and last.problems == ()


def test_content_is_checked_field_by_field() -> None:
    with pytest.raises(InvalidInputError) as refused:
        content_of("t" * 301, "\x00", questions=["q" * 501, *map(str, range(MAX_QUESTIONS))], link="ftp://x.example")
    assert [problem.path for problem in refused.value.fields] == ["title", "body", "questions", "link", "questions"]
    for link in ("javascript:alert(1)", "data:text/html,x", "//x.example", "http://", "https://[x"):
        with pytest.raises(InvalidInputError):
            content_of("T", "B", link=link)
    with pytest.raises(InvalidInputError):
        content_of("T", "\ud800")
    with pytest.raises(InvalidInputError):
        name_of("n" * 501, "input.name")


def test_content_is_tidied() -> None:
    content = content_of(" A \n title ", "\r\na\r\nb\r\n", questions=[" q ", "", "q"], link=" ")
    assert content == Content("A title", "a\nb", ("q",))


def test_each_part_of_a_content_counts_in_its_digest() -> None:
    content = content_of("T", "B", questions=["q"], link="https://x.example")
    others = [
        content_of("U", "B", questions=["q"], link="https://x.example"),
        content_of("T", "C", questions=["q"], link="https://x.example"),
        content_of("T", "B", questions=["r"], link="https://x.example"),
        content_of("T", "B", questions=["q"], link="https://y.example"),
        content_of("T", "B", questions=["q"], link="https://x.example", audience=Audience.INTERNAL),
    ]
    assert len({content.digest, *(other.digest for other in others)}) == 6


def test_an_edit_changes_what_it_names() -> None:
    content = content_of("T", "B", questions=["q"], link="https://x.example", audience=Audience.INTERNAL)
    assert Edit().of(content) == content
    assert Edit(link="").of(content).link is None
    assert Edit(questions=[]).of(content).questions == ()
    with pytest.raises(InvalidInputError) as refused:
        Edit(title="").of(content)
    assert refused.value.fields[0].path == "input.title"

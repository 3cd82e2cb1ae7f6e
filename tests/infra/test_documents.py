"""Every format becomes the same documents, and what cannot be read is told with its name and reason."""

import io
import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from domain.knowledge.content import Document
from domain.knowledge.events import Audience, Problem
from domain.knowledge.imports import EndOfFile
from domain.knowledge.passages import Block, BlockKind
from domain.knowledge.ports import StoredFile
from infra.documents import EXTENSIONS, Reading, collect, pages, parse
from infra.documents.markdown import blocks
from infra.documents.records import MAX_LINE


def read(name: str, content: bytes | str, prefix: str = "") -> list[Document | Problem]:
    return list(parse(StoredFile(name, content.encode() if isinstance(content, str) else content), prefix))


def one(name: str, content: bytes | str, prefix: str = "") -> Document:
    (document,) = read(name, content, prefix)
    assert isinstance(document, Document), document
    return document


def problem(name: str, content: bytes | str) -> Problem:
    (found,) = read(name, content)
    assert isinstance(found, Problem), found
    return found


def test_front_matter_says_what_a_document_is() -> None:
    text = """---
title: "Goodwill: limits"
link: https://help.example/goodwill
audience: internal
questions:
  - How much may I give?
  - goodwill limit
---
## Limits

Twenty euros.
"""
    document = one("internal/goodwill.md", text)
    assert document.external_id == "internal/goodwill.md"
    assert document.content.title == "Goodwill: limits"
    assert document.content.body == "## Limits\n\nTwenty euros."
    assert document.content.questions == ("How much may I give?", "goodwill limit")
    assert document.content.audience is Audience.INTERNAL
    assert document.content.link == "https://help.example/goodwill"


def test_without_front_matter_the_first_heading_is_the_title_and_else_the_name() -> None:
    assert one("a.md", "# Refunds\n\nFive days.").content.body == "Five days."
    assert one("a.md", "# Refunds #\r\n\r\nFive days.\r\n").content.title == "Refunds"
    assert one("gift-cards_2.md", "Cards.").content.title == "gift cards 2"
    assert one("a.txt", "# No heading here").content.body == "# No heading here"


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: [", "not YAML (line"),
        ("- a\n- b", "names with values"),
        ("title:\n  a: b", "“title” must be a text, not an object"),
        ("questions: 7", "“questions” must be"),
        ("audience: staff", "“audience” must be everyone or internal"),
        ("link: javascript:alert(1)", "link: A link must begin"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\ntitle: *zzz", "not YAML"),
        ("x" * 20_001, "more than 20,000 characters"),
    ],
)
def test_front_matter_that_cannot_be_used_is_refused(front: str, reason: str) -> None:
    assert reason in problem("a.md", f"---\n{front}\n---\nText.").reason


def test_an_unknown_audience_is_never_taken_for_everyone() -> None:
    assert isinstance(read("a.jsonl", '{"title": "T", "text": "B", "audience": "private"}')[0], Problem)
    assert one("a.jsonl", '{"title": "T", "text": "B", "audience": "Public"}').content.audience is Audience.EVERYONE


@pytest.mark.parametrize("title", ["Internal: Limits", "internal : limits", "Limits (Internal)", "(internal) Limits"])
def test_a_title_that_says_internal_wins_over_the_field(title: str) -> None:
    text = f"---\ntitle: '{title}'\naudience: everyone\n---\nFifty euros."
    assert one("a.md", text).content.audience is Audience.INTERNAL


def test_a_title_that_only_speaks_of_it_does_not() -> None:
    assert one("a.md", "---\ntitle: Internal pockets of a coat\n---\nTwo.").content.audience is Audience.EVERYONE


@pytest.mark.parametrize("title", ["Agents: Limits", "agents: limits"])
def test_a_prefix_makes_a_document_internal_and_stays_in_its_title(title: str) -> None:
    document = one("a.jsonl", json.dumps({"title": title, "text": "B"}), "Agents:")
    assert (document.content.title, document.content.audience) == (title, Audience.INTERNAL)
    assert one("a.jsonl", json.dumps({"title": title, "text": "B"})).content.audience is Audience.EVERYONE


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("\ufeffCafé".encode(), "Café"),
        ("Café".encode("utf-16"), "Café"),
    ],
)
def test_byte_order_marks_are_understood(content: bytes, text: str) -> None:
    assert one("a.txt", content).content.body == text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"caf\xe9", "byte 3 is 0xE9"),
        ("a.md", b"", "body: Write something"),
        ("a.md", b"a\x00b", "NUL"),
        ("a.md", "x" * 200_001, "200,001 characters"),
        ("a.md", b"x" * 5_000_001, "5,000,001 bytes"),
        ("a.exe", b"MZ", ".markdown, .md"),
        ("noending", b"x", ".markdown, .md"),
        ("a.pdf", b"%PDF-1.7 nonsense", "PDF"),
        ("a.pdf", b"", "PDF"),
        ("a.html", b"<div>" * 20_000, "nested too deeply"),
        ("a.html", b"<script>x</script>", "body: Write something"),
        (f"{'n' * 501}.md", b"x", "longer than 500"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(name: str, content: bytes | str, reason: str) -> None:
    found = problem(name, content)
    assert found.name == name and reason in found.reason


def test_json_lines_are_documents_of_their_own() -> None:
    lines = [
        '{"id": "a", "title": "Fees", "text": "None.", "questions": ["What does it cost?"]}',
        "",
        "not json",
        "[1]",
        '{"question": "How?", "answer": "So."}',
        '{"id": "a", "title": "Fees again", "text": "Two."}',
        '{"id": "b", "title": "No text"}',
        '{"id": 7, "title": "Number", "text": "Seven."}',
    ]
    found = read("faq.jsonl", "\n".join(lines))
    documents = [item for item in found if isinstance(item, Document)]
    assert [document.content.title for document in documents] == ["Fees", "How?", "Number"]
    assert documents[0].external_id == "faq.jsonl#a" and documents[2].external_id == "faq.jsonl#7"
    assert documents[1].external_id == one("faq.jsonl", lines[4].replace("So.", "Thus.")).external_id
    problems = [item for item in found if isinstance(item, Problem)]
    assert [item.name for item in problems] == [f"faq.jsonl, line {number}" for number in (3, 4, 6, 7)]
    assert "not JSON" in problems[0].reason and "twice" in problems[2].reason


def test_a_line_without_end_is_told_and_passed_over() -> None:
    found = read("a.jsonl", b'"' + b"x" * (MAX_LINE * 2) + b'"\n{"title": "T", "text": "B"}')
    assert [type(item).__name__ for item in found] == ["Problem", "Document"]
    assert "2,000,000 bytes" in str(found[0])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_has_a_header_and_several_lines_in_a_cell(delimiter: str) -> None:
    rows = [["Question", "Answer", "Audience"], ['"How?\nIn what way?"', '"So.\nAnd so."', "internal"]]
    document = one("faq.csv", "\n".join(delimiter.join(row) for row in rows))
    assert document.content.title == "How?"
    assert document.content.questions == ("How?", "In what way?")
    assert document.content.body == "So.\nAnd so."
    assert document.content.audience is Audience.INTERNAL


def test_rows_with_one_id_are_one_document() -> None:
    text = "id,question,answer\n1,How?,So.\n1,In what way?,\n2,Why?,Because.\n,When?,Now.\n,Where?,Here."
    documents = [item for item in read("faq.csv", text) if isinstance(item, Document)]
    assert [document.content.questions for document in documents] == [
        ("How?", "In what way?"),
        ("Why?",),
        ("When?",),
        ("Where?",),
    ]
    assert len({document.external_id for document in documents}) == 4


@pytest.mark.parametrize("text", ["a,b\n1,2", "", "title,question\nx,y"])
def test_a_table_without_the_columns_is_told(text: str) -> None:
    assert problem("faq.csv", text).name == "faq.csv, line 1"


def test_a_bad_row_is_told_and_stops_nobody() -> None:
    found = read("faq.csv", 'title,text\nOne,"1"\n"a"b,c\nTwo,2\nThree\n')
    assert [item.content.body if isinstance(item, Document) else item.name for item in found] == [
        "1",
        "faq.csv, line 3",
        "2",
        "faq.csv, line 5",
    ]


PAGE = """<html><head><title>Site | Fees</title><link rel="canonical" href="https://x.example/fees">
<meta name="audience" content="internal"><script>alert(1)</script></head><body><nav>Home</nav><main><h1>Fees</h1>
Loose <b>text</b> here<div>One</div><div>Two</div><h2>Cash</h2><p>Free at <a href="/m">machines</a>.</p>
<ul><li>one</li><li>two</li></ul><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>
<pre>code
  here</pre></main><footer>Imprint</footer></body></html>"""


def test_a_page_keeps_its_headings_lists_and_tables_and_nothing_around_them() -> None:
    content = one("fees.html", PAGE).content
    assert (content.title, content.link, content.audience) == ("Fees", "https://x.example/fees", Audience.INTERNAL)
    assert content.body == (
        "Loose text here\n\nOne\n\nTwo\n\n## Cash\n\nFree at machines.\n\n- one\n- two\n\n"
        "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |\n\n```\ncode\n  here\n```"
    )


def pdf(text: str, *, password: str = "", title: str = "", repeated: int = 1) -> bytes:
    """A page that says a text, compressed, maybe again and again."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = {"/Type": NameObject("/Font"), "/Subtype": NameObject("/Type1"), "/BaseFont": NameObject("/Helvetica")}
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(_dictionary(font))})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 20 200 Td " + f"({text}) Tj ".encode() * repeated + b"ET")
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def _dictionary(entries: dict[str, NameObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): value for name, value in entries.items()})


def test_a_pdf_is_read_page_by_page() -> None:
    document = one("manual.pdf", pdf("Turn it on.", title="The manual"))
    assert (document.content.title, document.content.body) == ("The manual", "Turn it on.")
    assert one("user-manual.pdf", pdf("Turn it on.")).content.title == "user manual"


def test_a_pdf_that_holds_no_text_or_a_lock_is_told() -> None:
    assert "password" in problem("a.pdf", pdf("Secret.", password="x")).reason
    assert "text recognition" in problem("a.pdf", pdf("")).reason


def test_a_pdf_that_is_small_only_on_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = pdf("A" * 1_000, repeated=6_000)
    assert len(bomb) < 30_000
    assert "drawn with more than 5,000,000 bytes" in problem("a.pdf", bomb).reason
    assert "200,000 characters" in problem("a.pdf", pdf("A" * 1_000, repeated=250)).reason
    monkeypatch.setattr(pages, "PDF_SECONDS", 0.05)
    assert "takes too long" in problem("a.pdf", pdf("A", repeated=50_000)).reason


def test_blocks_are_written_as_they_were() -> None:
    text = "Intro\n\n# A *b* `c`\n\npara\nmore\n\n```\n# no heading\n```\n\n"
    text += "| a |\n|---|\n| 1 |\n\n- x\n  - y\n\n[a]: b\n\nSet\n---\n"
    assert blocks(text) == [
        Block(BlockKind.PROSE, "Intro"),
        Block(BlockKind.HEADING, "A b c", 1),
        Block(BlockKind.PROSE, "para\nmore"),
        Block(BlockKind.LINES, "```\n# no heading\n```"),
        Block(BlockKind.LINES, "| a |\n|---|\n| 1 |"),
        Block(BlockKind.LINES, "- x\n  - y"),
        Block(BlockKind.LINES, "[a]: b"),
        Block(BlockKind.HEADING, "Set", 2),
    ]


LINE_MARKS = ["# ", "## ", "- ", "1. ", "> ", "```", "|", "|-|", "---", "===", "<b>", "[a]: b"]
marks = st.sampled_from([*LINE_MARKS, "\t", "    ", "\n", "\n\n"])
markdown = st.lists(st.one_of(marks, st.text("ab é*_`[]()", max_size=8)), max_size=60).map("".join)


@given(markdown)
def test_every_word_of_markdown_is_in_a_block(text: str) -> None:
    found = "".join(block.text for block in blocks(text))
    assert re.findall(r"[abé]", found) == re.findall(r"[abé]", text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(EXTENSIONS)),
    st.one_of(
        st.binary(max_size=200),
        st.text('abc,;"{}[]<>/=-:#\n\t é', max_size=200).map(str.encode),
        st.binary(max_size=60).map(lambda noise: b"%PDF-1.7\n1 0 obj<</Type/Catalog" + noise),
    ),
)
def test_no_content_ends_an_import(extension: str, content: bytes) -> None:
    for item in read(f"a{extension}", content):
        assert isinstance(item, Document | Problem)
        assert not isinstance(item, Problem) or item.reason


def test_a_folder_is_read_in_order_and_never_outside_of_itself(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "secret.md"
    (root / "sub").mkdir(parents=True)
    outside.write_text("Secret.")
    (root / "b.md").write_text("B.")
    (root / "sub" / "a.txt").write_text("A.")
    (root / ".hidden.md").write_text("H.")
    (root / "picture.png").write_bytes(b"x")
    (root / "out.md").symlink_to(outside)
    (root / "in.md").symlink_to(root / "b.md")
    (root / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(root / "pipe.md")
    (root / "gone.md").symlink_to(root / "nothing.md")
    folder = collect(root)
    assert [file.name for file in folder.files] == ["b.md", "gone.md", "in.md", "out.md", "pipe.md", "sub/a.txt"]
    assert folder.others == 1
    reading = Reading(folder, "")
    items = list(reading)
    assert [item.content.body for item in items if isinstance(item, Document)] == ["B.", "B.", "A."]
    assert {item.name: item.reason for item in items if isinstance(item, Problem)} == {
        "gone.md": "It is no ordinary file.",
        "out.md": "It is a link out of the folder.",
        "pipe.md": "It is no ordinary file.",
    }
    assert sum(isinstance(item, EndOfFile) for item in items) == 6
    assert reading.position == folder.size
    assert "sub/a.txt" in reading.present and "out.md" in reading.present and "c.md" not in reading.present


def test_a_single_file_goes_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"id": 1, "title": "T", "text": "B"}')
    (document,) = [item for item in Reading(collect(path), "") if isinstance(item, Document)]
    assert document.external_id == "faq.jsonl#1"
    with pytest.raises(FileNotFoundError):
        collect(tmp_path / "nothing")

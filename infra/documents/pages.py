"""HTML pages and PDF files as Markdown."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from domain.knowledge.content import MAX_BODY
from infra.documents.text import UnusableError

MAX_PAGES = 2_000
MAX_DRAWING = 5_000_000
PDF_SECONDS = 30.0
"""How long one PDF may take, looked at before each of its drawing operations."""
LEFT_OUT = [
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "svg",
    "iframe",
    "button",
]
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
INLINE = {
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "em",
    "i",
    "kbd",
    "mark",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
}
BLOCKS = ("p", "li", "pre", "table", "dt", "dd", "blockquote", "figcaption", *HEADINGS)


def html_fields(content: bytes, name: str) -> dict[str, Any]:
    """Title, body, link and audience of a page: its main part, headings and lists kept, what frames it dropped."""
    try:
        soup = BeautifulSoup(content, "html.parser")
        if soup.contains_replacement_characters:
            raise UnusableError("Its characters are in no known encoding. Save it as UTF-8.")
        fields = {
            "title": _title(soup) or PurePosixPath(name).stem,
            "audience": _meta(soup, "audience"),
            "link": _canonical(soup),
        }
        main = soup.find("main") or soup.find("article") or soup.body or soup
        return fields | {"body": "\n\n".join(_markdown(main, str(fields["title"])))}
    except RecursionError:
        raise UnusableError("Its elements are nested too deeply.") from None


def _title(soup: BeautifulSoup) -> str:
    found = soup.find("h1") or soup.find("title")
    return _words(found) if found else ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    found = soup.find("meta", attrs={"name": name})
    return str(found.get("content") or "") if found else ""


def _canonical(soup: BeautifulSoup) -> str:
    found = soup.find("link", rel="canonical")
    link = str(found.get("href") or "") if found else ""
    return link if link.startswith(("http://", "https://")) else ""


def _markdown(main: Tag, title: str) -> Iterator[str]:
    """The blocks of a page, in order; text that is in no block becomes paragraphs."""
    for unwanted in main.find_all(LEFT_OUT):
        unwanted.decompose()
    for joint, texts in groupby(_parts(main, title), key=lambda part: part[0]):
        if text := joint.join(text for _, text in texts if text):
            yield text


def _parts(element: Tag, title: str) -> Iterator[tuple[str, str]]:
    """Texts, each with what joins it to its neighbours of the same kind."""
    for child in element.children:
        if not isinstance(child, Tag):
            if not isinstance(child, PreformattedString):
                yield " ", " ".join(str(child).split())
        elif child.name in BLOCKS and not _holds_blocks(child):
            if child.name != "h1" or _words(child) != title:
                yield "\n" if child.name == "li" else "\n\n", _block(child)
        elif child.name in INLINE:
            yield from _parts(child, title)
        else:
            yield "\n\n", ""
            yield from _parts(child, title)
            yield "\n\n", ""


def _holds_blocks(element: Tag) -> bool:
    """A list item or a quote around whole blocks is passed through to them."""
    return element.name in ("li", "dd", "blockquote") and element.find(BLOCKS) is not None


def _block(element: Tag) -> str:
    if element.name == "table":
        return _table(element)
    if element.name == "pre":
        return f"```\n{element.get_text().strip()}\n```" if element.get_text().strip() else ""
    words = _words(element)
    mark = HEADINGS.get(element.name) or ("-" if element.name == "li" else "")
    return f"{mark} {words}".strip() if words else ""


def _words(element: Tag) -> str:
    return " ".join(element.get_text().split())


def _table(table: Tag) -> str:
    rows = [[_words(cell).replace("|", "\\|") for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    lines = [f"| {' | '.join(cells)} |" for cells in rows if any(cells)]
    if lines:
        lines.insert(1, "|" + " --- |" * len(next(cells for cells in rows if any(cells))))
    return "\n".join(lines)


def pdf_fields(content: bytes, name: str) -> dict[str, Any]:
    """Title and text of a PDF, each page a paragraph; raises `UnusableError` for one that holds no text."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnusableError("It is protected by a password.")
        title = str((reader.metadata and reader.metadata.title) or "").strip()
        body = "\n\n".join(_pages(reader))
    except PyPdfError as error:
        raise UnusableError(f"This PDF cannot be read: {str(error).rstrip('.')}.") from None
    if not body.strip():
        raise UnusableError("This PDF holds pictures, not text. Run it through text recognition first.")
    return {"title": title or PurePosixPath(name).stem.replace("-", " ").replace("_", " "), "body": body}


def _pages(reader: PdfReader) -> Iterator[str]:
    ends, length = time.monotonic() + PDF_SECONDS, 0
    for number, page in enumerate(reader.pages, 1):

        def check(*_: Any, number: int = number) -> None:
            if time.monotonic() > ends or number > MAX_PAGES:
                raise UnusableError(f"It takes too long: reading stopped at page {number:,}. Split it.")

        check()
        drawn = page.get_contents()
        if drawn is not None and len(drawn.get_data()) > MAX_DRAWING:
            raise UnusableError(f"Page {number:,} is drawn with more than {MAX_DRAWING:,} bytes. Leave it out.")
        text = page.extract_text(visitor_operand_before=check).strip()
        length += len(text)
        if length > MAX_BODY:
            raise UnusableError(f"It has more than {MAX_BODY:,} characters by page {number:,}. Split it.")
        if text:
            yield text

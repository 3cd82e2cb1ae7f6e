"""What somebody wrote, without what they answer to: quoted mails go, HTML becomes words."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Comment, Tag
from mailparser_reply import EmailReplyParser
from mailparser_reply.constants import MAIL_LANGUAGES

LONGEST_LOOKED_AT = 20_000
LONGEST_LINE = 1_000
MOST_LINES = 1_000
"""Beyond these a text is left as it is: the expressions that find quotes take long on what no person writes."""
PARSER = EmailReplyParser(languages=list(MAIL_LANGUAGES))
UNSEEN = ("script", "style", "head", "title", "template", "noscript", "svg", "iframe", "object", "form", "meta", "link")
BLOCKS = {"p", "div", "li", "tr", "table", "blockquote", "ul", "ol", "pre", *(f"h{level}" for level in range(1, 7))}
QUOTES = "blockquote[type=cite], div.gmail_quote, div.yahoo_quoted, div#divRplyFwdMsg, div#appendonsend"
HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|;|$)", re.IGNORECASE)
QUOTED = re.compile(r"^\s*>")
SIGNED = re.compile(r"\n-- ?\n[\s\S]{0,2000}\Z")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without what no database takes, and without characters that hide or turn others around."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def trimmed(text: str) -> str:
    """The newest words of a mail; all of it where nothing would be left, or where it is unlike what people write."""
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    lines = text.split("\n")
    if len(text) > LONGEST_LOOKED_AT or len(lines) > MOST_LINES or max(map(len, lines)) > LONGEST_LINE:
        return text
    newest = PARSER.read(text).latest_reply or ""
    return _unquoted(SIGNED.sub("", "\n" + newest)) or text


def _unquoted(text: str) -> str:
    """Without the quotes at its end; those between somebody's lines are what the lines are about."""
    lines = text.strip().split("\n")
    while lines and (QUOTED.match(lines[-1]) or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines).strip()


def plain_texts(html: str) -> tuple[str, str]:
    """The words of an HTML mail as they are seen: all of them, and without quoted mails that say they are such."""
    try:
        soup = BeautifulSoup(html, "html.parser")
        for unseen in soup.find_all(UNSEEN):
            unseen.decompose()
        whole = _words(soup)
        for quote in soup.select(QUOTES):
            quote.decompose()
        return whole, _words(soup) or whole
    except RecursionError:
        bare = re.sub(r"<[^<>]*>", " ", html)
        return bare, bare


def _words(soup: BeautifulSoup) -> str:
    """What is seen of it: words that only machines see are not what somebody said."""
    pieces: list[str] = []
    hidden: set[int] = set()
    for node in soup.descendants:  # each element stands before what is in it
        if id(node.parent) in hidden or (isinstance(node, Tag) and _hides(node)):
            hidden.add(id(node))
        elif isinstance(node, Tag):
            pieces += ["\n"] if node.name == "br" or node.name in BLOCKS else []
        elif not isinstance(node, Comment):
            pieces.append(re.sub(r"\s+", " ", str(node)))
    lines = ("".join(pieces)).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


def _hides(element: Tag) -> bool:
    return element.has_attr("hidden") or bool(HIDING.search(str(element.get("style") or "")))

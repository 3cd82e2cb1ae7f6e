"""Markdown: its front matter, its title, and the blocks that passages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from domain.knowledge.passages import Block, BlockKind
from infra.documents.text import UnusableError

FENCE = "---"
MAX_FRONT_MATTER = 20_000

# Only blocks are wanted: reading what stands inside the lines would cost ten times as much.
_markdown = MarkdownIt("commonmark").enable("table")
_markdown.core.ruler.enableOnly(["normalize", "block"])

PROSE = ("paragraph_open", "blockquote_open")
HEADING = "heading_open"


def blocks(body: str) -> Sequence[Block]:
    """The top-level blocks of a Markdown text, as they were written."""
    lines = body.split("\n")
    tokens = _markdown.parse(body)
    found: list[Block] = []
    start = 0
    for index, token in enumerate(tokens):
        if token.level or token.nesting < 0 or token.map is None:
            continue
        begin, end = token.map
        _add(found, BlockKind.LINES, lines[start:begin])
        if token.type == HEADING:
            found.append(Block(BlockKind.HEADING, _heading(tokens[index + 1]), int(token.tag[1:])))
        elif token.type != "hr":
            _add(found, BlockKind.PROSE if token.type in PROSE else BlockKind.LINES, lines[begin:end])
        start = max(start, end)
    _add(found, BlockKind.LINES, lines[start:])
    return found


def _add(found: list[Block], kind: BlockKind, lines: Sequence[str]) -> None:
    """Lines between blocks count too: definitions of links belong to no token."""
    if text := "\n".join(lines).strip("\n").rstrip():
        found.append(Block(kind, text))


def _heading(inline: Token) -> str:
    return " ".join(inline.content.replace("*", "").replace("`", "").split())


def fields_of(text: str, name: str) -> dict[str, Any]:
    """Front matter, body and title of a Markdown document.

    The title is that of the front matter, else the first heading if the text begins with it, else the file's name.
    """
    fields, body = _front_matter(text.replace("\r\n", "\n").removeprefix("\ufeff"))
    first, rest = _first_heading(body)
    if not fields.get("title"):
        fields["title"] = first or PurePosixPath(name).stem.replace("-", " ").replace("_", " ")
    if first and first == fields["title"]:
        body = rest
    return fields | {"body": body}


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    head, fence, body = text.partition(f"\n{FENCE}\n") if text.startswith(f"{FENCE}\n") else ("", "", text)
    if not fence:
        return {}, text
    if len(head) > MAX_FRONT_MATTER:
        raise UnusableError(f"Its front matter has more than {MAX_FRONT_MATTER:,} characters.")
    try:
        fields = yaml.safe_load(head.removeprefix(FENCE))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnusableError(f"Its front matter is not YAML{_line(error)}.") from None
    if fields is None:
        return {}, body
    if not isinstance(fields, dict):
        raise UnusableError("Its front matter must be names with values.")
    return {str(name).lower(): value for name, value in fields.items()}, body


def _line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" (line {mark.line + 1})" if mark else ""


def _first_heading(body: str) -> tuple[str, str]:
    """The heading of level 1 that a text begins with, and the text after it."""
    line, _, rest = body.lstrip("\n").partition("\n")
    if not line.startswith("# "):
        return "", body
    return line[2:].strip().rstrip("#").strip(), rest

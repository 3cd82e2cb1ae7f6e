"""What somebody looks for: the words they typed, and what narrows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.base import ActorKind, FieldProblem, InvalidInputError
from domain.conversation.events import ConversationState

LONGEST = 200
MOST_WORDS = 20
SHORTEST_PREFIX = 2
"""Letters of a last word from which it also stands for the words that begin with it."""
PIECE = re.compile(r'(?P<without>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
LETTERS = re.compile(r"\w+")


class Kind(StrEnum):
    """What can be found."""

    MESSAGE = "message"
    NOTE = "note"
    CUSTOMER = "customer"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What of conversations is looked through; what is unset does not narrow it, an empty list finds nothing.

    What conversations are filtered by leaves only messages and notes to be found.
    """

    inbox_ids: Sequence[UUID] | None = None
    states: Sequence[ConversationState] | None = None
    assignee_ids: Sequence[UUID] | None = None
    tag_ids: Sequence[UUID] | None = None
    author_kinds: Sequence[ActorKind] | None = None
    customer_id: UUID | None = None
    conversation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_of_conversations(self) -> bool:
        """Whether it asks for something that only messages and notes have."""
        lists = (self.inbox_ids, self.states, self.assignee_ids, self.tag_ids, self.author_kinds)
        return any(each is not None for each in (*lists, self.customer_id, self.conversation_id))


@dataclass(frozen=True, slots=True)
class Search:
    """A search: `text` in the usual notation (`"a phrase"`, `-without`, `or`), `opening` and `prefix` where it can go
    on, and the words that count, which are marked in what is found."""

    text: str
    opening: str = ""
    prefix: str = ""
    words: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = tuple(Kind)
    filter: SearchFilter = field(default_factory=SearchFilter)


def search(text: str, kinds: Sequence[Kind] | None = None, wanted: SearchFilter | None = None) -> Search:
    """The search that somebody means; `InvalidInputError` for what is none."""
    if problem := _problem(text, kinds):
        raise InvalidInputError(problem)
    words: list[str] = []
    opening, prefix = "", ""
    for piece in PIECE.finditer(text):
        said = piece["phrase"] if piece["phrase"] is not None else piece["word"]
        if piece["without"] is None and not (piece["word"] and said.lower() == "or"):
            words += LETTERS.findall(said)
        goes_on = piece.end() == len(text) and piece["without"] is None and LETTERS.fullmatch(piece["word"] or "")
        if goes_on and len(said) >= SHORTEST_PREFIX:
            opening, prefix = text[: piece.start()], said
    if not words:
        raise InvalidInputError(FieldProblem("query", "Say what to look for: at least one word that is to be there."))
    return Search(
        text,
        opening,
        prefix,
        tuple(words),
        tuple(Kind) if kinds is None else tuple(dict.fromkeys(kinds)),
        wanted or SearchFilter(),
    )


def _problem(text: str, kinds: Sequence[Kind] | None) -> FieldProblem | None:
    if len(text) > LONGEST or len(text.split()) > MOST_WORDS:
        return FieldProblem("query", f"Look for at most {MOST_WORDS} words of {LONGEST} characters together.")
    if not text.isprintable():
        return FieldProblem("query", "Leave out line breaks and other characters that do not show.")
    return None if kinds is None or kinds else FieldProblem("types", "Name at least one, or leave them out.")

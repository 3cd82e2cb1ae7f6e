"""The public corpora, read from outside the repository, as articles to know and questions to ask."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.assistant import Speaker, Turn
from domain.knowledge.passages import split
from infra.documents.markdown import blocks

VARIABLE = "PARLEY_CORPORA"
FOLDER = Path(os.environ.get(VARIABLE) or Path(__file__).parents[1].parent / "shared" / "data")

SAID = re.compile(r'"([^"\n]{20,})"')
"""What somebody says in a brief."""

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """A passage of an article under its own id in the corpus."""

    id: str
    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Entry:
    """An article; `group` is the business or site that it belongs to, internal ones are for staff only."""

    id: str
    title: str
    phrases: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    group: str = ""
    internal: bool = False


@dataclass(frozen=True)
class Asked:
    """A question and what answers it: nothing, where it is out of scope. `groups` narrows where to look."""

    text: str
    relevant: frozenset[str]
    in_scope: bool
    history: tuple[Turn, ...] = ()
    groups: frozenset[str] = frozenset()
    held_out: bool = True


@dataclass(frozen=True)
class Corpus:
    """One knowledge base with the questions asked of it, in named sets."""

    name: str
    entries: Sequence[Entry]
    questions: Mapping[str, Sequence[Asked]] = field(default_factory=dict)


def present() -> bool:
    """Whether the corpora are on this machine."""
    return (FOLDER / "README.md").is_file()


def lines(path: str) -> Iterator[Line]:
    """The records of one JSONL file."""
    with (FOLDER / f"{path}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def topics(name: str, knowledge: str, **questions: str) -> Corpus:
    """A corpus of topics with variants of the question and no text."""
    entries = [Entry(one["id"], one["title"], tuple(one["questions"])) for one in lines(knowledge)]
    return Corpus(name, entries, {kind: [asked(one) for one in lines(path)] for kind, path in questions.items()})


def asked(line: Line) -> Asked:
    """A question as its line has it."""
    speakers = {"user": Speaker.CUSTOMER, "agent": Speaker.ASSISTANT}
    history = tuple(Turn(speakers[turn["role"]], turn["text"]) for turn in line.get("history", ()))
    return Asked(line["query"], frozenset(line["relevant"]), line["in_scope"], history)


def doc2dial() -> Corpus:
    """Long public-service pages and the dialogues about them; three tenths of the dialogues were tuned on."""
    pages: dict[str, list[Line]] = {}
    for line in lines("doc2dial/kb_passages"):
        pages.setdefault(line["doc"], []).append(line)
    entries = [Entry(page, cut[0]["title"], pieces=tuple(map(_piece, cut))) for page, cut in pages.items()]
    dialogues = [_in_dialogue(line) for line in lines("doc2dial/queries")]
    unknown = [asked(line) for line in lines("doc2dial/queries_oos_covid")]
    opening = [one for one in dialogues if not one.history]
    return Corpus("doc2dial", entries, {"dialogues": dialogues, "opening": [*opening, *unknown]})


def _piece(line: Line) -> Piece:
    return Piece(line["id"], (line["section"],) if line["section"] else (), line["text"])


def _in_dialogue(line: Line) -> Asked:
    one = asked(line)
    tuned_on = zlib.crc32(line["dialog"].encode()) % 10 < 3
    return Asked(one.text, one.relevant, one.in_scope, one.history, held_out=not tuned_on)


def dstc11() -> Corpus:
    """Questions and answers of many businesses; each question is asked of its own business."""
    entries = [_answered(line) for line in lines("dstc11t5_faq/kb")]
    group = {entry.id: entry.group for entry in entries}
    questions = []
    for line in lines("dstc11t5_faq/queries_faq"):
        one = asked(line)
        groups = frozenset(group[wanted] for wanted in one.relevant if wanted in group)
        questions.append(Asked(one.text, one.relevant, one.in_scope, one.history, groups))
    return Corpus("dstc11", entries, {"questions": questions})


def _answered(line: Line) -> Entry:
    phrases = tuple(one for one in line["questions"] if one != line["title"])
    return Entry(line["id"], line["title"], phrases, (Piece(line["id"], (), line["text"]),), line["entity"])


def tau2() -> Corpus:
    """A bank's help centre; asked is what the briefs of its customers have in quotation marks, their own words.

    Any article that a brief needs and customers may see counts as right.
    """
    entries = []
    for line in lines("tau2_bench/banking_kb"):
        cut = split(blocks(line["text"]))
        pieces = tuple(Piece(f"{line['id']}#{place}", one.headings, one.text) for place, one in enumerate(cut))
        entries.append(Entry(line["id"], line["title"], pieces=pieces, internal=line["audience"] == "internal"))
    internal = {entry.id for entry in entries if entry.internal}
    questions = []
    for line in lines("tau2_bench/banking_tasks"):
        wanted = frozenset(line["relevant"]) - internal
        said = dict.fromkeys(SAID.findall(line["customer_brief"])) if wanted else ()
        questions += [Asked(text, wanted, True) for text in said]
    return Corpus("tau2", entries, {"questions": questions})


CORPORA = {
    "banking77-5": lambda: topics("banking77-5", "banking77/kb_5shot", questions="banking77/queries"),
    "banking77-10": lambda: topics("banking77-10", "banking77/kb_10shot", questions="banking77/queries"),
    "banking77-all": lambda: topics("banking77-all", "banking77/kb_full", questions="banking77/queries"),
    "clinc150": lambda: topics(
        "clinc150", "clinc150/kb_full", validation="clinc150/queries_val", questions="clinc150/queries"
    ),
    "hint3-curekart": lambda: topics("hint3-curekart", "hint3/curekart_kb", questions="hint3/curekart_queries"),
    "hint3-sofmattress": lambda: topics(
        "hint3-sofmattress", "hint3/sofmattress_kb", questions="hint3/sofmattress_queries"
    ),
    "natcs": lambda: topics("natcs", "natcs_dstc11t2/insurance_kb", questions="natcs_dstc11t2/insurance_queries"),
    "bitext": lambda: topics("bitext", "bitext/kb", questions="bitext/queries"),
    "dstc11": dstc11,
    "doc2dial": doc2dial,
    "tau2": tau2,
}
"""Every corpus, by name, read when it is called."""

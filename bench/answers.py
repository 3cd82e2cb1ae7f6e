"""Measures the built-in assistant's retrieval and decisions on public corpora, beside the baselines to reach.

Run: .venv/bin/python -m bench.answers [--corpus NAME]… [--json FILE]
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bench.corpora import CORPORA, FOLDER, VARIABLE, Corpus, lines, present
from bench.scores import Reply, auroc, decide, found_at, threshold
from bench.store import Known, Store, server, store
from infra.ai.intent import Intent, Intents
from infra.ai.local import THRESHOLD
from infra.matching.ranking import evidence_of

console = Console()
Replies = Mapping[str, Sequence[Reply]]


@dataclass(frozen=True)
class Figure:
    """One measurement; `baseline` is the best of the README beside the data, None where it has none."""

    corpus: str
    measure: str
    value: float
    baseline: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the baseline is reached, in the digits it is given with."""
        if self.baseline is None:
            return None
        digits = 3 if self.baseline < 1 else 1
        return round(self.value, digits) >= self.baseline


def topic_accuracy(corpus: str, replies: Replies, baseline: float | None = None) -> list[Figure]:
    """Questions whose first article is right."""
    return [Figure(corpus, "right topic first, %", found_at(replies["questions"], 1, _topics), baseline)]


def clinc(corpus: str, replies: Replies) -> list[Figure]:
    """Known and unknown questions, at the threshold that validation questions give."""
    found = decide(replies["questions"], threshold(replies["validation"]))
    return [
        Figure(corpus, "in scope, answered rightly, %", found.accuracy, 92.2),
        Figure(corpus, "all questions decided rightly, %", found.overall),
        Figure(corpus, "in scope, answered, %", found.kept),
        Figure(corpus, "out of scope, handed over, %", found.rejected, 89.3),
        Figure(corpus, "handed over, out of scope, %", found.precision, 81.1),
        Figure(corpus, "AUROC", auroc(replies["questions"]), 0.980),
        *by_default(corpus, replies["questions"]),
    ]


def shop(corpus: str, replies: Replies, baseline: float) -> list[Figure]:
    """Customers of a live bot: known from unknown, and right topics."""
    questions = replies["questions"]
    return [
        Figure(corpus, "AUROC", auroc(questions), baseline),
        Figure(corpus, "right topic first, %", found_at(questions, 1, _topics)),
        *by_default(corpus, questions),
    ]


def dialogues(corpus: str, replies: Replies) -> list[Figure]:
    """The right passage among the first 1, 5 and 10; and opening questions about pages that are not there."""
    every = replies["dialogues"]
    untouched = [reply for reply in every if reply.asked.held_out]
    figures = []
    for place, baseline in ((1, 36.6), (5, 75.5), (10, 86.1)):
        figures.append(Figure(corpus, f"right passage in {place}, %", found_at(every, place, _passages), baseline))
        held_out = found_at(untouched, place, _passages)
        figures.append(Figure(corpus, f"right passage in {place}, dialogues not tuned on, %", held_out, baseline))
    opening = replies["opening"]
    return [*figures, Figure(corpus, "opening questions, AUROC", auroc(opening), 0.97), *by_default(corpus, opening)]


def by_default(corpus: str, questions: Sequence[Reply]) -> list[Figure]:
    """What the default threshold comes to."""
    found = decide(questions, evidence_of(THRESHOLD))
    return [
        Figure(corpus, f"at {THRESHOLD}: in scope, answered, %", found.kept),
        Figure(corpus, f"at {THRESHOLD}: out of scope, handed over, %", found.rejected),
    ]


def faq(corpus: str, replies: Replies) -> list[Figure]:
    """The right answer first, within the business."""
    return [Figure(corpus, "right answer first, %", found_at(replies["questions"], 1, _passages), 87.7)]


def bank(corpus: str, replies: Replies) -> list[Figure]:
    """What customers say that need several articles each: whether one of these is found, and no internal one ever."""
    asked = replies["questions"]
    shown = sum(one.internal for one in asked)
    places = [Figure(corpus, f"a needed article in {place}, %", found_at(asked, place, _topics)) for place in (1, 5)]
    return [*places, Figure(corpus, "internal articles shown to customers", float(shown))]


FIGURES: Mapping[str, Callable[[str, Replies], list[Figure]]] = {
    "banking77-5": lambda name, replies: topic_accuracy(name, replies, 79.2),
    "banking77-10": lambda name, replies: topic_accuracy(name, replies, 85.5),
    "banking77-all": lambda name, replies: topic_accuracy(name, replies, 93.0),
    "clinc150": clinc,
    "hint3-curekart": lambda name, replies: shop(name, replies, 0.88),
    "hint3-sofmattress": lambda name, replies: shop(name, replies, 0.88),
    "natcs": lambda name, replies: topic_accuracy(name, replies, 98.0),
    "bitext": topic_accuracy,
    "dstc11": faq,
    "doc2dial": dialogues,
    "tau2": bank,
}


PERSON = "nlupp"
"""Asks the intents alone: there is nothing to look up."""


async def person(filled: Store) -> list[Figure]:
    """Turns in which a person is wanted; half of the turns were looked at when the patterns were written."""
    intents = Intents(filled.embedder)
    turns = [
        (line["wants_human"], await intents.of(line["query"]) is Intent.PERSON)
        for line in lines("nlupp_handoff/queries")
    ]
    right = sum(wanted and heard for wanted, heard in turns)
    precision = 100 * right / max(sum(heard for _, heard in turns), 1)
    recall = 100 * right / sum(wanted for wanted, _ in turns)
    return [
        Figure(PERSON, "who is given a person, wants one, %", precision, 74.0),
        Figure(PERSON, "who wants a person, is given one, %", recall, 85.0),
    ]


def _topics(reply: Reply) -> Sequence[str]:
    return reply.topics


def _passages(reply: Reply) -> Sequence[str]:
    return reply.passages


NAMES = (*FIGURES, PERSON)


async def measure(address: str, names: Sequence[str]) -> tuple[list[Figure], list[float]]:
    """The figures of the named corpora, and what each question took in seconds."""
    figures: list[Figure] = []
    seconds: list[float] = []
    async with store(address) as filled:
        known = await _installed(filled, [name for name in names if name != PERSON])
        for name, (corpus, organization) in known.items():
            replies = {kind: await filled.ask(organization, asked) for kind, asked in corpus.questions.items()}
            figures += FIGURES[name](name, replies)
            took = [reply.seconds for found in replies.values() for reply in found]
            seconds += took
            console.print(f"{name}: {len(took)} questions, median {1000 * np.median(took):.1f} ms")
        if PERSON in names:
            figures += await person(filled)
    return figures, seconds


async def _installed(filled: Store, names: Sequence[str]) -> dict[str, tuple[Corpus, Known]]:
    """All corpora side by side, each an organization of its own."""
    started = time.monotonic()
    await filled.unindex()
    known = {}
    for name in names:
        corpus = CORPORA[name]()
        known[name] = (corpus, await filled.install(corpus))
    await filled.index()
    console.print(f"{len(names)} corpora installed in {time.monotonic() - started:.0f} s")
    return known


def shown(figures: Sequence[Figure]) -> Table:
    """The figures beside the baselines."""
    table = Table("corpus", "measure", "baseline", "here", "reached")
    for one in figures:
        digits = 3 if one.value <= 1 else 1
        baseline = "" if one.baseline is None else f"{one.baseline:.{digits}f}"
        reached = {None: "", True: "yes", False: "[red]no[/red]"}[one.reached]
        table.add_row(one.corpus, one.measure, baseline, f"{one.value:.{digits}f}", reached)
    return table


def main(
    corpus: Annotated[list[str] | None, typer.Option(help="One of: " + ", ".join(NAMES))] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Where to write the figures.")] = None,
) -> None:
    """Measure retrieval on the public corpora."""
    if not present():
        console.print(f"The corpora are not in {FOLDER}: set {VARIABLE} to the folder that has them.")
        raise typer.Exit(2)
    names = corpus or list(NAMES)
    if unknown := set(names) - set(NAMES):
        raise typer.BadParameter(f"unknown: {', '.join(sorted(unknown))}")
    with server() as address:
        figures, seconds = asyncio.run(measure(address, names))
    console.print(shown(figures))
    slow = {f"p{part}_ms": float(np.percentile(seconds or [0.0], part) * 1000) for part in (50, 95, 99)}
    console.print("a question: " + ", ".join(f"{name} {value:.1f}" for name, value in slow.items()))
    if json_file:
        rows = [asdict(one) | {"reached": one.reached} for one in figures]
        json_file.write_text(json.dumps({"figures": rows, "latency": slow}, indent=1))


if __name__ == "__main__":
    typer.run(main)

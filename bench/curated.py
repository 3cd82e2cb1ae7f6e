"""Whether curated answers match what they should: half of a corpus's topics curated, questions about all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import typer
from rich.console import Console
from rich.table import Table

from bench.corpora import CORPORA, FOLDER, VARIABLE, Corpus, present
from bench.store import MODEL_CACHE
from infra.learning.curated import MARGIN, MATCH
from infra.matching.embedding import MiniLM

VARIANTS = 5
HALVED = {"banking77-5": True, "clinc150": True, "hint3-curekart": False, "hint3-sofmattress": False}
"""The corpora asked, and whether every other topic is left uncurated; much of HINT3 is out of scope anyway."""
THRESHOLDS = (MATCH - 0.05, MATCH, MATCH + 0.05)

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Matching:
    """Each question's nearest curated topic, how near it and the second one are, and which topics are right."""

    nearest: Sequence[str]
    similarity: Vectors
    lead: Vectors
    relevant: Sequence[frozenset[str]]
    curated: frozenset[str]

    def at(self, threshold: float) -> tuple[int, float, float]:
        """How many match, and in percent how many of these rightly, and of those that could match."""
        matched = (self.similarity >= threshold) & (self.lead >= MARGIN)
        pairs = zip(matched, self.nearest, self.relevant, strict=True)
        right = sum(bool(one) and topic in relevant for one, topic, relevant in pairs)
        able = sum(bool(relevant & self.curated) for relevant in self.relevant)
        return int(matched.sum()), 100 * right / max(int(matched.sum()), 1), 100 * right / max(able, 1)


async def matching(embedder: MiniLM, corpus: Corpus, share: slice) -> Matching:
    """The questions of a corpus beside its first variants, by cosine alone, as `CuratedSearch` compares them."""
    entries = corpus.entries[share]
    topics = [entry.id for entry in entries for _ in entry.phrases[:VARIANTS]]
    phrases = [phrase for entry in entries for phrase in entry.phrases[:VARIANTS]]
    asked = corpus.questions["questions"]
    known = np.asarray(await embedder.embed(phrases), dtype=np.float32)
    cosines = np.asarray(await embedder.embed([one.text for one in asked]), dtype=np.float32) @ known.T
    names = sorted(set(topics))
    of_topic = [[at for at, topic in enumerate(topics) if topic == name] for name in names]
    best = np.stack([cosines[:, places].max(axis=1) for places in of_topic], axis=1)
    ranked = np.sort(best, axis=1)[:, ::-1]
    nearest = [names[at] for at in best.argmax(axis=1)]
    lead = ranked[:, 0] - ranked[:, 1]
    return Matching(nearest, ranked[:, 0], lead, [one.relevant for one in asked], frozenset(names))


async def measured(*, other_half: bool) -> Table:
    """Every corpus at three thresholds."""
    table = Table("corpus", "topics curated", "questions", "cosine", "match", "right, %", "of what could match, %")
    embedder = MiniLM(MODEL_CACHE)
    for name, halved in HALVED.items():
        share = slice(0 if other_half else 1, None, 2) if halved else slice(None)
        found = await matching(embedder, CORPORA[name](), share)
        for threshold in THRESHOLDS:
            count, right, reached = found.at(threshold)
            sizes = (name, str(len(found.curated)), str(len(found.relevant)))
            table.add_row(*sizes, f"{threshold:.2f}", str(count), f"{right:.1f}", f"{reached:.1f}")
    return table


def main(*, other_half: bool = False) -> None:
    """Measure the thresholds of curated answers on the public corpora, with the built-in embedding model."""
    console = Console()
    if not present():
        console.print(f"The corpora are not in {FOLDER}: set {VARIABLE} to the folder that has them.")
        raise typer.Exit(2)
    console.print(asyncio.run(measured(other_half=other_half)))


if __name__ == "__main__":
    typer.run(main)

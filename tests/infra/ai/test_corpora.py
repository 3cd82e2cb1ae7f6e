"""A sample of the public corpora through the product's own retrieval: it must not become worse unnoticed."""

from collections.abc import Sequence

import pytest

from bench import corpora
from bench.corpora import CORPORA, Asked, Corpus
from bench.scores import Reply, auroc, found_at
from bench.store import Store
from infra.ai.intent import Intent, Intents
from infra.database import Database
from infra.matching.embedding import MiniLM

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not corpora.present(), reason=f"the public corpora are not in {corpora.FOLDER}"),
]


def every(nth: int, questions: Sequence[Asked]) -> Sequence[Asked]:
    return questions[::nth]


async def replies(database_url: str, embedder: MiniLM, corpus: Corpus, questions: Sequence[Asked]) -> list[Reply]:
    database = Database(database_url, pool_size=2)
    try:
        store = Store(database, embedder)
        return await store.ask(await store.install(corpus), questions)
    finally:
        await database.close()


async def test_short_questions_find_their_topic(database_url: str, embedder: MiniLM) -> None:
    corpus = CORPORA["banking77-5"]()
    found = await replies(database_url, embedder, corpus, every(5, corpus.questions["questions"]))
    assert found_at(found, 1, lambda reply: reply.topics) >= 79


async def test_the_unknown_is_told_from_the_known(database_url: str, embedder: MiniLM) -> None:
    corpus = CORPORA["hint3-sofmattress"]()
    found = await replies(database_url, embedder, corpus, corpus.questions["questions"])
    assert auroc(found) >= 0.88


async def test_long_pages_are_found_in_a_dialogue(database_url: str, embedder: MiniLM) -> None:
    corpus = CORPORA["doc2dial"]()
    found = await replies(database_url, embedder, corpus, every(8, corpus.questions["dialogues"]))
    assert found_at(found, 5, lambda reply: reply.passages) >= 70


async def test_who_wants_a_person(embedder: MiniLM) -> None:
    intents = Intents(embedder)
    lines = list(corpora.lines("nlupp_handoff/queries"))
    wanted = [line["query"] for line in lines if line["wants_human"]]
    others = [line["query"] for line in lines if not line["wants_human"]][::4]
    heard = sum([await intents.of(text) is Intent.PERSON for text in wanted])
    misheard = sum([await intents.of(text) is Intent.PERSON for text in others])
    assert heard / len(wanted) >= 0.85
    assert misheard / len(others) <= 0.01

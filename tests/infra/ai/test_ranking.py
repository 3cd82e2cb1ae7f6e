"""Meaning, words and phrases, weighed against each other; rare words against common ones."""

from uuid import UUID, uuid4

import pytest

from infra.matching.ranking import MIDDLE, Candidate, Phrases, confidence_of, evidence_of, rank, topics
from infra.matching.terms import Terms

LONG = 60.0


def candidate(article: UUID, similarity: float, words: float = 0.0, alone: float | None = None) -> Candidate:
    return Candidate(uuid4(), article, similarity if alone is None else alone, similarity, words)


def test_words_decide_between_long_passages_alike_in_meaning() -> None:
    plain, worded = candidate(uuid4(), 0.55), candidate(uuid4(), 0.5, words=9.0)
    assert rank([plain, worded], Phrases({}), LONG)[0].passage_id == worded.passage_id


def test_words_say_nothing_between_short_passages() -> None:
    plain, worded = candidate(uuid4(), 0.55), candidate(uuid4(), 0.5, words=9.0)
    assert rank([plain, worded], Phrases({}), 8.0)[0].passage_id == plain.passage_id


def test_passages_of_one_article_speak_for_each_other() -> None:
    article = uuid4()
    together, lonely = [candidate(article, 0.5) for _ in range(3)], candidate(uuid4(), 0.52)
    odd = [candidate(lonely.article_id, 0.1) for _ in range(2)]
    assert rank([*together, lonely, *odd], Phrases({}), LONG)[0].article_id == article


def test_a_matching_phrase_lifts_its_article() -> None:
    asked, other = candidate(uuid4(), 0.4), candidate(uuid4(), 0.5)
    ranked = rank([asked, other], Phrases({asked.article_id: 0.9}), LONG)
    assert ranked[0].passage_id == asked.passage_id
    assert ranked[0].confidence == confidence_of(0.9)


def test_learned_phrases_weigh_with_passages() -> None:
    article = uuid4()
    found = topics([candidate(article, 0.4)], Phrases({article: 0.8}, {article}))
    assert 0.6 < found[0].evidence < 0.8


def test_history_ranks_but_does_not_make_sure() -> None:
    one = candidate(uuid4(), 0.7, alone=0.2)
    assert rank([one], Phrases({}), LONG)[0].confidence == confidence_of(0.2 + MIDDLE)


def test_an_article_without_passages_counts_by_its_phrases() -> None:
    article = uuid4()
    assert topics([], Phrases({article: 0.7}, {article}))[0].evidence == 0.7
    assert rank([], Phrases({article: 0.7}), LONG) == []


def test_confidence_grows_with_evidence_from_0_to_1() -> None:
    steps = [confidence_of(number / 20) for number in range(-20, 41)]
    assert steps == sorted(steps)
    assert confidence_of(0.5) == 0.5
    assert confidence_of(evidence_of(0.2)) == pytest.approx(0.2)
    assert 0 < steps[0] < 0.001
    assert 0.999 < steps[-1] < 1


def test_rare_words_weigh_more_and_common_ones_find_nothing() -> None:
    terms = Terms(1_000, 60.0, {"order": 600, "umbrella": 3})
    weighed = terms.weigh({"order": 1, "umbrella": 1}, {"delay": 2}, 0.3)
    assert weighed.weights["umbrella"] > 3 * weighed.weights["order"]
    assert "order" not in weighed.finding
    assert {"umbrella", "delay"} == set(weighed.finding)
    assert terms.weigh({"order": 1}, {"delay": 2}, 0.0).weights.keys() == {"order"}


def test_quotes_in_words_do_not_break_the_query() -> None:
    assert Terms().weigh({"o'brien": 1, "a\\b": 1}, {}, 0.0).query == "'a\\\\b' | 'o''brien'"
    assert Terms().weigh({}, {}, 0.0).query == ""

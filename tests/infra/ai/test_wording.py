"""Words are counted, whatever their order, and say more the more phrases there are."""

from uuid import UUID

import numpy as np

from infra.matching.wording import Words

CARD, PARCEL, GHOST = (UUID(int=number) for number in (1, 2, 3))
PHRASES = [
    (CARD, "my card is lost"),
    (CARD, "I lost the card"),
    (CARD, "card is stolen"),
    (PARCEL, "where is my parcel"),
    (PARCEL, "the parcel is late"),
    (PARCEL, "parcel not here"),
]


def test_the_topic_whose_phrases_have_the_words_has_the_odds() -> None:
    words = Words.of([CARD, PARCEL], PHRASES)
    card, parcel = words.evidence("Lost CARD!")
    assert card > 1 > 0 > parcel
    card, parcel = words.evidence("a late parcel")
    assert parcel > 1 > 0 > card


def test_neighbours_count_as_pairs() -> None:
    words = Words.of([CARD, PARCEL], PHRASES)
    assert words.evidence("my parcel")[1] > words.evidence("parcel my")[1] > 0


def test_what_nobody_said_says_nothing() -> None:
    words = Words.of([CARD, PARCEL], PHRASES)
    assert not words.evidence("zebra umbrella").any() and not words.evidence("?").any()
    assert not Words.of([CARD, PARCEL], ()).evidence("card").any()


def test_order_changes_nothing_and_other_topics_are_left_out() -> None:
    one, other = Words.of([CARD, PARCEL], PHRASES), Words.of([CARD, PARCEL], [*PHRASES[::-1], (GHOST, "boo card")])
    for name, array in one.arrays().items():
        assert np.array_equal(array, other.arrays()[name]), name


def test_few_phrases_leave_the_word_to_the_vectors() -> None:
    assert Words.of([CARD, PARCEL], PHRASES).weight == 0
    many = [(topic, f"{text} {number}") for topic, text in PHRASES for number in range(10)]
    assert 0.7 < Words.of([CARD, PARCEL], many).weight < 1
    assert Words.of([], ()).weight == 0

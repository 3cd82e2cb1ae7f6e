"""Guesses the language of a text by its script or its commonest little words."""

from __future__ import annotations

import re

WORDS = {
    "en": "the and you is are my have with not for this what where how when can do does would please it i",
    "de": "der die das und ich nicht ist mein meine sie mit ein eine für wie wo wann kann bitte es zu auf habe",
    "fr": "le la les et je vous ne pas est mon ma mes avec une pour comment où quand puis des que dans sur",
    "es": "el los las y yo usted no es mi mis con una para cómo dónde cuándo puedo por que en del está",
    "it": "il lo gli e io non è mio mia con una per come dove quando posso che di sono del vorrei ho",
    "pt": "os as e eu você não é meu minha com uma para como onde quando posso por que em do da está",
    "nl": "de het een en ik niet is mijn met voor hoe waar wanneer kan dat van op zijn u graag te",
}
_WORDS = {language: frozenset(words.split()) for language, words in WORDS.items()}
SCRIPTS = {
    "ja": re.compile(r"[\u3041-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "th": re.compile(r"[\u0e01-\u0e5b]"),
    "he": re.compile(r"[\u05d0-\u05ea]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
}
"""Scripts that one living language uses; kana come before the signs that Japanese shares with Chinese."""
FEWEST = 2
"""Little words that make a language, and by how many it must be ahead of the next."""
AHEAD = 1


def language_of(text: str) -> str | None:
    """Its code by ISO 639-1; None where the text does not say."""
    for language, letters in SCRIPTS.items():
        if len(letters.findall(text)) >= max(2, len(text) // 10):
            return language
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = sorted(((sum(word in known for word in words), language) for language, known in _WORDS.items()))
    (second, _), (most, best) = counts[-2:]
    return best if most >= FEWEST and most - second >= AHEAD else None

"""What a version of a prompt says, within its limits, and what holds where an organization has none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from domain.account.settings import LANGUAGE
from domain.base import FieldProblem, InvalidInputError

LONGEST_INSTRUCTIONS = 8_000
LONGEST_TONE = 500
LONGEST_TOPIC = 200
LONGEST_NOTE = 200
MOST_LANGUAGES = 20
MOST_TOPICS = 50
MOST_TOKENS = 4_000
HOTTEST = 2.0


@dataclass(frozen=True, slots=True)
class PromptContent:
    """All that an organization decides about how a language model answers for it.

    Without `languages` the reply is in the customer's own; otherwise in theirs if it is among them, else in the first.
    `model` names the one of the deployment's models that is asked first; None leaves them in their order.
    `temperature` is 0 to 2, None the model's own; `most_tokens` are of one reply. `least_support` is the share (0 to 1)
    of an answer's statements that passages must bear out, below which a person gets the question: its text is then
    shown once it is checked. At 0 it is shown while it is written, and statements without support are only flagged.
    """

    instructions: str = ""
    tone: str = ""
    languages: tuple[str, ...] = ()
    forbidden_topics: tuple[str, ...] = ()
    model: str | None = None
    temperature: float | None = None
    most_tokens: int = 800
    least_support: float = 0.0


DEFAULT = PromptContent(tone="Friendly, calm and short.", temperature=0.2)
"""What organizations answer by until they publish a version of their own: their version 0."""


def checked_content(content: PromptContent, models: Collection[str]) -> PromptContent:
    """The content, if it is within its limits and names one of the models; `InvalidInputError` naming what is not."""
    if problems := list(_problems(content, models)):
        raise InvalidInputError(*problems)
    return content


def _problems(content: PromptContent, models: Collection[str]) -> Iterator[FieldProblem]:
    yield from _text(content.instructions, LONGEST_INSTRUCTIONS, "input.instructions")
    yield from _text(content.tone, LONGEST_TONE, "input.tone")
    yield from _too_many(content.languages, MOST_LANGUAGES, "input.languages")
    for place, language in enumerate(content.languages[:MOST_LANGUAGES]):
        if not LANGUAGE.fullmatch(language):
            yield FieldProblem(f"input.languages.{place}", "This is no tag of a language such as `en` or `pt-BR`.")
    yield from _too_many(content.forbidden_topics, MOST_TOPICS, "input.forbiddenTopics")
    for place, topic in enumerate(content.forbidden_topics[:MOST_TOPICS]):
        yield from _text(topic, LONGEST_TOPIC, f"input.forbiddenTopics.{place}", is_needed=True)
    if content.model is not None and content.model not in models:
        yield FieldProblem("input.model", f"There is no such model here. There are: {', '.join(sorted(models))}.")
    if content.temperature is not None and not 0 <= content.temperature <= HOTTEST:
        yield FieldProblem("input.temperature", f"This must be 0 to {HOTTEST:g}.")
    if not 1 <= content.most_tokens <= MOST_TOKENS:
        yield FieldProblem("input.mostTokens", f"This must be 1 to {MOST_TOKENS:,}.")
    if not 0 <= content.least_support <= 1:
        yield FieldProblem("input.leastSupport", "This must be 0 to 1.")


def _too_many(items: Sequence[str], most: int, path: str) -> Iterator[FieldProblem]:
    if len(items) > most:
        yield FieldProblem(path, f"At most {most} are allowed.")


def _text(text: str, longest: int, path: str, *, is_needed: bool = False) -> Iterator[FieldProblem]:
    if len(text) > longest:
        yield FieldProblem(path, f"This has {len(text):,} characters; at most {longest:,} are allowed.")
    if is_needed and not text.strip():
        yield FieldProblem(path, "Write something: this is empty.")
    if any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in text):
        yield FieldProblem(path, "This contains a character that cannot be stored.")

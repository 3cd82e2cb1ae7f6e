"""Summaries of conversations: a model's sentences, or the conversation's own words."""

from __future__ import annotations

from dataclasses import dataclass

from domain.assist.digest import LOCAL
from domain.assist.events import ConversationSummarized
from domain.assist.ports import Dialogue
from domain.assistant import Speaker
from domain.model import Purpose, ToolSpec
from domain.text import clipped
from infra.assist.asking import Asking, request_about
from infra.safety.safe_text import visible

LONGEST = 1_500
QUOTED = 240
INSTRUCTIONS = (
    "You tell an agent of a company what a conversation with a customer is about: what the customer wants, what was"
    " said or promised to them, and what is still open. At most four sentences, in the customer's language, and"
    " nothing that was not said."
)
SUMMARY = ToolSpec(
    "summarize",
    "Give the summary.",
    {
        "type": "object",
        "properties": {"summary": {"type": "string", "minLength": 1, "description": "At most four sentences."}},
        "required": ["summary"],
        "additionalProperties": False,
    },
)


@dataclass(frozen=True)
class ModelSummarizer:
    """By the first model that can, else extractive."""

    asking: Asking

    async def summarize(self, dialogue: Dialogue, *, by_model: bool) -> ConversationSummarized:
        """A few sentences."""
        asked = request_about(dialogue, Purpose.SUMMARIZE, INSTRUCTIONS, SUMMARY, most_tokens=400)
        if by_model and (found := await self.asking.called(asked)):
            model, arguments = found
            if text := clipped(visible(arguments["summary"]), LONGEST):
                return ConversationSummarized(text, dialogue.messages, model)
        return ConversationSummarized(extract(dialogue), dialogue.messages, LOCAL)


def extract(dialogue: Dialogue) -> str:
    """What the customer wrote first and last, and what they were told last, in their own words."""
    asked = [turn.text for turn in dialogue.turns if turn.speaker is Speaker.CUSTOMER]
    told = [turn.text for turn in dialogue.turns if turn.speaker is not Speaker.CUSTOMER]
    lines = [f"The customer wrote first: “{clipped(asked[0], QUOTED)}”."] if asked else []
    if len(asked) > 1:
        lines.append(f"Last: “{clipped(asked[-1], QUOTED)}”.")
    if told:
        lines.append(f"They were told last: “{clipped(told[-1], QUOTED)}”.")
    return " ".join(lines) or "Nothing was said yet."

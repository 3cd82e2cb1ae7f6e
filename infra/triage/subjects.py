"""Subjects of conversations by a language model."""

from __future__ import annotations

from dataclasses import dataclass

from domain.assist.ports import Dialogue
from domain.assist.subject import LONGEST
from domain.model import Purpose, ToolSpec
from domain.text import clipped
from infra.assist.asking import Asking, request_about
from infra.safety.safe_text import visible

INSTRUCTIONS = (
    f"You give a conversation with a customer of a company a subject line, as a mail has one: at most {LONGEST}"
    " characters, in the customer's language, about what they want. No names of people, no numbers of accounts or"
    " cards, and nothing that was not said."
)
SUBJECT = ToolSpec(
    "name",
    "Give the subject line.",
    {
        "type": "object",
        "properties": {"subject": {"type": "string", "minLength": 1, "description": f"At most {LONGEST} characters."}},
        "required": ["subject"],
        "additionalProperties": False,
    },
)


@dataclass(frozen=True)
class ModelSubjectWriter:
    """By the first model that can; asked and paid for as a summary is."""

    asking: Asking

    async def write(self, dialogue: Dialogue) -> str | None:
        """A line of at most 80 characters; None where no model can."""
        asked = request_about(dialogue, Purpose.SUMMARIZE, INSTRUCTIONS, SUBJECT, most_tokens=60)
        found = await self.asking.called(asked)
        return clipped(visible(found[1]["subject"]), LONGEST) or None if found else None

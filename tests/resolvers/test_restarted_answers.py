"""An answer that is begun anew: readers see one clean text, and nothing of what was given up."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from domain.assistant import Answer, Delta, Piece, Provenance, Question, Restarted
from tests.documents import CHANGED, command
from tests.resolvers.test_conversation import BEGINNING, begun, collected, until
from tests.stack import Company, running


@dataclass
class SecondThoughts:
    """Says half of one thing, then the whole of another; a stage waits until it may begin."""

    name: str = "second thoughts"
    may_restart: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, question: Question) -> AsyncIterator[Piece]:
        yield Delta("Half of a wrong")
        await self.may_restart.wait()
        yield Restarted()
        yield Delta("All of the right ")
        await self.may_end.wait()
        yield Delta("answer.")
        yield Answer("All of the right answer.", (), Provenance(self.name, 1.0, 0.5))


def shown(events: list[Any], attempt: int) -> str:
    """The text that the frames of an attempt make."""
    text = ""
    for event in events:
        if event["__typename"] == "AnswerFrame" and event["attempt"] == attempt:
            text = text[: event["offset"]] + event["text"]
    return text


async def test_a_restarted_answer_is_one_clean_text(company: Company, fresh_database_url: str, redis_url: str) -> None:
    assistant = SecondThoughts()
    async with running(fresh_database_url, redis_url, assistant) as stack:
        customer = stack.client(company.customer)
        conversation = await begun(customer)
        watching = asyncio.create_task(collected(customer, conversation, "AnswerCompleted", after=BEGINNING))
        await until(customer, conversation, isAnswering=True)
        assistant.may_restart.set()
        assistant.may_end.set()
        events = await watching
        kinds = [event["__typename"] for event in events if event["__typename"] != "AnswerFrame"]
        assert kinds == ["ConversationStarted", "MessageSent", "AnswerStarted", "AnswerStarted", "AnswerCompleted"]
        assert [event["attempt"] for event in events if event["__typename"] == "AnswerStarted"] == [1, 2]
        assert "All of the right answer.".startswith(shown(events, 2))
        assert events[-1]["message"]["text"] == "All of the right answer."
        stored = (await until(customer, conversation, isAnswering=False))["messages"]["nodes"]
        assert [message["text"] for message in stored[1:]] == ["All of the right answer."]


async def test_a_restarted_answer_can_be_stopped(company: Company, fresh_database_url: str, redis_url: str) -> None:
    assistant = SecondThoughts()
    assistant.may_restart.set()
    async with running(fresh_database_url, redis_url, assistant) as stack:
        customer = stack.client(company.customer)
        conversation = await begun(customer)
        async with asyncio.timeout(20):
            async for data in customer.watch(CHANGED, id=conversation, after=BEGINNING):
                event = data["conversationChanged"]
                if event["__typename"] == "AnswerFrame" and event["attempt"] == 2:
                    break
        await customer.ask(command("stopAnswer"), id=conversation)
        stored = (await until(customer, conversation, isAnswering=False))["messages"]["nodes"]
        assert (stored[-1]["kind"], stored[-1]["text"]) == ("PARTIAL_ANSWER", "All of the right ")

"""One conversation as the chat follows it: what is on the screen, what is still being written, what is unanswered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.chat import documents
from infra.chat.client import Client, RequestError
from infra.chat.screen import Screen, Writing

ASSISTANT = "Assistant"
PAGE = 50
SHOWN_AT_FIRST = 20
"""How many messages of a conversation that was there before are shown."""

ANSWERS = frozenset({"ANSWER", "CLARIFICATION", "REFUSAL", "PARTIAL_ANSWER", "ACTION_PROPOSAL"})
REASONS = {
    "CUSTOMER_ASKED": "you asked for one",
    "NOT_IN_KNOWLEDGE": "the assistant found no answer in what it knows",
    "ASSISTANT_FAILED": "the assistant could not answer",
    "ASSISTANT_OFF": "the assistant is switched off",
    "NOT_VERIFIED": "the assistant could not be sure who you are",
    "AGENT_ASKED": "an agent asked for a colleague",
    "RULE": "a rule of the company says so",
}

STATES = {
    "WITH_ASSISTANT": "open again, with the assistant",
    "WAITING": "waiting for a person",
    "WITH_PERSON": "a person has the conversation",
    "RESOLVED": "resolved; write again, or /reopen, to go on",
}

Event = Mapping[str, Any]


@dataclass
class Draft:
    """The answer that is being written, pieced together from its frames."""

    message_id: str
    attempt: int
    writing: Writing
    text: str = ""

    def add(self, frame: Event) -> None:
        """A frame replaces all that came after its place; code points count, as in Python's own strings."""
        if frame["attempt"] != self.attempt:
            self.attempt, self.text = frame["attempt"], ""
        self.text = self.text[: frame["offset"]] + frame["text"]
        self.writing.show(self.text)


class Follower:
    """Shows each event of one conversation once, in order, whatever happens to the connection between them."""

    def __init__(self, client: Client, screen: Screen, identity: str) -> None:
        self.id = identity
        self.open: list[str] = []
        """The customer's messages that the assistant has still to answer, oldest first."""
        self.own: list[str] = []
        """Texts that were sent from here: they are on the screen already."""
        self._asked_here: set[str] = set()
        self._client = client
        self._screen = screen
        self._cursor = ""
        self._state = ""
        self._number = 0
        self._draft: Draft | None = None
        self._changed = asyncio.Event()
        self._handlers: dict[str, Callable[[Event], None]] = {
            "MessageSent": self._sent,
            "AnswerStarted": self._started,
            "AnswerFrame": self._frame,
            "AnswerCompleted": self._completed,
            "AnswerStopped": self._stopped,
            "HandoffRequested": self._handed_over,
            "ConversationTakenOver": self._taken_over,
            "ConversationResolved": self._resolved,
            "ConversationReopened": self._reopened,
        }

    async def join(self) -> None:
        """Show where the conversation stands. Raises: RequestError."""
        found = await self._load(SHOWN_AT_FIRST)
        self._cursor, episode = found["cursor"], found["episode"]
        messages = [message for message in found["messages"]["nodes"] if message["episode"] == episode]
        if found["state"] == "WITH_ASSISTANT":
            self.open = _unanswered(messages)
        elif found["state"] != self._state:
            self._screen.note(STATES[found["state"]])
        self._state = found["state"]

    async def follow(self) -> None:
        """Show what happens, until cancelled. Raises: RequestError."""
        place = {"id": self.id}
        async for data in self._client.subscribe(documents.CHANGED, lambda: {**place, "after": self._cursor}):
            event = data["conversationChanged"]
            self._cursor = event.get("cursor", self._cursor)
            if event["__typename"] == "ResyncRequired":
                await self._resync(event)
            elif handler := self._handlers.get(event["__typename"]):
                handler(event)
            self._changed.set()
            if not self.open:
                self._screen.prompt()

    async def settled(self) -> None:
        """Return when all that the server has now is on the screen and each question from here has its outcome."""
        while self._awaits_answer or not await self._is_caught_up() or self._awaits_answer:
            self._changed.clear()
            try:
                async with asyncio.timeout(0.5):
                    await self._changed.wait()
            except TimeoutError:
                continue

    @property
    def _awaits_answer(self) -> bool:
        return not self._asked_here.isdisjoint(self.open)

    async def _is_caught_up(self) -> bool:
        found = (await self._client.execute(documents.WHERE, {"id": self.id}))["conversation"]
        return (found["messageCount"], found["state"]) == (self._number, self._state)

    async def _load(self, last: int) -> Mapping[str, Any]:
        """The conversation now, with its newest messages shown as far as they are not on the screen."""
        found: dict[str, Any] | None = await self._page(last, None)
        if found is None:
            raise RequestError([{"message": "There is no conversation with this id that you may see."}])
        messages, page = list(found["messages"]["nodes"]), found["messages"]["pageInfo"]
        while self._number and page["hasPreviousPage"] and messages[0]["number"] > self._number + 1:
            earlier = (await self._page(PAGE, page["startCursor"]) or {})["messages"]
            messages, page = [*earlier["nodes"], *messages], earlier["pageInfo"]
        for message in messages:
            self._show(message)
        return found

    async def _page(self, last: int, before: str | None) -> dict[str, Any] | None:
        wanted = {"id": self.id, "last": last, "before": before}
        found: dict[str, Any] | None = (await self._client.execute(documents.CONVERSATION, wanted))["conversation"]
        return found

    async def _resync(self, event: Event) -> None:
        self._screen.note(event["explanation"])
        await self.join()
        self._cursor = event["cursor"]

    def _show(self, message: Event) -> bool:
        """A whole message; False when it is on the screen already."""
        if message["number"] <= self._number:
            return False
        self._number = message["number"]
        author, text = _author(message), message["text"]
        if author != ASSISTANT and text in self.own:
            self.own.remove(text)
            self._asked_here.add(message["id"])
        elif self._draft and self._draft.message_id == message["id"]:
            self._draft.writing.finish(text)
        else:
            self._screen.line(author, text)
        if message["kind"] == "PARTIAL_ANSWER":
            self._screen.note("stopped here")
        if message["needsCode"]:
            self._screen.note("enter the code as: /code 123456")
        self._screen.choices(message["choices"])
        self._screen.sources(message["citations"])
        return True

    def _sent(self, event: Event) -> None:
        message = event["message"]
        if self._show(message) and self._state == "WITH_ASSISTANT" and _is_customers(message):
            self.open.append(message["id"])

    def _started(self, event: Event) -> None:
        if event["questionId"] in self.open:
            del self.open[: self.open.index(event["questionId"])]

    def _frame(self, frame: Event) -> None:
        if self._draft is None or self._draft.message_id != frame["messageId"]:
            self._draft = Draft(frame["messageId"], frame["attempt"], Writing(self._screen, ASSISTANT))
        self._draft.add(frame)

    def _completed(self, event: Event) -> None:
        if self._show(event["message"]):
            self._end_answer(self.open[1:])

    def _stopped(self, event: Event) -> None:
        if event["partialMessage"]:
            self._show(event["partialMessage"])
        self._end_answer(self.open[1:])

    def _handed_over(self, event: Event) -> None:
        self._show(event["message"])
        reason = REASONS.get(event["reason"], event["reason"].lower().replace("_", " "))
        self._enter("WAITING", f"{STATES['WAITING']}: {reason}")

    def _taken_over(self, event: Event) -> None:
        agent = event["agent"] or {"name": "an agent"}
        self._enter("WITH_PERSON", f"{agent['name']} has the conversation now")

    def _resolved(self, _: Event) -> None:
        self._enter("RESOLVED", STATES["RESOLVED"])

    def _reopened(self, _: Event) -> None:
        self._enter("WITH_ASSISTANT", STATES["WITH_ASSISTANT"])

    def _enter(self, state: str, sentence: str) -> None:
        self._end_answer([])
        if state != self._state:
            self._state = state
            self._screen.note(sentence)

    def _end_answer(self, still_open: list[str]) -> None:
        self.open, self._draft = still_open, None
        self._screen.end()


def _author(message: Event) -> str:
    author = message["author"]
    if author is None:
        return "Somebody"
    return ASSISTANT if author["__typename"] == "Assistant" else str(author["name"])


def _is_customers(message: Event) -> bool:
    return message["author"] is None or message["author"]["__typename"] == "Customer"


def _unanswered(messages: Sequence[Event]) -> list[str]:
    """Questions are answered in turn, one message each. (Those stopped before a word was written look open here.)"""
    asked = [message["id"] for message in messages if _is_customers(message)]
    return asked[sum(message["kind"] in ANSWERS for message in messages) :]

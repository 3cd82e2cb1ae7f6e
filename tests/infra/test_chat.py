"""`parley chat` against a running Parley: what it shows, and that no broken line loses or repeats anything."""

import asyncio
import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rich.console import Console

from domain.assistant import (
    Answer,
    Citation,
    Clarification,
    Handoff,
    HandoffReason,
    Outcome,
    Provenance,
    ScriptedAssistant,
)
from domain.base import Actor
from infra.chat.client import Client, RefusedError
from infra.chat.lines import Lines
from infra.chat.screen import Screen
from infra.chat.session import Session
from tests.documents import CONVERSATION, SEND, command
from tests.infra.cable import Cable, cable
from tests.stack import Company, Gate, Stack, found_company, running, scripted, token_of

ROOT = Path(__file__).parents[2]
GROUNDS = Provenance("scripted", 1.0, 0.5)
GREETING = "· connected as Person 0 (customer) at Test; /help lists the commands\n"
LOST = "· the connection is lost; trying to get it back …\n"
BACK = "· connected again\n"


@dataclass
class Chat:
    """A chat in the test's process: a pipe for a keyboard, a text for a screen."""

    session: Session
    keyboard: int
    screen: io.StringIO
    task: asyncio.Task[None] = field(init=False)

    @property
    def shown(self) -> str:
        """All that is on the screen."""
        return self.screen.getvalue()

    @property
    def conversation_id(self) -> str:
        """Of the conversation that was begun."""
        assert self.session._followed is not None
        return self.session._followed.id

    def type(self, *lines: str) -> None:
        """Enter lines."""
        os.write(self.keyboard, "".join(f"{line}\n" for line in lines).encode())

    async def until(self, text: str, *, times: int = 1) -> None:
        """Return when the screen has a text, so many times."""
        await eventually(lambda: self.shown.count(text) >= times or self.task.done())
        assert self.shown.count(text) == times, self.shown

    async def end(self) -> str:
        """Close the keyboard, wait for the end, and give back all that was shown."""
        os.close(self.keyboard)
        await asyncio.wait_for(self.task, 20)
        return self.shown


async def eventually(is_so: Callable[[], object], within: float = 15) -> None:
    async with asyncio.timeout(within):
        while not is_so():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def chatting(
    url: str, actor: Actor, *, in_turn: bool = True, conversation_id: str | None = None, token: str | None = None
) -> AsyncIterator[Chat]:
    output = io.StringIO()
    screen = Screen(Console(file=output, force_terminal=False, width=10), prompting=False)
    reading, keyboard = os.pipe()
    session = Session(Client(url, token or token_of(actor), screen.note), screen, in_turn=in_turn)
    chat = Chat(session, keyboard, output)
    chat.task = asyncio.create_task(session.run(Lines(reading), conversation_id))
    try:
        yield chat
    finally:
        chat.task.cancel()
        await asyncio.wait([chat.task])


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


@pytest.fixture
def gate() -> Gate:
    return Gate()


def started(database_url: str, redis_url: str, *outcomes: Outcome, **options: Any) -> Any:
    return running(database_url, redis_url, ScriptedAssistant(list(outcomes), **options))


def port_of(stack: Stack) -> int:
    return int(stack.socket_url.split(":")[2].split("/")[0])


@dataclass
class Gated:
    """A Parley whose assistant says each word when the gate lets it, behind a cable."""

    stack: Stack
    gate: Gate
    cable: Cable


@pytest.fixture
async def gated(database_url: str, redis_url: str, gate: Gate) -> AsyncIterator[Gated]:
    assistant = scripted("one two three four five six", pause=gate)
    async with running(database_url, redis_url, assistant) as stack, cable(port_of(stack)) as line:
        yield Gated(stack, gate, line)


async def test_a_transcript_has_each_outcome(database_url: str, redis_url: str, company: Company) -> None:
    source = Citation(uuid4(), uuid4(), "Returns", ("Returns", "How long"), "https://help.shop.example/returns")
    outcomes = (
        Answer("Within 45 days.", (source,), GROUNDS),
        Clarification("Which one do you mean?", ("A lamp", "A chair"), GROUNDS),
        Handoff(HandoffReason.NOT_IN_KNOWLEDGE, "story", "I do not know; a person will."),
    )
    async with (
        started(database_url, redis_url, *outcomes) as stack,
        chatting(stack.socket_url, company.customer) as chat,
    ):
        chat.type("How long?", "Does it fit?", "", "And the moon?", "Anybody?", "/resolve")
        shown = await chat.end()
    assert shown == (
        GREETING + "You: How long?\n"
        "Assistant: Within 45 days.\n"
        "  [1] Returns › How long — https://help.shop.example/returns\n"
        "You: Does it fit?\n"
        "Assistant: Which one do you mean?\n"
        "  1. A lamp\n"
        "  2. A chair\n"
        "You: \n"
        "You: And the moon?\n"
        "Assistant: I do not know; a person will.\n"
        "· waiting for a person: the assistant found no answer in what it knows\n"
        "You: Anybody?\n"
        "You: /resolve\n"
        "· resolved; write again, or /reopen, to go on\n"
    )
    assert not chat.session.had_problems


async def test_an_answer_goes_on_after_the_line_was_cut(gated: Gated, company: Company) -> None:
    async with chatting(gated.cable.address, company.customer) as chat:
        chat.type("Count!")
        gated.gate.let(2)
        await chat.until("one two ")
        gated.cable.cut()
        await chat.until(BACK)
        gated.gate.let(4)
        shown = await chat.end()
    assert shown == (f"{GREETING}You: Count!\nAssistant: one two \n{LOST}{BACK}Assistant: … three four five six\n")


async def test_what_happens_while_the_line_is_down_is_shown_once(gated: Gated, company: Company) -> None:
    agent = gated.stack.client(company.agent)
    async with chatting(gated.cable.address, company.customer, in_turn=False) as chat:
        chat.type("Count!")
        gated.gate.let(1)
        await chat.until("one ")
        gated.cable.is_down = True
        gated.cable.cut()
        await agent.ask(command("takeOverConversation"), id=chat.conversation_id)
        await agent.ask(SEND, id=chat.conversation_id, text="Hello, I am a person.")
        attempts = gated.cable.connections
        await eventually(lambda: gated.cable.connections > attempts + 1)
        gated.cable.is_down = False
        await chat.until("I am a person.")
        shown = await chat.end()
    assert shown == (
        f"{GREETING}You: Count!\nAssistant: one \n{LOST}{BACK}· stopped here\n"
        "· Person 2 has the conversation now\nPerson 2: Hello, I am a person.\n"
        f"· to go on with this conversation: parley chat --conversation {chat.conversation_id}\n"
    )


async def test_a_message_without_an_answer_is_sent_again_and_stored_once(gated: Gated, company: Company) -> None:
    answer, questions = "one two three four five six", ["First?", "Second?"]
    gated.gate.let(12)
    async with chatting(gated.cable.address, company.customer, in_turn=False) as chat:
        await chat.until(GREETING)
        for number, question in enumerate(questions, 1):
            gated.cable.is_deaf = True
            chat.type(question)
            await chat.until(f"You: {question}")
            await asyncio.sleep(0.5)  # the server has it, and its answers are lost
            gated.cable.is_deaf = False
            gated.cable.cut()
            await chat.until(f"Assistant: {answer}\n", times=number)
        shown = await chat.end()
        stored = (await gated.stack.client(company.customer).ask(CONVERSATION, id=chat.conversation_id))["conversation"]
    assert [message["text"] for message in stored["messages"]["nodes"]] == [questions[0], answer, questions[1], answer]
    assert shown.count(BACK) == 2


async def test_an_unusable_cursor_is_answered_by_loading_again(gated: Gated, company: Company) -> None:
    customer = gated.stack.client(company.customer)
    async with chatting(gated.cable.address, company.customer) as chat:
        chat.type("Count!")
        gated.gate.let(6)
        await chat.until("six\n")
        gated.cable.is_down = True
        gated.cable.cut()
        gated.gate.let(60)
        sent = [f"From elsewhere {number}" for number in range(3)]
        for text in sent:
            await customer.ask(SEND, id=chat.conversation_id, text=text)
        assert chat.session._followed is not None
        chat.session._followed._cursor = "bm9uc2Vuc2U"
        gated.cable.is_down = False
        await chat.until("This cursor is unknown")
        await chat.until("Assistant: one two three four five six\n", times=4)
        shown = await chat.end()
    assert [shown.count(text) for text in sent] == [1, 1, 1]


async def test_a_conversation_is_joined_where_it_stands(gated: Gated, company: Company) -> None:
    async with chatting(gated.cable.address, company.customer) as first:
        first.type("Count!")
        gated.gate.let(6)
        await first.until("six\n")
        first.type("Again!")
        gated.gate.let(3)
        await first.until("You: Again!\nAssistant: one two three")
        async with chatting(gated.cable.address, company.customer, conversation_id=first.conversation_id) as second:
            await second.until("Again!\nAssistant: one two three")
            gated.gate.let(3)
            await second.until("five six\n", times=2)
            shown = await second.end()
    assert shown == (
        f"{GREETING}Person 0: Count!\nAssistant: one two three four five six\n"
        "Person 0: Again!\nAssistant: one two three four five six\n"
    )


async def test_commands_say_what_they_cannot_do(gated: Gated, company: Company) -> None:
    async with chatting(gated.cable.address, company.customer, in_turn=False) as chat:
        chat.type("/stop", "/dance", "x" * 10_001, "Count!")
        gated.gate.let(2)
        await chat.until("one two ")
        chat.type("/stop")
        await chat.until("stopped here")
        chat.type("/stop", "/quit", "never")
        await asyncio.wait_for(chat.task, 10)
    assert "! There is no conversation yet; ask something first.\n" in chat.shown
    assert "! There is no command /dance; /help lists them.\n" in chat.shown
    assert "! A message may have 10,000 characters; this has 10,001.\n" in chat.shown
    assert "! No answer is being written here.\n" in chat.shown
    assert "never" not in chat.shown
    assert chat.session.had_problems


async def test_no_text_commands_the_terminal(database_url: str, redis_url: str, company: Company) -> None:
    evil = "a\x1b[2J\x1b]0;title\x07b\x9b31mc\rd\u202ee"
    citation = Citation(uuid4(), uuid4(), "Ti\x1btle", ("He\x08ading",), "https://x.example/\x1b[1m")
    async with (
        started(database_url, redis_url, Answer(evil, (citation,), GROUNDS)) as stack,
        chatting(stack.socket_url, company.customer) as chat,
    ):
        chat.type("Hello?")
        shown = await chat.end()
    assert "a�[2J�]0;title�b�31mc�d�e" in shown
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


async def test_a_bad_token_ends_the_chat_with_a_sentence(gated: Gated, company: Company) -> None:
    async with chatting(gated.cable.address, company.customer, token="nonsense") as chat:
        with pytest.raises(RefusedError, match="This token is not valid"):
            await asyncio.wait_for(chat.task, 10)


@pytest.mark.parametrize(("path", "sentence"), [("/nowhere", "answers with HTTP 4"), ("/healthz", "HTTP 4")])
async def test_an_address_without_a_socket_is_told(gated: Gated, company: Company, path: str, sentence: str) -> None:
    async with chatting(gated.cable.address.replace("/graphql", path), company.customer) as chat:
        with pytest.raises(RefusedError, match=sentence):
            await asyncio.wait_for(chat.task, 10)


async def test_the_process_prints_a_transcript_and_ends(gated: Gated, company: Company) -> None:
    gated.gate.let(6)
    process = await asyncio.create_subprocess_exec(
        *parley("chat", "--url", gated.stack.socket_url, "--token", token_of(company.customer)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate("Zählst du? 🙂".encode()), 60)
    assert said.decode() == f"{GREETING}You: Zählst du? 🙂\nAssistant: one two three four five six\n"
    assert process.returncode == 0


async def test_a_terminal_has_a_prompt_and_ctrl_c_ends_it(gated: Gated, company: Company) -> None:
    gated.gate.let(6)
    arguments = parley("chat", "--url", gated.stack.socket_url, "--token", token_of(company.customer))
    code, seen = await asyncio.to_thread(in_terminal, arguments)
    plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", seen).replace("\r", "")
    assert plain.count("› ") == 2
    assert "› Count!\nAssistant: one two three four five six\n› " in plain
    assert "Traceback" not in seen
    assert code == 130


def parley(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "infra.cli", *arguments]


def in_terminal(arguments: list[str]) -> tuple[int, str]:
    """Ask a question at the prompt, press Ctrl-C after its answer; the exit code and all that was shown."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execve(arguments[0], arguments, {**os.environ, "TERM": "xterm"})
    seen = b""
    for awaited, keys in (("› ", b"Count!\n"), ("six", b""), ("› ", b"\x03")):
        start = len(seen)
        seen += read_until(terminal, awaited.encode())
        assert awaited.encode() in seen[start:], seen
        os.write(terminal, keys)
    seen += read_until(terminal, b"never")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen.decode()


def read_until(terminal: int, awaited: bytes) -> bytes:
    seen, end = b"", time.monotonic() + 40
    while awaited not in seen and time.monotonic() < end and select.select([terminal], [], [], 40)[0]:
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # the process has ended
            break
    return seen

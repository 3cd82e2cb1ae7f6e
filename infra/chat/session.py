"""What the person at the keyboard does: questions and slash commands, one line each."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from domain.text import MAX_MESSAGE
from infra.chat import documents
from infra.chat.client import Client, RequestError
from infra.chat.conversation import Follower
from infra.chat.lines import Lines
from infra.chat.screen import Screen

COMMANDS = {
    "/person": ("requestHandoff", "ask for a person"),
    "/stop": ("stopAnswer", "end the answer that is being written"),
    "/resolve": ("resolveConversation", "the matter is settled"),
    "/reopen": ("reopenConversation", "go on with a resolved conversation"),
}
QUIT, HELP, CODE = "/quit", "/help", "/code"


class Session:
    """A chat from its first line to its last.

    With `in_turn` each line waits until the one before it had its outcome: then what is piped in becomes a transcript.
    """

    def __init__(self, client: Client, screen: Screen, *, in_turn: bool) -> None:
        self.had_problems = False
        self._client = client
        self._screen = screen
        self._in_turn = in_turn
        self._followed: Follower | None = None
        self._joined = asyncio.Event()

    async def run(self, lines: Lines, conversation_id: str | None) -> None:
        """Talk until the lines end, or somebody quits. Raises: RefusedError, RequestError."""
        work = (self._talk(lines, conversation_id), self._watch(), self._client.run())
        tasks = [asyncio.create_task(one) for one in work]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _watch(self) -> None:
        await self._joined.wait()
        if self._followed:
            await self._followed.follow()

    async def _talk(self, lines: Lines, conversation_id: str | None) -> None:
        await self._greet()
        if conversation_id:
            await self._follow(Follower(self._client, self._screen, conversation_id))
        self._screen.prompt()
        while (line := await lines.next()) is not None and line.strip() != QUIT:
            self._screen.entered(line)
            if line.strip():
                await self._do(line)
            if self._followed is None or not self._followed.open:
                self._screen.prompt()
        if line is None and self._followed:
            await self._followed.settled()
        if not self._in_turn and self._followed:
            self._screen.note(f"to go on with this conversation: parley chat --conversation {self._followed.id}")

    async def _greet(self) -> None:
        viewer = (await self._client.execute(documents.VIEWER, {}))["viewer"]
        person = viewer["customer"] or viewer["agent"] or {"name": "nobody"}
        where = f" at {viewer['organization']['name']}" if viewer["organization"] else ""
        self._screen.note(f"connected as {person['name']} ({viewer['kind'].lower()}){where}; {HELP} lists the commands")

    async def _do(self, line: str) -> None:
        word = line.strip()
        if word == HELP:
            for name, (_, meaning) in COMMANDS.items():
                self._screen.note(f"{name}: {meaning}")
            self._screen.note(f"{CODE} 123456: show who you are, by the code that was mailed to you")
            self._screen.note(f"{QUIT}: leave; the conversation stays")
        elif word in COMMANDS:
            await self._command(COMMANDS[word][0])
        elif word.split()[0] == CODE:
            await self._command("verifyMyself", code=word.removeprefix(CODE).strip())
        elif word.startswith("/"):
            self._complain(f"There is no command {word.split()[0]}; {HELP} lists them.")
        elif len(line) > MAX_MESSAGE:
            self._complain(f"A message may have {MAX_MESSAGE:,} characters; this has {len(line):,}.")
        elif self._followed is None:
            await self._begin(line)
        else:
            await self._send(self._followed, line)
        if self._in_turn and self._followed:
            await self._followed.settled()

    async def _begin(self, text: str) -> None:
        done = await self._mutate(documents.START, text=text)
        if done is not None:
            followed = Follower(self._client, self._screen, done["conversation"]["id"])
            followed.own.append(text)
            await self._follow(followed)

    async def _send(self, followed: Follower, text: str) -> None:
        followed.own.append(text)
        if await self._mutate(documents.SEND, id=followed.id, text=text) is None:
            followed.own.remove(text)

    async def _command(self, name: str, **variables: str) -> None:
        if self._followed is None:
            self._complain("There is no conversation yet; ask something first.")
        elif await self._mutate(documents.command(name, *variables), id=self._followed.id, **variables) and variables:
            self._screen.note("you have shown who you are; tell the assistant to go on")

    async def _follow(self, followed: Follower) -> None:
        await followed.join()
        self._followed = followed
        self._joined.set()

    async def _mutate(self, document: str, **variables: object) -> dict[str, Any] | None:
        """What the mutation did, None when it was refused. Its key makes it safe to be sent again and again."""
        try:
            data = await self._client.execute(document, {**variables, "key": str(uuid4())})
        except RequestError as error:
            self._complain(str(error))
            return None
        (payload,) = data.values()
        if "message" in payload:
            self._complain(payload["message"])
            return None
        done: dict[str, Any] = payload
        return done

    def _complain(self, sentence: str) -> None:
        self.had_problems = True
        self._screen.problem(sentence)

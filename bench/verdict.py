"""The judgement after a run, from the tables themselves: everything once, nothing lost, every client the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from bench.streams import Findings, Stream, inner, stored_detail
from domain.base import Event, Internal
from infra.database import Database
from infra.demo.ids import ORGANIZATION_ID
from infra.rows import events, idempotency_keys, jobs, messages

Row = Mapping[str, Any]


@dataclass
class Sent:
    """A message that a client sent under one key until the server answered."""

    key: str
    conversation_id: str
    actor: str
    text: str
    message_id: str | None = None
    refusal: str | None = None


@dataclass
class Command:
    """A command that a client gave under one key until the server answered; `outcome` is the payload's type."""

    name: str
    conversation_id: str
    actor: str
    outcome: str | None = None


@dataclass
class Tables:
    """What the database holds at the end."""

    journal: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """Events by conversation, in the order of their versions."""
    messages: list[Row] = field(default_factory=list)
    keys: Counter[str] = field(default_factory=Counter)
    jobs: list[Row] = field(default_factory=list)
    positions: list[int | None] = field(default_factory=list)


async def unfinished_jobs(database: Database) -> int:
    """How many jobs are still to be done."""
    async with database.relay() as connection:
        return await connection.scalar(select(func.count()).select_from(jobs).where(jobs.c.state != "dead")) or 0


async def heads(database: Database) -> dict[str, int]:
    """The newest version of each conversation."""
    newest = select(events.c.stream, func.max(events.c.version)).group_by(events.c.stream)
    async with database.relay() as connection:
        return {row[0].partition(":")[2]: row[1] for row in await connection.execute(newest)}


async def read_tables(database: Database) -> Tables:
    """All that is judged."""
    tables = Tables()
    async with database.relay() as connection:
        for row in (await connection.execute(select(events).order_by(events.c.stream, events.c.version))).mappings():
            tables.positions.append(row["delivered_position"])
            concept, _, identity = row["stream"].partition(":")
            if concept == "conversation":
                tables.journal[identity].append(dict(row))
        tables.jobs = [dict(row) for row in (await connection.execute(select(jobs))).mappings()]
    async with database.tenant(ORGANIZATION_ID) as connection:
        tables.messages = [dict(row) for row in (await connection.execute(select(messages))).mappings()]
        tables.keys = Counter((await connection.execute(select(idempotency_keys.c.key))).scalars())
    return tables


def judge(
    tables: Tables, sent: Sequence[Sent], commands: Sequence[Command], streams: Sequence[Stream], findings: Findings
) -> None:
    """Put every broken promise into `findings`."""
    _sent_once(tables, sent, findings)
    _commands_once(tables, commands, findings)
    for identity, journal in tables.journal.items():
        for sentence in (*_numbered(journal), *_questions(journal, findings.counts)):
            findings.violation(f"conversation {identity}: {sentence}")
    for stream in streams:
        _same_as_journal(stream, tables.journal[inner(stream.conversation_id)], findings)
    _positions(tables, findings)
    _rows(tables, findings)
    for job in tables.jobs:
        findings.violation(f"job {job['id']} ({job['name']}) is left over: {job['state']}, attempt {job['attempts']}")


def _sent_once(tables: Tables, sent: Iterable[Sent], findings: Findings) -> None:
    """A message's text is unique to its key, so its copies can be counted."""
    stored: dict[str, list[str]] = defaultdict(list)
    for journal in tables.journal.values():
        for row in journal:
            if row["kind"] == "MessageSent":
                stored[row["payload"]["message"]["text"]].append(row["payload"]["message"]["id"])
    for one in sent:
        copies, expected = stored.pop(one.text, []), [one.message_id] if one.message_id else []
        if copies != expected:
            findings.violation(f"{one.actor} sent {one.key} ({one.refusal or 'accepted'}): stored {len(copies)} times")
        if tables.keys[one.key] != len(expected):
            findings.violation(f"the key {one.key} is remembered {tables.keys[one.key]} times")
    for text in stored:
        findings.violation(f"nobody sent the stored message {text!r}")


DONE_BY = {"requestHandoff": "HandoffRequested", "resolveConversation": "ConversationResolved"}


def _commands_once(tables: Tables, commands: Iterable[Command], findings: Findings) -> None:
    """An accepted command is in the journal once, under its actor's name; one that was refused is not."""
    accepted: Counter[tuple[str, str, str]] = Counter()
    found: Counter[tuple[str, str, str]] = Counter()
    for one in commands:
        if one.name in DONE_BY and one.outcome and one.outcome.endswith("Success"):
            accepted[inner(one.conversation_id), one.actor, DONE_BY[one.name]] += 1
    for identity, journal in tables.journal.items():
        for row in journal:
            if row["kind"] in DONE_BY.values() and not row["actor"].startswith("assistant"):
                found[identity, row["actor"], row["kind"]] += 1
    for place in accepted.keys() | found.keys():
        if accepted[place] != found[place]:
            findings.violation(f"{place}: {accepted[place]} accepted, {found[place]} in the journal")


def _numbered(journal: Sequence[Row]) -> Iterable[str]:
    if [row["version"] for row in journal] != list(range(1, len(journal) + 1)):
        yield "versions are not 1, 2, 3 …"
    positions = [row["delivered_position"] for row in journal]
    if None in positions or positions != sorted(positions):
        yield "events have not been delivered in the order of their versions"


def _questions(journal: Sequence[Row], counts: Counter[str]) -> Iterable[str]:
    """Each question that the assistant was to answer has one outcome, by the rules of the conversation.

    A customer's message sent while the assistant has the conversation is open until it is answered
    (`AnswerCompleted`), stopped (`AnswerStopped`), or the assistant loses the conversation (`HandoffRequested`,
    `ConversationTakenOver`, `ConversationResolved`), which ends all questions that are still open.
    """
    open_questions: dict[str, str] = {}
    with_assistant, started = True, ("", 0)
    for row in journal:
        kind, payload = row["kind"], row["payload"]
        message = payload.get("message") or {}
        match kind:
            case "MessageSent" if with_assistant and message["author_kind"] == "customer":
                open_questions[message["id"]] = message["text"]
            case "AnswerStarted":
                if payload["question_id"] not in open_questions:
                    yield f"version {row['version']} begins an answer to a question that is not open"
                earlier = started[1] if started[0] == payload["answer_id"] else 0
                if payload["attempt"] != earlier + 1:
                    yield f"version {row['version']} is attempt {payload['attempt']} after {earlier}"
                started = (payload["answer_id"], payload["attempt"])
            case "AnswerCompleted" | "AnswerStopped":
                question = message.get("question_id") or payload.get("question_id")
                asked = open_questions.pop(question, None)
                if asked is None:
                    yield f"version {row['version']} ({kind}) ends a question that is not open: a second outcome"
                elif message and not _echoes(kind, message["text"], asked):
                    yield f"version {row['version']} ({kind}) says {message['text']!r} to {asked!r}"
                counts[f"questions ended by {kind}"] += 1
            case "HandoffRequested" | "ConversationTakenOver" | "ConversationResolved":
                counts[f"questions ended by {kind}"] += len(open_questions)
                open_questions.clear()
                with_assistant = False
            case "ConversationReopened":
                with_assistant = True
    for asked in open_questions.values():
        yield f"the question …{asked[-30:]!r} has no outcome"


def _echoes(kind: str, said: str, asked: str) -> bool:
    return said == asked if kind == "AnswerCompleted" else asked.startswith(said)


def _same_as_journal(stream: Stream, journal: Sequence[Row], findings: Findings) -> None:
    """What one client saw is the journal from where the client began: so all clients saw the same."""
    stored = [
        (row["version"], row["kind"], stored_detail(row["kind"], row["payload"]))
        for row in journal[stream.first :]
        if not (stream.is_customer and issubclass(Event.kinds[row["kind"]], Internal))
    ]
    seen = [(one.version, one.kind, one.detail) for one in stream.seen]
    if seen != stored:
        place = next((a for a, b in zip(stored, seen, strict=False) if a != b), None)
        findings.violation(
            f"{stream.client} saw {len(seen)} events of {len(stored)}, first difference at {place}"
            f" (conversation {inner(stream.conversation_id)})"
        )


def _positions(tables: Tables, findings: Findings) -> None:
    given = sorted(position or 0 for position in tables.positions)
    if given != list(range(1, len(given) + 1)):
        findings.violation("the positions of delivery are not 1, 2, 3 …")


def _rows(tables: Tables, findings: Findings) -> None:
    """The message rows are what the journal says."""
    said = {
        message["id"]: (identity, message["number"], message["text"])
        for identity, journal in tables.journal.items()
        for row in journal
        if (message := row["payload"].get("message"))
    }
    rows = {str(row["id"]): (str(row["conversation_id"]), row["number"], row["text"]) for row in tables.messages}
    if said != rows:
        different = {key for key in said.keys() | rows.keys() if said.get(key) != rows.get(key)}
        findings.violation(f"{len(different)} message rows are not what the journal says: {sorted(different)[:3]}")

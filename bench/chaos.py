"""Customers and agents at work while everything is killed: what was promised must hold for each of them.

Run it with `python -m bench.chaos`; it ends with exit code 1 when any promise was broken.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.clients import MESSAGES, CutOffError, Http, RefusedError, http_client
from bench.people import Agent, Customer, Participant, World
from bench.report import Report, percentiles
from bench.streams import Findings, inner
from bench.system import PARTS, System, running
from bench.verdict import heads, judge, read_tables, unfinished_jobs

QUIET_SECONDS = 30.0
CUSTOMERS_SHARE = 0.6
"""Of all clients so many have a conversation of their own; the others watch one of these, too."""

KILLS = ("sockets", "sockets", "sockets", "api", "worker", "valkey", "postgres") * 2
"""What is killed, each time in another order."""

PROOFS = {"worker": ("AnswerStarted",), "valkey": ("AnswerStarted",)}
"""The kinds of event that prove, when they come, that a part works again; any kind for the others."""


@dataclass
class Kill:
    """A part that was killed, and how long it took (seconds) until a client got an event that began after it."""

    part: str
    at: datetime
    clock: float
    recovered: float | None = None


@dataclass
class Monkey:
    """Kills what chance chooses, and notes when life goes on."""

    system: System
    participants: Sequence[Participant]
    chance: random.Random
    every: float
    """Seconds between two kills, on average."""
    kills: list[Kill] = field(default_factory=list)

    async def run(self) -> None:
        """Kill until cancelled."""
        bag: list[str] = []
        while True:
            await asyncio.sleep(self.chance.uniform(0.2, 2 * self.every - 0.2))
            bag = bag or self.chance.sample(KILLS, len(KILLS))
            part = bag.pop()
            kill = Kill(part, datetime.now(UTC), time.monotonic())
            if self._cut_sockets() if part == "sockets" else self.system.kill(part):
                self.kills.append(kill)

    def _cut_sockets(self) -> bool:
        open_sockets = [one.socket for one in self.participants if one.socket is not None]
        for socket in self.chance.sample(open_sockets, k=min(len(open_sockets), self.chance.randint(1, 12))):
            socket.abort()
        return bool(open_sockets)

    def heard(self, kind: str, at: datetime) -> None:
        """A client got an event whose transaction began at this time."""
        for kill in self.kills:
            if kill.recovered is None and at > kill.at and kind in PROOFS.get(kill.part, (kind,)):
                kill.recovered = time.monotonic() - kill.clock


@dataclass(frozen=True)
class Plan:
    """How long, how many, how wild. Times in seconds."""

    seconds: float = 600
    clients: int = 100
    seed: int = 0
    kill_every: float = 3.0
    pace: float = 7.0
    concurrency: int = 60
    logs: Path | None = None


@dataclass
class Run:
    """One run of the chaos, from the first client to the judgement."""

    plan: Plan
    findings: Findings = field(default_factory=Findings)
    kills: list[Kill] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    reconnections: list[float] = field(default_factory=list)
    quiet_after: float = 0.0

    async def play(self) -> None:
        """Everything; `findings` tell what came of it."""
        variables = {"PARLEY_WORKER_CONCURRENCY": str(self.plan.concurrency)}
        async with running(variables, keep_logs=self.plan.logs) as system, http_client() as http:
            monkey = Monkey(system, [], random.Random(f"{self.plan.seed}/monkey"), self.plan.kill_every, self.kills)
            world = World(system, http, self.findings, monkey.heard, self.plan.pace, self.plan.seed)
            monkey.participants = participants = await self._gather(world)
            async with _in_background(*(one.follow() for one in participants)):
                await self._rage(monkey, participants)
                began = time.monotonic()
                await self._calm(system, participants)
                self.quiet_after = time.monotonic() - began
                await self._compare_by_query(world, participants)
            await self._judge(world, participants)

    async def _gather(self, world: World) -> list[Participant]:
        """Customers with a conversation each; then alternately second devices and agents who watch one of these."""
        count = max(1, round(self.plan.clients * CUSTOMERS_SHARE))
        staff, people = await world.system.staff(), await world.system.customers(count)
        customers = [Customer(world, person.name, person) for person in people]
        await asyncio.gather(*(customer.start() for customer in customers))
        others: list[Participant] = []
        for number in range(self.plan.clients - count):
            host = customers[number % count]
            if number % 2:
                agent = staff[number // 2 % len(staff)]
                guest: Participant = Agent(world, f"{agent.name} {number}", agent)
            else:
                guest = Customer(world, f"{host.name} again {number}", host.person)
            guest.watch(host.at.conversation_id, host.at.cursor)
            others.append(guest)
        return [*customers, *others]

    async def _rage(self, monkey: Monkey, participants: Sequence[Participant]) -> None:
        """Live and kill for the planned time; then everybody finishes what they are at."""
        end = time.monotonic() + self.plan.seconds
        lives = [asyncio.create_task(one.live(lambda: time.monotonic() > end)) for one in participants]
        killing = asyncio.create_task(monkey.run())
        await asyncio.sleep(self.plan.seconds)
        killing.cancel()
        _, unfinished = await asyncio.wait(lives, timeout=QUIET_SECONDS + 5 * self.plan.pace)
        for life in unfinished:
            life.cancel()
        if unfinished:
            self.findings.violation(f"{len(unfinished)} clients got no answer to their last request")
        for life in lives:
            if not life.cancelled() and life.done() and (error := life.exception()):
                raise error

    async def _calm(self, system: System, participants: Sequence[Participant]) -> None:
        """Wait until there is nothing left to do and everybody has seen everything; not longer than promised."""
        deadline = time.monotonic() + QUIET_SECONDS
        async with system.database() as database:
            while time.monotonic() < deadline:
                newest = await heads(database)
                behind = [one.name for one in participants if one.at.version < newest[inner(one.at.conversation_id)]]
                left = await unfinished_jobs(database)
                if not behind and not left:
                    return
                await asyncio.sleep(0.2)
        self.findings.violation(
            f"after {QUIET_SECONDS:.0f} s {left} jobs are left and {len(behind)} behind: {behind[:5]}"
        )

    async def _compare_by_query(self, world: World, participants: Sequence[Participant]) -> None:
        """The messages that a query gives are those that the subscription brought."""
        for one in participants:
            queried = await _messages(Http(world.http, world.system.url, one.person.token), one.at.conversation_id)
            seen = {event.detail for event in one.at.seen if len(event.detail) == 4}
            brought = {
                (inner(m["id"]), m["number"], m["kind"].lower(), m["text"]) for m in queried[-len(seen) or None :]
            }
            if seen != brought:
                self.findings.violation(f"{one.name}: {len(seen ^ brought)} messages differ between query and stream")

    async def _judge(self, world: World, participants: Sequence[Participant]) -> None:
        async with world.system.database() as database:
            tables = await read_tables(database)
        streams = [one.at for one in participants]
        judge(tables, world.sent, world.commands, streams, self.findings)
        self.delays = [event.delay for stream in streams for event in stream.seen]
        self.reconnections = world.reconnections

    def report(self) -> Report:
        """What is printed and written."""
        report = Report(f"Chaos: {self.plan.clients} clients, {self.plan.seconds / 60:g} min, seed {self.plan.seed}")
        report.table("Counted", ("what", "times"), sorted(self.findings.counts.items()))
        rows = [(part, *self._recovery(part)) for part in ("sockets", *PARTS)]
        report.table("Killed, and back after seconds", ("part", "kills", "median", "p95", "longest"), rows)
        delays = percentiles(self.delays, 50, 95, 99, 100)
        again = percentiles(self.reconnections, 50, 95, 99, 100)
        timings = [("event to client", *delays), ("socket lost to socket back", *again)]
        report.table("Seconds", ("what", "median", "p95", "p99", "longest"), timings)
        report.fact("quiet after (s)", round(self.quiet_after, 1))
        report.fact("violations", len(self.findings.violations))
        return report

    def _recovery(self, part: str) -> tuple[object, ...]:
        kills = [kill for kill in self.kills if kill.part == part]
        times = [kill.recovered for kill in kills if kill.recovered is not None]
        return (len(kills), *percentiles(times, 50, 95, 100))


async def _messages(http: Http, conversation_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = None
    while True:
        try:
            data = await http.execute(MESSAGES, {"id": conversation_id, "after": after})
        except (CutOffError, RefusedError):
            await asyncio.sleep(0.3)
            continue
        page = data["conversation"]["messages"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@asynccontextmanager
async def _in_background(*work: Any) -> Any:
    async with AsyncExitStack() as stack:
        tasks = [asyncio.create_task(one) for one in work]
        for task in tasks:
            stack.callback(task.cancel)
        yield
        for task in tasks:
            if task.done():
                task.result()


def main(
    minutes: Annotated[float, typer.Option(help="How long to go on killing.")] = 10.0,
    clients: Annotated[int, typer.Option(help="How many are subscribed.")] = 100,
    seed: Annotated[int | None, typer.Option(help="Repeats an earlier run's choices.")] = None,
    kill_every: Annotated[float, typer.Option(help="Seconds between two kills, on average.")] = 3.0,
    pace: Annotated[float, typer.Option(help="Seconds between two deeds of one client, on average.")] = 7.0,
    json: Annotated[Path | None, typer.Option(help="File for the figures.")] = None,
    logs: Annotated[Path | None, typer.Option(help="Folder for a copy of the logs.")] = None,
) -> None:
    """Kill everything, again and again, and see whether anything is lost or doubled."""
    chosen = seed if seed is not None else random.randrange(1_000_000)
    run = Run(Plan(minutes * 60, clients, chosen, kill_every=kill_every, pace=pace, logs=logs))
    asyncio.run(run.play())
    run.report().show(json, run.findings.violations)
    raise typer.Exit(1 if run.findings.violations else 0)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()

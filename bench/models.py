"""What Parley adds to a language model: its failures and what customers see of them, its time, and its many streams.

Run it with `python -m bench.models faults`, `latency` or `streams`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx2
import psutil
import typer

from bench.clients import START, WATCH, Json, Socket, http_client, opened
from bench.report import Report, percentiles
from bench.steady import ALL
from bench.system import Person, System, free_port, running
from infra.local.embedded import is_free
from tests.models.faults import ALL_FAIL, FAULTS, Endured, Fault, endure, models_at
from tests.models.server import ModelServer, serving
from tests.stack import Client

FAULT_COLUMNS = (
    "the first model",
    "text before",
    "the customer sees",
    "seconds",
    "calls of the first",
    "of the second",
)
LATENCY_COLUMNS = ("answers at a time", "n", "model's own p50", "added p50", "added p95", "added p99")
STREAM_COLUMNS = (
    "streams",
    "tokens/s written",
    "late p50",
    "late p95",
    "late max",
    "worker CPU",
    "server CPU",
    "model CPU",
    "worker µs a token",
)
DELAY = 0.3
"""Seconds until the steady model's first token."""
PACE = 50
"""Tokens a second."""
ANSWER_SECONDS = 120.0

app = typer.Typer(pretty_exceptions_enable=False)
JsonFile = Annotated[Path | None, typer.Option(help="File for the figures.")]


@dataclass
class Asked:
    """One question: when it was sent, its first text came, and its whole text had come, by `perf_counter`."""

    name: str
    sent: float
    first: float = 0.0
    last: float = 0.0


@dataclass
class Load:
    """CPU seconds of processes, each with its children."""

    pids: dict[str, int]
    before: dict[str, float] = field(default_factory=dict)
    began: float = 0.0

    def begin(self) -> None:
        """Count from here."""
        self.began, self.before = time.perf_counter(), {name: _cpu(pid) for name, pid in self.pids.items()}

    def spent(self, name: str) -> float:
        """CPU seconds of one, since then."""
        return _cpu(self.pids[name]) - self.before[name]

    def shares(self) -> dict[str, str]:
        """Of one core, since then."""
        passed = time.perf_counter() - self.began
        return {name: f"{self.spent(name) / passed:.0%}" for name in self.pids}


def _cpu(pid: int) -> float:
    process = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))


async def ask(socket: Socket, name: str) -> Asked:
    """Begin a conversation with a question that names itself, and follow its answer to the end."""
    asked = Asked(name, time.perf_counter())
    given = {"input": {"text": f"Please tell me everything that you know about {name}"}}
    started = (await socket.execute(START, given, within=ANSWER_SECONDS))["startConversation"]["conversation"]
    async with asyncio.timeout(ANSWER_SECONDS):
        async for at, payload in socket.subscribe(WATCH, {"id": started["id"], "after": started["cursor"]}):
            change: Json = payload["data"]["conversationChanged"]
            if change["__typename"] == "AnswerFrame":
                asked.first, asked.last = asked.first or at, at
            elif change["__typename"] in ("AnswerCompleted", "HandoffRequested"):
                assert change["__typename"] == "AnswerCompleted", change
                return asked
    raise AssertionError("the subscription ended")


@asynccontextmanager
async def steady(tokens: int) -> AsyncIterator[tuple[System, int, str]]:
    """A Parley whose only model is a steady one, that model's process id and its address."""
    port = free_port()
    arguments = (str(port), str(DELAY), str(tokens), str(1 / PACE))
    model = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.steady", *arguments)
    while is_free("127.0.0.1", port):
        assert model.returncode is None, "the steady model did not start"
        await asyncio.sleep(0.05)
    limits = {"concurrency": 1_000, "first_token": 60, "between_tokens": 60, "total": 120}
    declared = {"steady": {"base_url": f"http://127.0.0.1:{port}/v1", "model": "steady", "limits": limits}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "models.json"
        file.write_text(json.dumps(declared))
        variables = {
            "PARLEY_MODELS": str(file),
            "PARLEY_AI_PROVIDER": "steady",
            "PARLEY_WORKER_CONCURRENCY": "1000",
            "PARLEY_ANSWER_TIMEOUT": "120",
        }
        try:
            async with running(variables) as system:
                yield system, model.pid, f"http://127.0.0.1:{port}"
        finally:
            with suppress(ProcessLookupError):
                model.terminate()
            await model.wait()


async def _written(address: str) -> dict[str, list[float]]:
    """When the model got each question, and wrote its first and its last token."""
    async with http_client() as client:
        return dict(json.loads((await client.get(f"{address}/times")).content))


async def _sockets(stack: AsyncExitStack, system: System, people: Sequence[Person]) -> list[Socket]:
    return [await stack.enter_async_context(opened(system.socket_url, one.token)) for one in people]


async def measured_latency(counts: Sequence[int], rounds: int) -> Report:
    """What Parley adds to a model's own time to its first token."""
    report = Report("Time that Parley adds to the model's first token, in milliseconds")
    report.fact("load before", os.getloadavg()[0])
    rows = []
    async with steady(tokens=150) as (system, _, address), AsyncExitStack() as stack:
        await system.staff()
        sockets = await _sockets(stack, system, await system.customers(max(counts)))
        await asyncio.gather(*(ask(socket, f"question-warm-{number}") for number, socket in enumerate(sockets[:5])))
        for count in counts:
            asked = await _at_a_time(sockets[:count], rounds)
            times = await _written(address)
            own = [times[one.name][1] - times[one.name][0] for one in asked]
            added = [one.first - one.sent - mine for one, mine in zip(asked, own, strict=True)]
            points = [percentiles(own, 50, digits=6)[0], *percentiles(added, 50, 95, 99, digits=6)]
            rows.append((count, len(asked), *(f"{(value or 0) * 1000:.1f}" for value in points)))
    report.table("From sending to the first frame, less the model's own first token", LATENCY_COLUMNS, rows)
    return report


async def _at_a_time(sockets: Sequence[Socket], rounds: int) -> list[Asked]:
    """Each socket asks one question after the other; they begin evenly over the time that an answer takes."""
    each = DELAY + 150 / PACE

    async def asking(number: int, socket: Socket) -> list[Asked]:
        await asyncio.sleep(each * number / len(sockets))
        names = [f"question-{len(sockets)}-{number}-{turn}" for turn in range(rounds)]
        return [await ask(socket, name) for name in names]

    found = await asyncio.gather(*(asking(number, socket) for number, socket in enumerate(sockets)))
    return [one for some in found for one in some]


async def measured_streams(counts: Sequence[int], tokens: int) -> Report:
    """How many streams of `PACE` tokens a second one worker and one server carry."""
    report = Report("Streams at a time, on one worker and one server")
    report.fact("load before", os.getloadavg()[0])
    rows = []
    async with steady(tokens) as (system, model, address), AsyncExitStack() as stack:
        await system.staff()
        sockets = await _sockets(stack, system, await system.customers(max(counts)))
        await asyncio.gather(*(ask(socket, f"question-warm-{number}") for number, socket in enumerate(sockets[:5])))
        load = Load({"worker": system.pid("worker") or 0, "server": system.pid("api") or 0, "model": model})
        for count in counts:
            before = (await _written(address))[ALL][0]
            load.begin()
            asked = await asyncio.gather(
                *(ask(socket, f"question-{count}-{number}") for number, socket in enumerate(sockets[:count]))
            )
            shares, spent, times = load.shares(), load.spent("worker"), await _written(address)
            each = spent / (times[ALL][0] - before) * 1_000_000
            measured = (_rate(asked, times, tokens), *_lateness(asked, times), *shares.values(), f"{each:.0f}")
            rows.append((count, *measured))
    report.table("Seconds from the model's last token to its frame", STREAM_COLUMNS, rows)
    return report


def _rate(asked: Sequence[Asked], times: dict[str, list[float]], tokens: int) -> str:
    """Tokens a second of the slowest stream, as the model could write it."""
    return f"{min((tokens - 1) / (times[one.name][2] - times[one.name][1]) for one in asked):.1f}"


def _lateness(asked: Sequence[Asked], times: dict[str, list[float]]) -> list[str]:
    late = [one.last - times[one.name][2] for one in asked]
    return [f"{value or 0:.3f}" for value in (*percentiles(late, 50, 95, digits=6), max(late))]


async def measured_faults() -> Report:
    """The fault table."""
    report = Report("Faults of a model, with a second model behind it")
    with serving() as server, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "models.json"
        declared = {name: one.model_dump(exclude_none=True) for name, one in models_at(server).items()}
        file.write_text(json.dumps(declared))
        variables = {"PARLEY_MODELS": str(file), "PARLEY_AI_PROVIDER": "first,second"}
        async with running(variables) as system, httpx2.AsyncClient(base_url=system.settings.address) as http:
            await system.staff()
            (customer,) = await system.customers(1)
            client = Client(http, system.socket_url, customer.token)
            await endure(client, server, FAULTS[0])
            rows = [await _row(client, server, fault) for fault in (*FAULTS, *ALL_FAIL)]
    report.table("Every fault", FAULT_COLUMNS, rows)
    return report


async def _row(client: Client, server: ModelServer, fault: Fault) -> tuple[Any, ...]:
    seen: Endured = await endure(client, server, fault)
    return (fault.name, "yes" if fault.is_seen else "no", seen.sight, f"{seen.seconds:.1f}", *seen.calls)


@app.command()
def faults(json_file: JsonFile = None) -> None:
    """Play every fault and print what the customer saw."""
    asyncio.run(measured_faults()).show(json_file)


@app.command()
def latency(counts: str = "1,50", rounds: int = 4, json_file: JsonFile = None) -> None:
    """Measure the added time, for so many answers at a time."""
    asyncio.run(measured_latency([int(one) for one in counts.split(",")], rounds)).show(json_file)


@app.command()
def streams(counts: str = "50,100,200,300", tokens: int = 400, json_file: JsonFile = None) -> None:
    """Measure how late frames are, for so many streams at a time."""
    asyncio.run(measured_streams([int(one) for one in counts.split(",")], tokens)).show(json_file)


if __name__ == "__main__":
    app()

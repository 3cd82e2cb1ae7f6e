"""How fast Parley is: answers to chats, and events to subscribers beside a bare echo.

Run it with `python -m bench.latency`.
"""

from __future__ import annotations

import asyncio
import gc
import os
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer

from bench.chats import Timings, burst, gathered, paced
from bench.delivery import Delays, echoing, measure, probing
from bench.report import Report, percentiles
from bench.system import System, running

CHATS = {1: 0.25, 50: 5.0, 200: 10.0}
"""How many chats at a time, and how many seconds lie between two questions of one of them, on average."""

WATCHES = ((1, 1), (50, 50), (200, 200), (50, 1), (200, 1))
"""How many sockets over how many conversations."""

AIM = 3.0
"""Delivery may take so many times as long as the echo, at the 99th percentile."""

DELIVERY = ("sockets", "conversations", "n", "p50", "p99", "echo p50", "echo p99", "ratio p50", "ratio p99")
ANSWER = ("chats", "questions", "n", "first frame p50", "first frame p99", "stored p50", "stored p99", "repeated")

Row = tuple[object, ...]


async def chats(system: System, seconds: float) -> list[Row]:
    """Rows of the first table; times in milliseconds."""
    rows: list[Row] = []
    for count, every in CHATS.items():
        async with AsyncExitStack() as stack:
            begun = await gathered(stack, system, await system.customers(count))
            found = await paced(begun, seconds, every)
            rows.append((count, f"{count / every:g}/s", *_times(found)))
            together, rate = await burst(begun, rounds=30 if count == 1 else 3)
            rows.append((count, f"all at once: {rate:.0f}/s", *_times(together)))
    return rows


async def deliveries(system: System, rounds: int) -> list[Row]:
    """Rows of the second table; times in milliseconds."""
    rows: list[Row] = []
    agent, (customer,) = (await system.staff())[0], await system.customers(1)
    async with probing(system, customer, agent) as probe, echoing(system) as echo:
        for sockets, watched in WATCHES:
            delays = await measure(probe, echo, customer.token, sockets, watched, rounds)
            rows.append((sockets, watched, *_compared(delays)))
    return rows


def _times(found: Timings) -> Row:
    points = (*percentiles(found.first_frame, 50, 99, digits=6), *percentiles(found.stored, 50, 99, digits=6))
    return (len(found.stored), *(f"{value * 1000:.1f}" for value in points if value), found.repeated)


def _compared(delays: Delays) -> Row:
    ours = [value * 1000 for value in percentiles(delays.parley, 50, 99, digits=6) if value]
    bare = [value * 1000 for value in percentiles(delays.echo, 50, 99, digits=6) if value]
    ratios = [f"{a / b:.1f}" for a, b in zip(ours, bare, strict=True)]
    return (len(delays.parley), *(f"{value:.2f}" for value in (*ours, *bare)), *ratios)


async def measured(seconds: float, rounds: int, logs: Path | None) -> Report:
    """Both tables, from one Parley."""
    report = Report("Latency, in milliseconds")
    report.fact("load before", os.getloadavg()[0])
    gc.freeze()
    async with running({}, keep_logs=logs) as system:
        report.table("Commit to subscriber, beside a bare echo", DELIVERY, await deliveries(system, rounds))
        report.table("Question to answer", ANSWER, await chats(system, seconds))
    return report


def main(
    seconds: Annotated[float, typer.Option(help="How long each number of chats goes on.")] = 30.0,
    rounds: Annotated[int, typer.Option(help="How many commits each delivery is measured with.")] = 400,
    json: Annotated[Path | None, typer.Option(help="File for the figures.")] = None,
    logs: Annotated[Path | None, typer.Option(help="Folder for a copy of the logs.")] = None,
) -> None:
    """Measure answers and deliveries."""
    asyncio.run(measured(seconds, rounds, logs)).show(json)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(main)
    app()

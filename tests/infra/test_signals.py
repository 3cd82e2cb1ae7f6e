"""Signals may get lost, but not without a word."""

from redis.asyncio import Redis
from structlog.testing import capture_logs

from infra.live.signals import Sender


async def test_a_full_backlog_is_told_once() -> None:
    sender = Sender(Redis(), backlog=2)
    with capture_logs() as logs:
        for number in range(5):
            sender.send("parley:committed", str(number).encode())
    assert [entry["event"] for entry in logs] == ["signals.backlog_full"]

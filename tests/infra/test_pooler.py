"""Behind a pooler in transaction mode, where each transaction may get another connection than the one before."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.documents import CONVERSATION, START
from tests.resolvers.test_conversation import BEGINNING, collected
from tests.stack import found_company, running, scripted

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
needs_pgbouncer = pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer is not installed (Debian: pgbouncer)")
CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
server_reset_query =
"""


@pytest.fixture
def pooled_url(fresh_database_url: str, data_dir: Path) -> Iterator[str]:
    """The address of a database through PgBouncer, which has two connections for everybody."""
    url = make_url(fresh_database_url)
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = free.getsockname()[1]
    file = data_dir / "pgbouncer.ini"
    host = url.query.get("host", url.host)
    file.write_text(
        CONFIGURATION.format(host=host, port=url.query.get("port", url.port), user=url.username, listen=listen)
    )
    file.chmod(0o644)
    become = ["-u", Path(str(host)).owner()] if os.geteuid() == 0 else []  # it refuses to run as root
    command = [str(PGBOUNCER), *become, str(file)]
    with (data_dir / "pgbouncer.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(listen, process)
            pooled = url.set(host="127.0.0.1", port=listen, query={})
            yield pooled.render_as_string(hide_password=False)
        finally:
            process.terminate()
            process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while True:
        assert process.poll() is None, "PgBouncer ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)


@needs_pgbouncer
async def test_two_companies_share_two_connections(pooled_url: str, fresh_database_url: str, redis_url: str) -> None:
    companies = [await found_company(fresh_database_url) for _ in range(4)]
    async with running(
        pooled_url, redis_url, scripted("Within 45 days."), database_pooler="transaction", database_pool_size=8
    ) as stack:

        async def chat(number: int) -> None:
            company = companies[number % 4]
            client = stack.client(company.customer)
            started = await client.ask(START, text=f"Question {number}?")
            key = started["startConversation"]["conversation"]["id"]
            await collected(client, key, "AnswerCompleted", after=BEGINNING)
            found = (await client.ask(CONVERSATION, id=key))["conversation"]
            assert [message["text"] for message in found["messages"]["nodes"]][-1] == "Within 45 days."
            other = stack.client(companies[(number + 1) % 4].agent)
            assert (await other.ask(CONVERSATION, id=key))["conversation"] is None

        async with asyncio.timeout(60):
            await asyncio.gather(*(chat(number) for number in range(24)))

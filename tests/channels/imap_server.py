"""An IMAP server in the test's process, with one mailbox that tests put mail into."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aioimaplib import IMAP4
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

USER, PASSWORD = "help", "pass word"


@dataclass
class Served:
    """Where the server is."""

    port: int

    async def put(self, *mails: str) -> None:
        """Have mails come in."""
        client = await self._client()
        for mail in mails:
            content = mail.replace("\n", "\r\n").encode()
            assert (await client.append(content, "INBOX")).result == "OK"
        await client.logout()

    async def unseen(self) -> int:
        """How many mails nobody has marked."""
        client = await self._client()
        found = await client.search("UNSEEN", charset=None)
        await client.logout()
        return len(b" ".join(found.lines[:-1]).split())

    async def _client(self) -> IMAP4:
        client = IMAP4("127.0.0.1", self.port)
        await client.wait_hello_from_server()
        assert (await client.login(USER, PASSWORD)).result == "OK"
        await client.select("INBOX")
        return client


@asynccontextmanager
async def imap_server(port: int = 0) -> AsyncIterator[Served]:
    """A server with an empty mailbox."""
    args = Namespace(host="127.0.0.1", port=0, debug=False, cert=None, key=None, tls=False, passlib_cfg=None)
    args.demo_data, args.demo_user, args.demo_password, args.proxy_protocol = False, USER, PASSWORD, None
    backend, config = await DictBackend.init(args, insecure_login=True)
    config.apply_context()
    callback = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    async with AsyncExitStack() as stack:
        await backend.start(stack)
        server = await asyncio.start_server(callback, "127.0.0.1", port)
        yield Served(server.sockets[0].getsockname()[1])
        server.close()

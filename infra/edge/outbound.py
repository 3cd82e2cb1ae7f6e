"""Requests to addresses that strangers named: only to public ones, or to those that somebody allowed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import AF_INET, AF_INET6, SOCK_STREAM, getaddrinfo, socket

import httpx2

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LOOKUPS = ThreadPoolExecutor(8, thread_name_prefix="lookup")
NAT64 = ip_network("64:ff9b::/96")
UNICAST = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))  # is_global counts multicast and site-local ones in

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name, for a port."""


class AddressRefusedError(Exception):
    """The name leads to an address that may not be called, or not like this."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """What the machine's own resolver finds; it also understands numeric forms such as `0x7f.1`.

    It has threads of its own: a stranger's name may take long, which the names of models and databases must not.
    """
    try:
        looking = partial(getaddrinfo, host, port, type=SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(LOOKUPS, looking)
    except UnicodeError:  # a label of it is empty, or longer than any can be
        raise httpx2.ConnectError("no such name") from None
    return [str(entry[4][0]) for entry in found]


@cache
def authorities() -> ssl.SSLContext:
    """Whose certificates are trusted: those the system trusts, read once, for the loop stands still for 20 ms then."""
    return httpx2.create_ssl_context(trust_env=False)


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """Sends requests to addresses that were checked: public ones, and those in `networks`.

    The name is looked up here and the connection made to what was found, so that a name cannot lead elsewhere between
    the check and the call. No connection is kept: under one address it would serve another name, whose certificate
    nobody checked. With `plain` unset, http without TLS goes to `networks` alone. Raises `AddressRefusedError`, before
    anything is sent. Redirects are for the client to follow or not; each would be checked again.
    """

    def __init__(
        self,
        networks: Collection[Network],
        *,
        trusted: ssl.SSLContext | None = None,
        plain: bool = False,
        resolve: Resolve = resolved,
    ) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
        super().__init__(verify=trusted or authorities(), trust_env=False, limits=limits)
        self._networks = tuple(networks)
        self._plain = plain
        self._resolve = resolve

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it to the first address of its name that takes the connection."""
        for address in await self._addresses(request.url):
            try:
                return await super().handle_async_request(_sent_to(address, request))
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        raise httpx2.ConnectError("no address answered")

    async def _addresses(self, url: httpx2.URL) -> list[Address]:
        port = url.port or (443 if url.scheme == "https" else 80)
        found = await checked(url.host, port, self._networks, self._resolve)
        if url.scheme != "https" and not self._plain and not all(map(self._is_inside, found)):
            raise AddressRefusedError("This address must begin with https://.")
        return found

    def _is_inside(self, address: Address) -> bool:
        return any(embedded(address) in network for network in self._networks)


async def checked(host: str, port: int, networks: Collection[Network], resolve: Resolve = resolved) -> list[Address]:
    """The addresses of a name, all of them public or in `networks`; raises `AddressRefusedError`."""
    found = [ip_address(text.partition("%")[0]) for text in await resolve(host, port)]
    for address in map(embedded, found):
        if not _is_public(address) and not any(address in network for network in networks):
            raise AddressRefusedError("This address leads into a private network.")
    return found


async def dialled(host: str, port: int, networks: Collection[Network], resolve: Resolve = resolved) -> socket:
    """A connection to the first checked address of a name that takes it; raises `AddressRefusedError` or `OSError`."""
    problem: OSError = ConnectionRefusedError("no address answered")
    for address in await checked(host, port, networks, resolve):
        line = socket(AF_INET6 if address.version == 6 else AF_INET, SOCK_STREAM)
        line.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(line, (str(address), port))
        except OSError as error:
            line.close()
            problem = error
        except BaseException:
            line.close()
            raise
        else:
            return line
    raise problem


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to (mapped, NAT64, 6to4, Teredo), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and any(address in network for network in UNICAST)


def _sent_to(address: Address, request: httpx2.Request) -> httpx2.Request:
    """The same request to a numeric address; the certificate must still carry the name."""
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )

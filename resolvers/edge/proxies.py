"""Believes what trusted proxies say of where a request comes from, and nobody else."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

MOST_HOPS = 20
PAIR = re.compile(r'\s*(for|proto)\s*=\s*("[^"]*"|[^\s;,"]*)\s*', re.IGNORECASE)
SCHEMES = {"http": {"http": "http", "websocket": "ws"}, "https": {"http": "https", "websocket": "wss"}}

Address = IPv4Address | IPv6Address


class TrustedProxies:
    """Puts the client's address and scheme where everybody looks for them: `scope["client"]` and `scope["scheme"]`.

    Each proxy adds whom it spoke with at the right end of `X-Forwarded-For` or of `Forwarded` (RFC 7239), so the client
    is the right-most hop that is not a trusted proxy: what stands further left, anybody may have made up. A proxy that
    writes one of the two passes the other on as the client sent it: where they disagree, neither is believed.
    """

    def __init__(self, app: ASGIApp, networks: Sequence[str]) -> None:
        self._app = app
        self._networks: list[IPv4Network | IPv6Network] = [ip_network(each, strict=False) for each in networks]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._networks and scope["type"] in ("http", "websocket") and scope.get("client"):
            peer = _address(scope["client"][0])
            if peer is not None and self._is_trusted(peer):
                self._believe(scope, peer)
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope, peer: Address) -> None:
        headers = Headers(scope=scope)
        standard = list(_pairs(headers.getlist("forwarded")))
        hops = [_hops(headers.getlist("x-forwarded-for")), [value for name, value in standard if name == "for"]]
        clients = {self._client(each, peer) for each in hops if each}
        if len(clients) == 1:
            scope["client"] = (str(clients.pop()), 0)
        schemes = {*headers.getlist("x-forwarded-proto"), *(value for name, value in standard if name == "proto")}
        if len(schemes) == 1 and (scheme := schemes.pop().strip().lower()) in SCHEMES:
            scope["scheme"] = SCHEMES[scheme][scope["type"]]

    def _client(self, hops: Sequence[str], peer: Address) -> Address:
        """The right-most hop that is not trusted; a hop that is no address ends what can be known."""
        nearest = peer
        for hop in reversed(hops[-MOST_HOPS:]):
            address = _address(hop)
            if address is None:
                break
            nearest = address
            if not self._is_trusted(address):
                break
        return nearest

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _hops(headers: Sequence[str]) -> list[str]:
    return [hop for header in headers for hop in header.split(",") if hop.strip()]


def _pairs(headers: Sequence[str]) -> Iterator[tuple[str, str]]:
    for header in headers:
        for name, value in PAIR.findall(header):
            yield name.lower(), value.strip('"')


def _address(text: str) -> Address | None:
    """An address with or without a port; IPv4 written as IPv6 is IPv4."""
    host = text.strip().strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address

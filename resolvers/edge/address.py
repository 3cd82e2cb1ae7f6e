"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address

from starlette.requests import HTTPConnection


def address_of(connection: HTTPConnection) -> str:
    """Who shares a limit by address: one IPv4 address, or a /64 network of IPv6, which one household has whole.

    `unknown` where the server does not say, as on a Unix socket.
    """
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"

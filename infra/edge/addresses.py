"""Whether a text is an address of some kind, as settings have them."""

from ipaddress import ip_network
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


def is_origin(text: str) -> bool:
    """Whether it is the origin of a web page: scheme, host and port."""
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.path + parts.query + parts.fragment


def is_network(text: str) -> bool:
    """Whether it is a network, or one address."""
    try:
        return bool(ip_network(text, strict=False))
    except ValueError:
        return False


def scheme(url: str) -> str:
    """What stands before `://`, in lower case."""
    return url.partition("://")[0].lower() if "://" in url else ""


def is_page(url: str) -> bool:
    """Whether it is the address of a web page, without a query."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query + parts.fragment
    except ValueError:
        return False


def is_smtp(url: str) -> bool:
    """Whether it is the address of a mail server."""
    try:
        parts = urlsplit(url)
        host = bool(parts.hostname) and parts.port != 0
        return parts.scheme in {"smtp", "smtps"} and host and parts.path in {"", "/"}
    except ValueError:
        return False


def is_postgres(url: str) -> bool:
    """Whether it is the address of a database in Postgres."""
    try:
        return make_url(url).drivername in {"postgres", "postgresql", "postgresql+asyncpg"}
    except (ArgumentError, ValueError):
        return False


def with_ssl(url: URL) -> URL:
    """libpq's `sslmode`, which hosted databases print in their addresses, is called `ssl` by asyncpg."""
    mode = url.query.get("sslmode")
    return url if mode is None else url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})

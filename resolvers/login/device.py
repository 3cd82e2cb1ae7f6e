"""What a request says about the device that sent it."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from domain.login.session import Device

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
"""Marks in the header User-Agent, in an order in which those that claim to be others come first."""
LONGEST_NAME = 60
UNKNOWN = "Unknown device"


def device_of(connection: HTTPConnection, cookie: str | None = None) -> Device:
    """The device of a request; `cookie` is the one by which it may be known."""
    address = connection.client.host if connection.client else None
    return Device(name_of(connection.headers.get("user-agent", "")), address, cookie)


def name_of(user_agent: str) -> str:
    """A name that its owner knows it by, such as `Firefox on Linux`; for a program its own, such as `curl`."""
    browser = _found(BROWSERS, user_agent)
    system = _found(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    program = "".join(sign for sign in user_agent.partition("/")[0] if sign.isalnum() or sign in " -_.")
    return browser or system or program.strip()[:LONGEST_NAME] or UNKNOWN


def _found(marks: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for mark, name in marks if mark in user_agent), None)

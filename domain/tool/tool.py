"""Tools: what the assistant may look up or do, as the organization defines it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from domain.base import Aggregate, Event, FieldProblem, InvalidInputError, InvalidStateError
from domain.text import checked
from domain.tool.events import ToolChanged, ToolCreated, ToolDeleted, ToolKind

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,63}")
"""What all models take as a tool's name."""
RESERVED = frozenset({"answer", "clarify", "hand_over", "refuse"})
"""What the assistant ends its answers with."""
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")
OUR_HEADERS = re.compile(
    r"x-parley-.*|idempotency-key|host|content-.*|transfer-encoding|connection|accept.*|te|trailer|upgrade|expect"
    r"|keep-alive|proxy-.*|mcp-.*|last-event-id|traceparent|tracestate|user-agent",
    re.IGNORECASE,
)
MARKUP = re.compile(r"[<>\[\]`*\\]")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LONGEST_TITLE = 100
LONGEST_DESCRIPTION = 2_000
LONGEST_URL = 2_000
LONGEST_SECRET = 4_000
MOST_PATHS = 50
LONGEST_PATH = 200
TIME_LIMITS = range(1, 31)
"""Seconds."""


class Method(StrEnum):
    """How an HTTP tool is called: `get` and `delete` send their arguments in the query, the others as JSON."""

    GET = "get"
    POST = "post"
    PUT = "put"
    PATCH = "patch"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Definition:
    """What can be said of a tool, all but its secret; `time_limit` in seconds, redacted paths as `card.number`."""

    name: str
    title: str
    description: str
    parameters: Mapping[str, Any]
    url: str | None = None
    method: Method | None = None
    kind: ToolKind = ToolKind.ACTING
    needs_verified_customer: bool = False
    needs_approval: bool = False
    redacted_input: tuple[str, ...] = ()
    redacted_output: tuple[str, ...] = ()
    time_limit: int = 10
    enabled: bool = True

    def checked(self) -> Definition:
        """The same; `InvalidInputError` where it cannot be. The schema of its parameters is looked at elsewhere."""
        checked(self.title, "input.title", longest=LONGEST_TITLE)
        checked(self.description, "input.description", longest=LONGEST_DESCRIPTION)
        if problems := [*self._problems()]:
            raise InvalidInputError(*problems)
        return self

    def _problems(self) -> list[FieldProblem]:
        found = []
        if MARKUP.search(self.title) or not self.title.isprintable():
            found.append(FieldProblem("input.title", "is shown to customers: one line, without any of < > [ ] ` * \\."))
        if not NAME.fullmatch(self.name) or self.name in RESERVED:
            said = "must be 1 to 64 letters, digits or underscores, a letter first, and none of "
            found.append(FieldProblem("input.name", said + f"{', '.join(sorted(RESERVED))}."))
        if self.time_limit not in TIME_LIMITS:
            found.append(FieldProblem("input.timeLimit", "must be 1 to 30 seconds."))
        if self.needs_approval and self.kind is ToolKind.READ:
            found.append(FieldProblem("input.needsApproval", "is for acting tools: a read tool runs at once."))
        for path, named in (("redactedInput", self.redacted_input), ("redactedOutput", self.redacted_output)):
            if len(named) > MOST_PATHS or any(not 0 < len(one) <= LONGEST_PATH or "\x00" in one for one in named):
                found.append(FieldProblem(f"input.{path}", f"takes at most {MOST_PATHS} paths such as card.number."))
        if self.url is not None and (problem := _url_problem(self.url, self.parameters)):
            found.append(FieldProblem("input.url", problem))
        return found


@dataclass
class Tool(Aggregate):
    """A tool; one of an MCP server has a `server_id` and its name there, any other a URL. Secrets are sealed."""

    server_id: UUID | None = None
    remote_name: str | None = None
    name: str = ""
    title: str = ""
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    url: str | None = None
    method: Method | None = None
    kind: ToolKind = ToolKind.ACTING
    needs_verified_customer: bool = False
    needs_approval: bool = False
    redacted_input: tuple[str, ...] = ()
    redacted_output: tuple[str, ...] = ()
    time_limit: int = 10
    enabled: bool = False
    secret_header: str | None = None
    secret: bytes | None = None
    signing: bytes | None = None
    deleted: bool = False

    @property
    def definition(self) -> Definition:
        """What is said of it."""
        return Definition(**{each.name: getattr(self, each.name) for each in fields(Definition)})

    def create(self, definition: Definition) -> None:
        """Begin."""
        self._take(definition)
        self._record(ToolCreated(**self._facts()))

    def change(self, definition: Definition, *, renewed: tuple[str, ...] = (), reason: str | None) -> None:
        """Be defined otherwise; of a server's tool, what the server says of it stays. `renewed` names new secrets."""
        before = self.definition
        changed = tuple(one.name for one in fields(before) if _differs(before, definition, one.name))
        if self.server_id is not None and (said := {"name", "description", "parameters", "url", "method"} & {*changed}):
            raise InvalidStateError(f"The MCP server says what this tool's {', '.join(sorted(said))} is.")
        if changed or renewed:
            self._take(definition)
            self._record(ToolChanged(**self._facts(), changed=(*changed, *renewed), reason=reason))

    def describe(self, title: str, description: str, parameters: Mapping[str, Any]) -> None:
        """Be described otherwise by its server: then it is off, and acting, until somebody has looked at it."""
        self.title, self.description, self.parameters = title, description, parameters
        self.enabled, self.kind = False, ToolKind.ACTING
        self._record(ToolChanged(**self._facts(), changed=("description", "parameters", "enabled", "kind")))

    def delete(self, *, reason: str | None) -> None:
        """End; its calls stay on record."""
        self._record(ToolDeleted(name=self.name, reason=reason))

    def _take(self, definition: Definition) -> None:
        for each in fields(definition):
            setattr(self, each.name, getattr(definition, each.name))

    def _facts(self) -> dict[str, Any]:
        flags = {"needs_approval": self.needs_approval, "needs_verified_customer": self.needs_verified_customer}
        return {"name": self.name, "tool_kind": self.kind, "url": self.url, "enabled": self.enabled, **flags}

    def _apply(self, event: Event) -> None:
        if isinstance(event, ToolDeleted):
            self.deleted = True


def _differs(one: Definition, other: Definition, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def require_header(name: str | None, secret: str | None) -> None:
    """`InvalidInputError` unless both can stand in a request, and the name is none of ours."""
    if name is not None and (not HEADER.fullmatch(name) or OUR_HEADERS.fullmatch(name)):
        raise InvalidInputError(FieldProblem("input.secretHeader", "must be a header's name that Parley does not set."))
    if secret is not None and (
        not 0 < len(secret) <= LONGEST_SECRET or not (secret.isascii() and secret.isprintable())
    ):
        said = f"must be 1 to {LONGEST_SECRET:,} printable ASCII characters."
        raise InvalidInputError(FieldProblem("input.secret", said))


def url_problem(url: str) -> str | None:
    """What is wrong with the address of a server, if anything is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not an address."
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or parts.fragment:
        return "must be an address such as https://shop.example/orders, without a password or a fragment."
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"must be at most {LONGEST_URL:,} printable ASCII characters."
    return None


def _url_problem(url: str, parameters: Mapping[str, Any]) -> str | None:
    """What is wrong with a tool's address; `{name}` in its path stands for a required parameter of one value."""
    named = PLACEHOLDER.findall(url)
    bare = PLACEHOLDER.sub("x", url)
    if problem := url_problem(bare):
        return problem
    if "{" in bare or "}" in bare or len(PLACEHOLDER.findall(urlsplit(url).path)) != len(named):
        return "takes parameters as {name}, and in its path only."
    properties, required = parameters.get("properties") or {}, parameters.get("required") or ()
    for name in named:
        kind = properties.get(name, {}).get("type") if isinstance(properties.get(name), Mapping) else None
        if name not in required or kind not in ("string", "integer"):
            return f"names '{name[:50]}', which is no required parameter of the type string or integer."
    return None


@dataclass(frozen=True, slots=True)
class ToolView:
    """A tool as people see it: everything but its secrets."""

    id: UUID
    server_id: UUID | None
    definition: Definition
    secret_header: str | None
    created_at: datetime

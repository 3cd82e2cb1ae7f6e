"""MCP servers: where tools come from that somebody else describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.base import Aggregate, Event, FieldProblem, InvalidInputError
from domain.text import checked
from domain.tool.events import McpServerCreated, McpServerDeleted, McpServerRefreshed
from domain.tool.tool import NAME, url_problem

LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Described:
    """A tool as its server describes it."""

    name: str
    title: str
    description: str
    parameters: Mapping[str, Any]


@dataclass
class McpServer(Aggregate):
    """A server; its `name` stands before those of its tools. Secrets are sealed."""

    name: str = ""
    url: str = ""
    secret_header: str | None = None
    secret: bytes | None = None
    signing: bytes | None = None
    refreshed_at: datetime | None = None
    deleted: bool = False

    def create(self, name: str, url: str) -> None:
        """Begin, without tools."""
        checked(name, "input.name", longest=LONGEST_NAME)
        if not NAME.fullmatch(name):
            said = f"must be 1 to {LONGEST_NAME} letters, digits or underscores, a letter first."
            raise InvalidInputError(FieldProblem("input.name", said))
        if problem := url_problem(url):
            raise InvalidInputError(FieldProblem("input.url", problem))
        self.name, self.url = name, url
        self._record(McpServerCreated(name=name, url=url))

    def refresh(self, came: list[str], changed: list[str], went: list[str], *, at: datetime) -> None:
        """Have been asked what it has."""
        self.refreshed_at = at
        self._record(McpServerRefreshed(came=tuple(came), changed=tuple(changed), went=tuple(went)))

    def delete(self, *, reason: str | None) -> None:
        """End, with all its tools."""
        self._record(McpServerDeleted(name=self.name, reason=reason))

    def _apply(self, event: Event) -> None:
        if isinstance(event, McpServerDeleted):
            self.deleted = True


@dataclass(frozen=True, slots=True)
class McpServerView:
    """A server as people see it: everything but its secrets."""

    id: UUID
    name: str
    url: str
    secret_header: str | None
    refreshed_at: datetime | None
    created_at: datetime

"""Which rows of a dataset somebody wants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.base import FieldProblem, InvalidInputError

MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Rows from `since` on and before `until`, of any of the inboxes, teams and channels; unset means all."""

    since: datetime | None = None
    until: datetime | None = None
    inbox_ids: tuple[UUID, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    channels: tuple[str, ...] = ()

    def checked(self, path: str) -> ExportFilter:
        """The same; `InvalidInputError` where it cannot be."""
        problems = [
            FieldProblem(f"{path}.{name}", "Say in which time zone, such as by a 'Z' at the end.")
            for name, at in (("from", self.since), ("to", self.until))
            if at is not None and at.tzinfo is None
        ]
        if not problems and self.since and self.until and self.since >= self.until:
            problems.append(FieldProblem(f"{path}.to", "This must be after `from`."))
        lists = {"inboxIds": self.inbox_ids, "teamIds": self.team_ids, "channels": self.channels}
        problems += [
            FieldProblem(f"{path}.{name}", f"Name at most {MOST_NAMED}.")
            for name, named in lists.items()
            if len(named) > MOST_NAMED
        ]
        if problems:
            raise InvalidInputError(*problems)
        return self

    def require_known(self, known: Collection[UUID], path: str) -> None:
        """`InvalidInputError` where it names an inbox or a team that is not there."""
        named = {"inboxIds": ("inbox", self.inbox_ids), "teamIds": ("team", self.team_ids)}
        problems = [
            FieldProblem(f"{path}.{name}", f"There is no such {concept}: name those that you have.")
            for name, (concept, ids) in named.items()
            if any(id not in known for id in ids)
        ]
        if problems:
            raise InvalidInputError(*problems)

    def plain(self) -> Mapping[str, Any]:
        """What is set, as JSON has it."""
        times = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        ids = {"inbox_ids": [*map(str, self.inbox_ids)], "team_ids": [*map(str, self.team_ids)]}
        return {name: value for name, value in (times | ids | {"channels": [*self.channels]}).items() if value}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> ExportFilter:
        """From what `plain` gave."""
        since, until = plain.get("since"), plain.get("until")
        return cls(
            since=datetime.fromisoformat(since) if since else None,
            until=datetime.fromisoformat(until) if until else None,
            inbox_ids=tuple(map(UUID, plain.get("inbox_ids", ()))),
            team_ids=tuple(map(UUID, plain.get("team_ids", ()))),
            channels=tuple(plain.get("channels", ())),
        )

"""Figures of a run: tables for people, JSON for machines."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

SHOWN_VIOLATIONS = 40
WIDTH = 120


@dataclass
class Report:
    """What a benchmark has to say."""

    title: str
    tables: list[tuple[str, Sequence[str], list[tuple[object, ...]]]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Add a table."""
        self.tables.append((title, columns, [tuple(row) for row in rows]))

    def fact(self, name: str, value: object) -> None:
        """Add a single figure."""
        self.facts[name] = value

    def show(self, file: Path | None = None, violations: Sequence[str] = ()) -> None:
        """Print everything, and write it as JSON if a file is named."""
        console = Console(highlight=False, width=max(WIDTH, Console().width))
        console.print(f"\n[bold]{self.title}[/]")
        for title, columns, rows in self.tables:
            console.print(_table(title, columns, rows))
        for name, value in self.facts.items():
            console.print(f"  {name}: [bold]{value}[/]")
        for sentence in violations[:SHOWN_VIOLATIONS]:
            console.print(f"  ✗ {sentence}", style="red", markup=False, soft_wrap=True)
        if file is not None:
            file.write_text(json.dumps(self.content(violations), indent=2, default=str) + "\n")

    def content(self, violations: Sequence[str] = ()) -> dict[str, Any]:
        """All figures, with the machine they were measured on."""
        tables = {title: [dict(zip(columns, row, strict=True)) for row in rows] for title, columns, rows in self.tables}
        machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return {
            "title": self.title,
            "at": at,
            "machine": machine,
            **tables,
            **self.facts,
            "broken": list(violations),
        }


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*("–" if cell is None else str(cell) for cell in row))
    return table


def percentiles(values: Sequence[float], *points: float, digits: int = 3) -> tuple[float | None, ...]:
    """The values below which so many per cent lie; None for each when there are no values."""
    if not values:
        return tuple(None for _ in points)
    return tuple(round(float(found), digits) for found in np.percentile(values, points))

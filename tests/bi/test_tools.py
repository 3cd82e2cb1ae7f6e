"""Real tools read the golden numbers by the door, in the words of the guides; dashboards too."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import pandas as pd
import polars as pl
import pytest
import yaml
from graphql import parse, validate
from sqlalchemy import create_engine, inspect, text

from domain.export.events import Dataset, ExportFormat
from domain.export.filter import ExportFilter
from infra import bootstrap
from infra.local.embedded import postgres_binaries
from resolvers.root import schema
from tests.bi.conftest import Analyst
from tests.bi.test_door import NAMES, VIEWS
from tests.exports.test_exports import content, exports_of, finish
from tests.test_readme import documents

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs" / "bi").glob("*.md"))
BOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "business.json").read_text(encoding="utf-8"))
DAY = date(2026, 3, 1)
INBOX = "Chat"
ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "days": [(DAY, 4, 2, Decimal("0.0022"))],
    "outcomes": [("assumed", 1, 120, 0), ("confirmed", 1, 60, 0), ("settled", 1, 600, 1)],
    "handoffs": [("customer_asked", 2, 2, 60), ("not_in_knowledge", 1, 0, None)],
    "ratings": [(3, 2, Decimal("0.5"), 1)],
    "metabase": [("chat", 2, 2, 1), ("email", 2, 90, 0)],
    "superset": [
        ("no team", "confirmed", True, 60),
        ("no team", "assumed", True, 120),
        ("no team", "settled", False, 600),
    ],
    "grafana": [("chat", 2), ("email", 2)],
    "power-bi": [(DAY, "chat", 2, 0, Decimal("0.0012")), (DAY, "email", 2, 2, Decimal("0.001"))],
}
"""By the names of the queries in the guides, counted by hand from the golden set; times of grouping left out."""
PANELS: dict[str, list[tuple[Any, ...]]] = {
    "Conversations": [(4,)],
    "Contained": [(Decimal(2) / 3,)],
    "Handoffs": [(3,)],
    "Content customers": [(Decimal("0.5"),)],
    "Cost per resolution": [(Decimal("0.0007"),)],
    "Given up": [(1,)],
    "Conversations by day": [("assistant", 4)],
    "Until somebody replied": [(3, 120)],
    "How matters ended": [("assumed", 1), ("confirmed", 1), ("settled", 1)],
    "Why people were needed": [("customer_asked", 2, 2, 90), ("not_in_knowledge", 1, 0, None)],
    "Answers by model": [("small", 2, 2, Decimal("0.0012"), Decimal("0.5")), ("large", 1, 3, Decimal("0.001"), None)],
    "By inbox": [(INBOX, 4, Decimal("0.5"), 2)],
}


def queries() -> dict[str, str]:
    """The queries of the guides by their names, as the tools send them."""
    found = {}
    for guide in GUIDES:
        for block in re.findall(r"```sql\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL):
            name = re.match(r"-- ([\w-]+)\n", block)
            assert name is not None, block
            found[name[1]] = as_metabase(as_grafana(block))
    native = re.findall(r"NativeQuery\(\s*Source,\s*\"(.*?)\",\s*null", _text("power-bi"), re.DOTALL)
    return found | {"power-bi": native[0].replace('""', '"') + " ORDER BY 1, 2"}


def _text(name: str) -> str:
    return (ROOT / "docs" / "bi" / f"{name}.md").read_text(encoding="utf-8")


def as_grafana(query: str) -> str:
    """What Grafana makes of its macros."""
    query = re.sub(
        r"\$__timeFilter\(([\w.]+)\)", r"\1 BETWEEN '2026-03-01T00:00:00Z' AND '2026-03-31T00:00:00Z'", query
    )
    day = r"floor(extract(epoch from \1)/86400)*86400 AS \"time\"".replace('\\"', '"')
    query = re.sub(r"\$__timeGroupAlias\(([\w.]+), '1d'\)", day, query)
    assert "$__" not in query
    return query


def as_metabase(query: str) -> str:
    """What Metabase makes of optional filters that are set."""
    query = query.replace("[[", "").replace("]]", "")
    return query.replace("{{from}}", "date '2026-03-01'").replace("{{to}}", "date '2026-04-01'")


def rounded(row: Any) -> tuple[Any, ...]:
    """With numbers of all kinds alike."""
    numbers = (int, float, Decimal)
    return tuple(round(Decimal(one), 6) if isinstance(one, numbers) and one is not True else one for one in row)


def same(found: list[Any], wanted: list[tuple[Any, ...]]) -> None:
    """The last columns of each row, as many as are wanted, are these numbers."""
    shown = [rounded(tuple(row)[len(row) - len(wanted[0]) :]) for row in found]
    assert shown == [rounded(row) for row in wanted]


@pytest.fixture
async def session(analyst: Analyst) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await analyst.connect()
    await connection.execute("SET TIME ZONE 'UTC'")
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", sorted(queries()))
async def test_queries_of_the_guides_give_the_golden_numbers(
    session: "asyncpg.Connection[asyncpg.Record]", name: str
) -> None:
    same(await session.fetch(queries()[name]), ANSWERS[name])


@pytest.mark.parametrize("title", [panel["title"] for panel in BOARD["panels"]])
async def test_panels_of_the_dashboard_give_the_golden_numbers(
    session: "asyncpg.Connection[asyncpg.Record]", title: str
) -> None:
    [panel] = [one for one in BOARD["panels"] if one["title"] == title]
    [target] = panel["targets"]
    assert target["datasource"]["uid"] == "parley" and panel["description"]
    rows = await session.fetch(as_grafana(target["rawSql"]))
    assert target["format"] != "time_series" or "time" in rows[0]
    same(sorted(rows, key=str) if target["format"] == "time_series" else rows, PANELS[title])


def test_grafana_finds_the_data_source_that_the_dashboard_names() -> None:
    [source] = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources.yaml").read_text())["datasources"]
    assert (source["uid"], source["type"]) == ("parley", "grafana-postgresql-datasource")
    named = {one["datasource"]["uid"] for panel in BOARD["panels"] for one in (panel, *panel["targets"])}
    assert named == {"parley"} and all(variable in _text("grafana") for variable in ("PARLEY_SQL_HOST", "_PASSWORD"))


def test_psql_reads(analyst: Analyst) -> None:
    command = [str(postgres_binaries() / "psql"), analyst.url, "--no-psqlrc", "--tuples-only", "--no-align", "-c"]
    shown = subprocess.run(
        [*command, queries()["days"]], capture_output=True, text=True, check=True, env={"PATH": os.defpath, "TZ": "UTC"}
    )
    assert shown.stdout.strip().split("|")[:3] == ["2026-03-01", "4", "2"]
    told = subprocess.run([*command, r"\d+ bi.conversations"], capture_output=True, text=True, check=True)
    assert "What models cost, in millionths of the currency." in told.stdout


def _code(number: int, analyst: Analyst, file: Path | None = None) -> dict[str, Any]:
    """Run a block of the guide for notebooks; the names that it leaves."""
    blocks = re.findall(r"```python\n(.*?)```", _text("notebooks"), re.DOTALL)
    address = f"{analyst.login}:{analyst.password}@{analyst.host}:{analyst.port}/{analyst.database}"
    source = blocks[number].replace("USER:PASSWORD@HOST:PORT/DATABASE", address).replace("FILE", str(file))
    assert len([line for line in source.splitlines() if line]) <= 5
    names: dict[str, Any] = {}
    exec(source, names)
    return names


async def test_pandas_reads(analyst: Analyst) -> None:
    names = await asyncio.to_thread(_code, 0, analyst)
    frame: pd.DataFrame = names["days"]
    names["door"].dispose()
    assert [tuple(row) for row in frame.itertuples(index=False)] == [(DAY, 4, pytest.approx(0.0022))]


async def test_polars_reads(analyst: Analyst) -> None:
    frame: pl.DataFrame = (await asyncio.to_thread(_code, 1, analyst))["days"]
    [(day, count, cost)] = frame.rows()
    assert (day, count) == (DAY, 4) and float(cost) == pytest.approx(0.0022)


async def test_notebooks_read_an_export(parts: bootstrap.Parts, analyst: Analyst, tmp_path: Path) -> None:
    exports, admin = exports_of(parts), analyst.company.admin
    export_id = (await exports.create(admin, Dataset.CONVERSATIONS, ExportFormat.PARQUET, ExportFilter())).id
    file = tmp_path / "whole.parquet"
    file.write_bytes(await content(exports, await finish(exports, parts, admin, export_id)))
    waits: pl.DataFrame = _code(2, analyst, file)["waits"]
    assert waits.rows() == [("chat", 2, 2_000.0), ("email", 2, 90_000.0)]
    table: pd.DataFrame = _code(3, analyst, file)["waits"]
    assert {str(name): tuple(row) for name, row in table.iterrows()} == {"chat": (2, 2_000), "email": (2, 90_000)}


def test_superset_finds_its_way(analyst: Analyst) -> None:
    """Its path: SQLAlchemy's inspector, and a query of ours inside one of its own."""
    engine = create_engine(f"postgresql+psycopg://{analyst.url.removeprefix('postgresql://')}")
    found = inspect(engine)
    assert "bi" in found.get_schema_names() and "conversations" in found.get_view_names("bi")
    columns = {one["name"]: one["comment"] for one in found.get_columns("conversations", "bi")}
    assert columns["cost_micros"] == "What models cost, in millionths of the currency."
    chart = (
        f"SELECT outcome, avg(resolution_seconds) FROM ({queries()['superset']}) AS virtual_table GROUP BY 1 LIMIT 1000"
    )
    with engine.connect() as connection:
        rows = {row[0]: float(row[1]) for row in connection.execute(text(chart))}
    engine.dispose()
    assert rows == {"confirmed": 60, "assumed": 120, "settled": 600}


async def test_metabase_finds_its_way(session: "asyncpg.Connection[asyncpg.Record]") -> None:
    """What it asks when it takes a database in: which tables it may read, their columns, and a sample of each."""
    tables = await session.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'bi' AND has_table_privilege("
        "format('%I.%I', table_schema, table_name), 'SELECT') ORDER BY 1"
    )
    assert [row[0] for row in tables] == sorted((*VIEWS, *NAMES))
    for (name,) in tables:
        assert await session.fetch(f'SELECT TRUE AS "_" FROM "bi"."{name}" WHERE 1 <> 1 LIMIT 0') == []
        await session.fetch(f'SELECT * FROM "bi"."{name}" LIMIT 10000')


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_guides_documents_and_links_are_good(guide: Path) -> None:
    for document in documents(guide):
        assert validate(schema._schema, parse(document)) == [], document
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", guide.read_text(encoding="utf-8"))
    assert [target for target in targets if not (guide.parent / target).exists()] == []

"""Exports by the API: a document in, progress live, and a file at a signed address out, with a worker between."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from tests.documents import ERRORS, START
from tests.exports.golden import golden, put, put_many
from tests.learning.test_api import do
from tests.stack import Client, Company, GraphQLFailedError, Stack, running, scripted

SHOWN = "export { id state cursor rows bytes total url name why finishedAt expiresAt filters { from to channels } }"
EXPORT = f"query E($id: ID!) {{ export(id: $id) {{ {SHOWN.removeprefix('export { ')} }}"
WATCH = """subscription W($id: ID!, $after: String) { exportChanged(id: $id, after: $after) {
  __typename ... on ExportEvent { cursor export { state } }
  ... on ExportProgressed { rows } ... on ExportFinished { rows bytes } } }"""
LIST = "{ exports { nodes { id dataset format state } } }"


@pytest.fixture(scope="module")
async def stack(database_url: str, valkey_url: str) -> AsyncIterator[Stack]:
    async with running(database_url, valkey_url, scripted("Forty-five days.")) as started:
        yield started


async def exported(client: Client, **values: Any) -> Any:
    """An export from its beginning to its end."""
    made = (await do(client, "createExport", SHOWN, **values))["export"]
    assert (made["state"], made["url"], made["rows"]) == ("QUEUED", None, 0)
    async with asyncio.timeout(20):
        told = [one["exportChanged"] async for one in client.watch(WATCH, id=made["id"], after=made["cursor"])]
    assert [one["__typename"] for one in told] == ["ExportBegun", "ExportProgressed", "ExportFinished"]
    return (await client.ask(EXPORT, id=made["id"]))["export"]


async def got(stack: Stack, url: str) -> bytes:
    parts = urlsplit(url)
    answer = await stack.http.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.content


async def test_facts_come_out_as_a_file(stack: Stack, company: Company, database_url: str) -> None:
    await put(database_url, "conversation", golden(company.id))
    admin = stack.client(company.admin)
    done = await exported(admin, dataset="CONVERSATIONS", format="CSV", filters={"channels": ["email"]})
    assert (done["state"], done["rows"], done["total"]) == ("DONE", 2, 2)
    assert done["filters"] == {"from": None, "to": None, "channels": ["email"]} and done["expiresAt"]
    content = await got(stack, done["url"])
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert [(row["at"], row["cost_micros"], row["contained"]) for row in rows] == [
        ("2026-03-01T10:30:00.000000Z", "900", "false"),
        ("2026-03-01T11:30:00.000000Z", "100", "false"),
    ]
    assert len(content) == done["bytes"]
    assert (await admin.ask(LIST))["exports"]["nodes"][0] == {
        "id": done["id"],
        "dataset": "CONVERSATIONS",
        "format": "CSV",
        "state": "DONE",
    }


async def test_what_was_said_comes_out_and_no_spreadsheet_runs_it(stack: Stack, company: Company) -> None:
    customer, admin = stack.client(company.customer), stack.client(company.admin)
    begun = (await customer.ask(START, text="=HYPERLINK(1)"))["startConversation"]["conversation"]
    async with asyncio.timeout(10):
        while (await admin.ask("query C($id: ID!) { conversation(id: $id) { messageCount } }", id=begun["id"]))[
            "conversation"
        ]["messageCount"] < 2:
            await asyncio.sleep(0.05)
    done = await exported(admin, dataset="TRANSCRIPTS", format="CSV")
    rows = list(csv.DictReader(io.StringIO((await got(stack, done["url"])).decode(), newline="")))
    assert [(row["number"], row["author_kind"], row["text"]) for row in rows] == [
        ("1", "customer", "'=HYPERLINK(1)"),
        ("2", "assistant", "Forty-five days."),
    ]
    lines = await got(stack, (await exported(admin, dataset="TRANSCRIPTS", format="JSONL"))["url"])
    assert [orjson.loads(line)["text"] for line in lines.splitlines()] == ["=HYPERLINK(1)", "Forty-five days."]


async def test_an_address_is_good_for_what_it_was_signed_for(stack: Stack, company: Company, other: Company) -> None:
    admin = stack.client(company.admin)
    done = await exported(admin, dataset="RATINGS", format="PARQUET")
    parts = urlsplit(done["url"])
    for forged in (
        parts.path.replace(str(company.id), str(other.id)) + "?" + parts.query,
        parts.path + "?" + parts.query.replace("expires=", "expires=9"),
        parts.path,
    ):
        assert (await stack.http.get(forged)).status_code == 404
    foreign = stack.client(other.admin)
    assert (await foreign.ask(EXPORT, id=done["id"]))["export"] is None
    with pytest.raises(GraphQLFailedError) as refused:
        [one async for one in foreign.watch(WATCH, id=done["id"])]
    assert refused.value.code == "NOT_FOUND"
    cancelled = await do(foreign, "cancelExport", SHOWN, exportId=done["id"])
    assert cancelled["__typename"] == "NotFoundError"


async def test_quotas_are_errors_with_figures(stack: Stack, company: Company, database_url: str) -> None:
    await put_many(database_url, company.id, 20_000)
    admin = stack.client(company.admin)
    document = f"""mutation M($input: CreateExportInput!) {{ createExport(input: $input) {{
      __typename ... on CreateExportSuccess {{ export {{ id }} }}
      ... on ExportQuotaExceededError {{ limit freeAt }} {ERRORS} }} }}"""
    asked = {"dataset": "CONVERSATIONS", "format": "PARQUET"}
    found = [(await admin.ask(document, input=asked))["createExport"] for _ in range(4)]
    assert [one["__typename"] for one in found] == ["CreateExportSuccess"] * 3 + ["ExportQuotaExceededError"]
    assert (found[-1]["limit"], found[-1]["freeAt"]) == (3, None)
    for one in found[:3]:
        ended = await do(admin, "cancelExport", SHOWN, exportId=one["export"]["id"])
        assert ended["__typename"] in ("CancelExportSuccess", "InvalidStateError")


async def test_it_is_for_those_who_ask_for_numbers(stack: Stack, company: Company) -> None:
    refused = await do(stack.client(company.agent), "createExport", SHOWN, dataset="RATINGS", format="CSV")
    assert refused["__typename"] == "ForbiddenError"
    for someone in (company.agent, company.customer):
        with pytest.raises(GraphQLFailedError) as error:
            await stack.client(someone).ask(LIST)
        assert error.value.code == "FORBIDDEN"

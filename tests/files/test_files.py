"""Files: announced, uploaded to a signed address, checked by a worker, sent with a message, and got by who may."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx2
import pytest
from PIL import Image
from sqlalchemy import update

from domain.file.ports import Pass
from infra import bootstrap
from infra.desk.rows import timers
from infra.files.signing import Passes
from tests.collaboration.test_notes import ADD, DELETE
from tests.stack import SECRET, Client, Company, Stack, found_company, running, scripted, settings_for
from tests.test_readme import documents

GUIDE = Path(__file__).parents[2] / "docs" / "collaboration.md"
ERRORS = "... on Error { code message } ... on InvalidInputError { fields { path message } }"
REQUEST = f"""
mutation Request($name: String!, $size: Int!, $type: String!, $purpose: FilePurpose! = MESSAGE) {{
  requestUpload(input: {{name: $name, size: $size, contentType: $type, purpose: $purpose}}) {{
    __typename
    ... on RequestUploadSuccess {{
      file {{ id name state }} upload {{ url method expiresAt headers {{ name value }} }}
    }}
    {ERRORS}
  }}
}}"""
COMPLETE = f"""
mutation Complete($id: ID!) {{
  completeUpload(input: {{fileId: $id}}) {{
    __typename ... on CompleteUploadSuccess {{ file {{ id state refusal url }} }} {ERRORS}
  }}
}}"""
FILE = "query File($id: ID!) { node(id: $id) { ... on File { name contentType size state refusal url } } }"
START = f"""
mutation Start($text: String!, $files: [ID!]) {{
  startConversation(input: {{text: $text, fileIds: $files}}) {{
    __typename
    ... on StartConversationSuccess {{
      conversation {{ id cursor }} sentMessage {{ id attachments {{ id name state url }} }}
    }}
    {ERRORS}
  }}
}}"""


def picture(form: str = "PNG", size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, form, **options)
    return made.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture
async def stack(database_url: str, redis_url: str, folder: Path) -> AsyncIterator[Stack]:
    async with running(database_url, redis_url, scripted("Yes."), files_url=folder.as_uri()) as made:
        yield made


@pytest.fixture
async def company(database_url: str) -> Company:
    return await found_company(database_url)


def path_of(url: str) -> str:
    """The address without its host: the tests' server listens on another port than it says."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def announced(client: Client, content: bytes, name: str = "a.png", kind: str = "image/png", **more: Any) -> Any:
    answer = await client.ask(REQUEST, name=name, size=len(content), type=kind, **more)
    return answer["requestUpload"]


async def put(stack: Stack, asked: Any, content: bytes) -> httpx2.Response:
    headers = {each["name"]: each["value"] for each in asked["upload"]["headers"]}
    return await stack.http.put(path_of(asked["upload"]["url"]), content=content, headers=headers)


async def uploaded(stack: Stack, client: Client, content: bytes, name: str = "a.png", kind: str = "image/png") -> str:
    asked = await announced(client, content, name, kind)
    assert (await put(stack, asked, content)).status_code == 204
    done = await client.ask(COMPLETE, id=asked["file"]["id"])
    assert done["completeUpload"]["file"]["state"] == "CHECKING"
    return str(asked["file"]["id"])


async def settled(client: Client, file_id: str) -> Any:
    """The file once it was looked into."""
    async with asyncio.timeout(10):
        while True:
            file = (await client.ask(FILE, id=file_id))["node"]
            if file["state"] in ("READY", "REFUSED"):
                return file
            await asyncio.sleep(0.05)


async def test_a_file_goes_with_a_message_and_those_who_may_read_it_get_it(stack: Stack, company: Company) -> None:
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    content = picture("JPEG", exif=_located())
    assert b"Somewhere" in content
    file_id = await uploaded(stack, customer, content, "../../my/photo ü.jpg", "image/jpeg")
    file = await settled(customer, file_id)
    assert (file["state"], file["name"]) == ("READY", "photo ü.jpg")
    started = (await customer.ask(START, text="Look at this", files=[file_id]))["startConversation"]
    [attached] = started["sentMessage"]["attachments"]
    assert (await agent.ask(FILE, id=file_id))["node"]["state"] == "READY"
    for stranger in (company.other_customer,):
        assert (await stack.client(stranger).ask(FILE, id=file_id))["node"] is None
    got = await stack.http.get(path_of(attached["url"]))
    assert got.status_code == 200
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"].startswith("sandbox")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''photo%20%C3%BC.jpg"
    assert b"Somewhere" not in got.content
    with Image.open(io.BytesIO(got.content)) as image:
        assert (image.size, len(image.getexif())) == ((8, 6), 0)


def _located() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "Somewhere"
    return exif


@pytest.mark.parametrize("sent", [b"", b"x" * 99, b"x" * 101])
async def test_no_more_and_no_less_is_taken_than_was_announced(
    stack: Stack, company: Company, folder: Path, sent: bytes
) -> None:
    customer = stack.client(company.customer)
    asked = await announced(customer, b"x" * 100, "a.txt", "text/plain")
    assert (await put(stack, asked, sent)).status_code == 413

    async def chunks() -> AsyncIterator[bytes]:
        yield sent[:50]
        yield sent[50:]

    answer = await stack.http.put(path_of(asked["upload"]["url"]), content=chunks())
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "WRONG_SIZE"), "also where no length is told"
    assert not list(folder.rglob(f"*{company.id}/*")), "nothing of it stays"
    done = (await customer.ask(COMPLETE, id=asked["file"]["id"]))["completeUpload"]
    assert done["code"] == "INVALID_STATE"


async def test_only_the_signed_address_works_as_it_was_signed(stack: Stack, company: Company) -> None:
    customer = stack.client(company.customer)
    content = b"hello"
    asked = await announced(customer, content, "a.txt", "text/plain")
    path = path_of(asked["upload"]["url"])
    forged = [
        path.replace("size=5", "size=6"),
        path.replace(str(company.id), str(UUID(int=1))),
        path.replace("signature=", "signature=0"),
        path.replace("expires=", "expires=9"),
        path.partition("&signature")[0],
        path.replace("size=5", "size=x"),
    ]
    for address in forged:
        assert (await stack.http.put(address, content=content)).status_code == 404, address
    assert (await stack.http.get(path)).status_code == 404, "what may be sent may not be got"
    assert (await stack.http.delete(path)).status_code == 405
    assert (await stack.http.put(path, content=content)).status_code == 204


def test_addresses_expire_and_are_for_one_use() -> None:
    passes = Passes(SECRET, "http://files.example")
    parts = urlsplit(passes.url(Pass("GET", UUID(int=1), UUID(int=2), 3, expires=1_300)))
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    path = dict(zip(("organization", "file"), parts.path.split("/")[2:], strict=True))
    assert passes.granted("GET", path, query, 1_299.0) is not None
    assert passes.granted("GET", path, query, 1_300.0) is None
    assert passes.granted("PUT", path, query, 1_299.0) is None
    assert Passes(SECRET[::-1], "").granted("GET", path, query, 1_299.0) is None


async def test_a_page_that_is_called_a_picture_is_refused_and_goes_with_nothing(
    stack: Stack, company: Company, folder: Path
) -> None:
    customer = stack.client(company.customer)
    file_id = await uploaded(stack, customer, b"<!DOCTYPE html><script>alert(1)</script>")
    file = await settled(customer, file_id)
    assert (file["state"], file["refusal"], file["url"]) == ("REFUSED", "WRONG_TYPE", None)
    refused = (await customer.ask(START, text="See", files=[file_id]))["startConversation"]
    assert refused["fields"][0]["path"] == "input.fileIds.0"
    assert not list(folder.rglob(f"*{company.id}/*"))


async def test_what_may_go_with_what(stack: Stack, company: Company, database_url: str) -> None:
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    elsewhere = stack.client((await found_company(database_url)).customer)
    file_id = await uploaded(stack, customer, b"plain words", "a.txt", "text/plain")
    for thief in (agent, stack.client(company.other_customer), elsewhere):
        assert (await thief.ask(FILE, id=file_id))["node"] is None
        assert (await thief.ask(COMPLETE, id=file_id))["completeUpload"]["code"] == "NOT_FOUND"
    stolen = (await elsewhere.ask(START, text="Mine", files=[file_id]))["startConversation"]
    assert stolen["code"] == "NOT_FOUND"
    assert (await customer.ask(START, text="One", files=[file_id]))["startConversation"]["conversation"]
    again = (await customer.ask(START, text="Two", files=[file_id]))["startConversation"]
    assert "already" in again["fields"][0]["message"]
    awaited = (await announced(customer, b"x"))["file"]["id"]
    assert (await customer.ask(START, text="Three", files=[awaited]))["startConversation"]["code"] == "INVALID_INPUT"
    assert (await announced(customer, b"x", purpose="NOTE"))["code"] == "FORBIDDEN"
    assert (await announced(customer, b"x", kind="text/html"))["code"] == "INVALID_INPUT"
    assert (await customer.ask(REQUEST, name="a.zip", size=25_000_001, type="application/zip"))["requestUpload"][
        "code"
    ] == "INVALID_INPUT"


async def test_what_nobody_said_anything_with_is_forgotten_after_a_day(
    stack: Stack, company: Company, folder: Path, database_url: str, redis_url: str
) -> None:
    """Also where the sender's program ended between the upload and its completion."""
    customer = stack.client(company.customer)
    content = b"left alone"
    asked = await announced(customer, content, "a.txt", "text/plain")
    assert (await put(stack, asked, content)).status_code == 204
    sent_id = await uploaded(stack, customer, content, "b.txt", "text/plain")
    assert (await customer.ask(START, text="This one counts", files=[sent_id]))["startConversation"]["conversation"]
    await settled(customer, sent_id)
    async with (
        bootstrap.parts(settings_for(database_url, redis_url)) as parts,
        parts.database.tenant(company.id) as connection,
    ):
        due = update(timers).where(timers.c.organization_id == company.id).values(due_at=bootstrap.now())
        assert (await connection.execute(due)).rowcount == 1, "the other one was said, and its timer is gone"
        await connection.commit()
    async with asyncio.timeout(10):
        while (await customer.ask(FILE, id=asked["file"]["id"]))["node"] is not None:
            await asyncio.sleep(0.1)
    assert [path.parent.parent.name for path in folder.rglob(f"*{company.id}/*")] == ["kept"]


async def test_the_guide_works(stack: Stack, company: Company) -> None:
    send, announce, complete = documents(GUIDE)
    customer = stack.client(company.customer)
    begun = (await customer.ask(START, text="Where is my parcel?"))["startConversation"]["conversation"]
    asked = (await customer.ask(announce, name="label.png", size=len(picture()), type="image/png"))["requestUpload"]
    assert (await put(stack, asked, picture())).status_code == 204
    done = (await customer.ask(complete, file=asked["file"]["id"]))["completeUpload"]
    assert done["file"]["state"] == "CHECKING"
    await settled(customer, asked["file"]["id"])
    said = {"conversation": begun["id"], "text": "This is its label.", "seen": None, "files": [asked["file"]["id"]]}
    sent = (await customer.ask(send, **said))["sendMessage"]["sentMessage"]
    assert [(one["name"], one["contentType"]) for one in sent["attachments"]] == [("label.png", "image/png")]


async def test_the_files_of_a_note_go_with_it(stack: Stack, company: Company, folder: Path) -> None:
    customer, agent = stack.client(company.customer), stack.client(company.agent)
    conversation = (await customer.ask(START, text="Hello?"))["startConversation"]["conversation"]["id"]
    asked = await announced(agent, b"for us", "a.txt", "text/plain", purpose="NOTE")
    assert (await put(stack, asked, b"for us")).status_code == 204
    file_id = asked["file"]["id"]
    await agent.ask(COMPLETE, id=file_id)
    note = (await agent.ask(ADD, id=conversation, text="See", files=[file_id]))["addNote"]["note"]
    assert [one["name"] for one in note["attachments"]] == ["a.txt"]
    await settled(agent, file_id)
    assert (await customer.ask(FILE, id=file_id))["node"] is None
    assert (await stack.client(company.admin).ask(FILE, id=file_id))["node"]["url"]
    deleted = (await agent.ask(DELETE, id=note["id"]))["deleteNote"]["note"]
    assert (deleted["text"], deleted["attachments"]) == ("", [])
    assert (await stack.client(company.admin).ask(FILE, id=file_id))["node"] is None
    async with asyncio.timeout(10):
        while list(folder.rglob(f"*{company.id}/*")):
            await asyncio.sleep(0.1)

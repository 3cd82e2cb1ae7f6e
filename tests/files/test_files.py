"""Files: announced, uploaded to a signed address, checked by a worker, sent with a message, and got by who may."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
import pytest
from PIL import Image

from tests.stack import Client, Company, Stack, found_company, running, scripted

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
    settings = {"files_url": folder.as_uri()}
    async with running(database_url, redis_url, scripted("Yes."), **settings) as made:
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

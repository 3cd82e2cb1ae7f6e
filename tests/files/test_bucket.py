"""Files in an S3-compatible store, on a real server: uploads and downloads go past us, checks do not."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import httpx2
import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from domain.base import Actor, InvalidStateError
from domain.file.file import FilePurpose, FileRefusal, FileState, FileView
from domain.file.service import Files
from infra import bootstrap
from infra.files.composition import files_of
from tests.stack import Company, found_company, settings_for


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@dataclass
class Shelf:
    """An organization whose files are in a bucket."""

    files: Files
    parts: bootstrap.Parts
    company: Company
    bucket: S3Store

    @property
    def customer(self) -> Actor:
        return self.company.customer

    async def announced(self, size: int, name: str = "a.txt") -> FileView:
        receipt = await self.files.announce(self.customer, FilePurpose.MESSAGE, name, "text/plain", size)
        return await self.view(receipt.id)

    async def view(self, file_id: UUID) -> FileView:
        reads = self.parts.seen_by(self.customer)
        [view] = await reads.files([file_id])
        await reads.end()
        assert view is not None
        return view

    def keys(self) -> list[str]:
        listed = [item["path"] for batch in obstore.list(self.bucket) for item in batch]
        return [path.partition("/")[0] for path in listed if str(self.company.id) in path]


@pytest.fixture
async def shelf(database_url: str, redis_url: str, endpoint: str) -> AsyncIterator[Shelf]:
    await _make_bucket(endpoint)
    place = f"s3://testing:se%2Fcret@shelf/parley?endpoint={endpoint}&region=eu-central-1"
    company = await found_company(database_url)
    async with bootstrap.parts(settings_for(database_url, redis_url, files_url=place)) as parts:
        files = files_of(parts.settings, parts.units, bootstrap.now, bootstrap.new_id, parts.stack)
        config = {"endpoint": endpoint, "region": "eu-central-1", "access_key_id": "t", "secret_access_key": "t"}
        bucket = S3Store("shelf", prefix="parley", config=config, client_options={"allow_http": True})  # type: ignore[arg-type]
        yield Shelf(files, parts, company, bucket)


async def _make_bucket(endpoint: str) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        made = await client.put(f"{endpoint}/shelf")
        assert made.status_code in (200, 409)


async def send(url: str, content: bytes) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.put(url, content=content)).status_code == 200


async def test_a_file_goes_to_the_store_and_comes_from_it(shelf: Shelf) -> None:
    content = "Grüezi".encode()
    file = await shelf.announced(len(content), "Grüezi.txt")
    await send((await shelf.files.upload_of(shelf.customer, file)).url, content)
    await shelf.files.complete(shelf.customer, file.id)
    assert shelf.keys() == ["incoming"]
    assert await shelf.files.urls([await shelf.view(file.id)]) == [None], "nobody gets it before it was looked into"
    await shelf.files.check(shelf.company.id, file.id)
    await shelf.files.check(shelf.company.id, file.id)
    ready = await shelf.view(file.id)
    assert (ready.state, ready.size, shelf.keys()) == (FileState.READY, len(content), ["kept"])
    [url] = await shelf.files.urls([ready])
    async with httpx2.AsyncClient(trust_env=False) as client:
        got = await client.get(str(url))
    assert (got.content, got.headers["content-type"]) == (content, "text/plain")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''Gr%C3%BCezi.txt"
    assert await shelf.files.store.kept(shelf.company.id, file.id) == content


async def test_another_size_than_announced_is_refused_and_thrown_away(shelf: Shelf) -> None:
    file = await shelf.announced(5)
    with pytest.raises(InvalidStateError):
        await shelf.files.complete(shelf.customer, file.id)
    await send((await shelf.files.upload_of(shelf.customer, file)).url, b"a hundred times as much")
    await shelf.files.complete(shelf.customer, file.id)
    refused = await shelf.view(file.id)
    assert (refused.state, refused.refusal, shelf.keys()) == (FileState.REFUSED, FileRefusal.WRONG_SIZE, [])


async def test_what_is_replaced_after_its_completion_is_refused(shelf: Shelf) -> None:
    """The address still works then; what was approved lies elsewhere and cannot be replaced by it."""
    file = await shelf.announced(5)
    url = (await shelf.files.upload_of(shelf.customer, file)).url
    await send(url, b"fives")
    await shelf.files.complete(shelf.customer, file.id)
    await send(url, b"more than that")
    await shelf.files.check(shelf.company.id, file.id)
    assert (await shelf.view(file.id)).refusal is FileRefusal.WRONG_SIZE
    other = await shelf.announced(5)
    url = (await shelf.files.upload_of(shelf.customer, other)).url
    await send(url, b"fives")
    await shelf.files.complete(shelf.customer, other.id)
    await shelf.files.check(shelf.company.id, other.id)
    await send(url, b"\0\0\0\0\0")
    assert await shelf.files.store.kept(shelf.company.id, other.id) == b"fives"


async def test_what_comes_in_by_other_ways_is_checked_too_and_forgotten_alike(shelf: Shelf) -> None:
    file_id = await shelf.files.bring(shelf.customer, FilePurpose.MESSAGE, "b.txt", "text/plain", b"words")
    assert (await shelf.view(file_id)).state is FileState.CHECKING
    await shelf.files.check(shelf.company.id, file_id)
    await shelf.files.forget(shelf.company.id, file_id)
    await shelf.files.forget(shelf.company.id, file_id)
    assert shelf.keys() == []


async def test_an_address_of_the_store_is_for_one_file(shelf: Shelf) -> None:
    file = await shelf.announced(5)
    upload = await shelf.files.upload_of(shelf.customer, file)
    other = replace(file, id=uuid4())
    assert str(file.id) in upload.url and str(other.id) in (await shelf.files.upload_of(shelf.customer, other)).url
    assert "X-Amz-Signature" in upload.url and "X-Amz-Expires=900" in upload.url and "cret" not in upload.url

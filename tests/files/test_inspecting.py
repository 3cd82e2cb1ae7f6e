"""What is looked for in a file before anybody gets it; no network but a scanner's."""

import asyncio
import io
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from struct import pack
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest
from PIL import Image

from domain.file.file import ARCHIVES, OFFICE, FileRefusal, FileRefusedError
from infra.files.inspecting import MOST_PIXELS, FileInspector, HttpScanner, NoScanner, is_one, redrawn

HTML = b"<!DOCTYPE html><html><script>alert(document.domain)</script></html>"
WORDS = f"{OFFICE}wordprocessingml.document"
SHEET = f"{OFFICE}spreadsheetml.sheet"
TEXT = "application/vnd.oasis.opendocument.text"


def image(form: str, size: tuple[int, int] = (9, 5), mode: str = "RGB", **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 1).save(made, form, **options)
    return made.getvalue()


def archive(**parts: str) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as written:
        for name, text in parts.items():
            written.writestr(name.replace("__", "/"), text)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small file that says it is a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


GOOD = {
    "image/png": image("PNG"),
    "image/jpeg": image("JPEG"),
    "image/gif": image("GIF", mode="P"),
    "image/webp": image("WEBP"),
    "application/pdf": b"%PDF-1.7\n1 0 obj\n",
    "text/plain": "Grüezi 你好 👋\r\n".encode(),
    "text/csv": b"a,b\n1,2\n",
    "video/mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    "audio/mpeg": b"ID3\x03\0\0\0\0\0\0",
    "application/zip": archive(a="b"),
    WORDS: archive(**{"[Content_Types].xml": "", "word__document.xml": ""}),
    SHEET: archive(**{"[Content_Types].xml": "", "xl__workbook.xml": ""}),
    TEXT: archive(mimetype=TEXT),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_file_is_what_its_bytes_are(kind: str) -> None:
    assert is_one(GOOD[kind], kind)
    assert not is_one(HTML, kind) or kind in ("text/plain", "text/csv"), "words are served as words"
    assert not is_one(b"MZ\x90\x00\x03\x00\x00\x00", kind)
    assert not is_one(b"", kind) or kind in ("text/plain", "text/csv")
    others = [other for other in GOOD if is_one(GOOD[other], kind) and other != kind]
    allowed = {"text/plain": {"text/csv", "application/pdf"}, "text/csv": {"text/plain", "application/pdf"}}
    assert set(others) <= (ARCHIVES if kind == "application/zip" else allowed.get(kind, set()))


def test_an_archive_begins_with_itself() -> None:
    assert not is_one(HTML + GOOD["application/zip"], "application/zip")


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("WEBP", "RGB"), ("GIF", "P")]
)
def test_an_image_is_made_anew_with_nothing_before_or_after_it(form: str, mode: str) -> None:
    told = Image.Exif()
    told[0x010E] = "taken at home"
    options: dict[str, Any] = {"comment": b"taken at home"} if form == "GIF" else {"exif": told}
    content = image(form, mode=mode, **options)
    assert b"taken at home" in content
    kept = redrawn(content + HTML, form)
    assert b"taken at home" not in kept and b"script" not in kept
    with Image.open(io.BytesIO(kept)) as again:
        assert (again.format, again.size) == (form, (9, 5))


def test_an_image_is_kept_the_right_way_up() -> None:
    told = Image.Exif()
    told[0x0112] = 6
    with Image.open(io.BytesIO(redrawn(image("JPEG", exif=told), "JPEG"))) as again:
        assert again.size == (5, 9)


def test_a_moving_image_keeps_its_frames() -> None:
    made = io.BytesIO()
    frames = [Image.new("RGB", (9, 5), colour) for colour in ("red", "green", "blue")]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=70)
    with Image.open(io.BytesIO(redrawn(made.getvalue(), "GIF"))) as again:
        assert (getattr(again, "n_frames", 1), again.info["duration"]) == (3, 70)


@pytest.mark.parametrize("size", [(50_000, 50_000), (MOST_PIXELS // 1_000 + 1, 1_000)])
def test_a_bomb_is_refused_before_it_goes_off(size: tuple[int, int]) -> None:
    with pytest.raises(FileRefusedError) as refused:
        redrawn(bomb(*size), "PNG")
    assert refused.value.reason is FileRefusal.TOO_MANY_PIXELS


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", image("PNG")[:40], bomb(100, 100_000)[:60]])
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        redrawn(content, "PNG")
    assert refused.value.reason is FileRefusal.UNREADABLE


@contextmanager
def scanner(answer: bytes, status: int = 200) -> Iterator[str]:
    """A program that looks for malware, at its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/scan"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def inspected(url: str) -> bytes:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return (await FileInspector(HttpScanner(client, url)).inspect(b"words", "text/plain")).content


async def test_a_scanner_has_the_last_word_and_its_silence_is_no_yes() -> None:
    with scanner(b'{"infected": false}') as url:
        assert await inspected(url) == b"words"
    with scanner(b'{"infected": true}') as url, pytest.raises(FileRefusedError) as refused:
        await inspected(url)
    assert refused.value.reason is FileRefusal.MALWARE
    for answer, status in ((b"oops", 200), (b"{}", 200), (b'{"infected": "no"}', 200), (b'{"infected": false}', 500)):
        with scanner(answer, status) as url, pytest.raises((httpx2.HTTPError, ValueError, KeyError, TypeError)):
            await inspected(url)


async def test_several_images_are_inspected_side_by_side() -> None:
    inspector = FileInspector(NoScanner())
    found = await asyncio.gather(*(inspector.inspect(GOOD["image/png"], "image/png") for _ in range(4)))
    assert {one.content_type for one in found} == {"image/png"}

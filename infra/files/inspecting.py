"""Looking into a file: its type from its bytes, malware by a scanner, and images made anew from their pixels."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Sequence
from typing import Any
from zipfile import BadZipFile, ZipFile

import httpx2
import puremagic
from PIL import Image, ImageOps, ImageSequence

from domain.file.file import ARCHIVES, IMAGES, PLAIN, FileRefusal, FileRefusedError
from domain.file.ports import Inspected, Scanner

MOST_PIXELS = 40_000_000
"""Of all frames of an image together: some 160 MB in memory."""
MOST_FRAMES = 500
AT_ONCE = 2
"""How many images a process decodes at a time."""
SCAN_WITHIN = 60.0
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
BROKEN = (OSError, ValueError, SyntaxError, IndexError, TypeError, EOFError, OverflowError, MemoryError)
"""What Pillow raises for files that are no images, or only look like one."""


class NoScanner:
    """Finds nothing: where nobody set a scanner."""

    async def finds(self, content: bytes) -> bool:
        """Nothing."""
        return False


class HttpScanner:
    """Asks a program of the operator's: it is sent the bytes, and answers `{"infected": true}` or false."""

    def __init__(self, client: httpx2.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def finds(self, content: bytes) -> bool:
        """Whether it says so; raises for any other answer, and the file is checked again later."""
        headers = {"content-type": "application/octet-stream"}
        answer = await self._client.post(self._url, content=content, headers=headers, timeout=SCAN_WITHIN)
        answer.raise_for_status()
        found = answer.json()["infected"]
        if not isinstance(found, bool):
            raise TypeError("The scanner's `infected` is neither true nor false.")
        return found


class FileInspector:
    """What every file goes through before anybody gets it."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._places = asyncio.Semaphore(AT_ONCE)

    async def inspect(self, content: bytes, content_type: str) -> Inspected:
        """What may be kept: the bytes, or of an image what its pixels make; raises `FileRefusedError`."""
        if not await asyncio.to_thread(is_one, content, content_type):
            raise FileRefusedError(FileRefusal.WRONG_TYPE)
        if await self._scanner.finds(content):
            raise FileRefusedError(FileRefusal.MALWARE)
        if content_type in IMAGES:
            async with self._places:
                content = await asyncio.to_thread(redrawn, content, FORMATS[content_type])
        return Inspected(content, content_type)


def is_one(content: bytes, content_type: str) -> bool:
    """Whether the bytes are of the type that somebody says they are."""
    if content_type in PLAIN:
        return _is_plain(content)
    if content_type in ARCHIVES:
        return _is_archive(content, content_type)
    return content_type in _types(content)[:1]


def redrawn(content: bytes, form: str) -> bytes:
    """The same image with nothing but its pixels: no metadata, and nothing before, between or after them."""
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            frames = getattr(image, "n_frames", 1)
            if image.width * image.height * frames > MOST_PIXELS or frames > MOST_FRAMES:
                raise FileRefusedError(FileRefusal.TOO_MANY_PIXELS)
            return _saved(image, form, frames)
    except Image.DecompressionBombError:
        raise FileRefusedError(FileRefusal.TOO_MANY_PIXELS) from None
    except BROKEN:
        raise FileRefusedError(FileRefusal.UNREADABLE) from None


def _saved(image: Image.Image, form: str, frames: int) -> bytes:
    made = io.BytesIO()
    if frames > 1 and form in ("GIF", "WEBP"):
        durations = [frame.info.get("duration", 100) for frame in ImageSequence.Iterator(image)]
        drawn = [_pixels(frame) for frame in ImageSequence.Iterator(image)]
        more: dict[str, Any] = {"save_all": True, "append_images": drawn[1:], "duration": durations, "loop": 0}
        drawn[0].save(made, form, **more)
    else:
        _pixels(image).save(made, form, **({"quality": 90} if form in ("JPEG", "WEBP") else {}))
    return made.getvalue()


def _pixels(image: Image.Image) -> Image.Image:
    """A copy the right way up that knows of nothing but its pixels."""
    upright = ImageOps.exif_transpose(image)
    plain = Image.new(upright.mode, upright.size)
    if upright.palette is not None:
        plain.putpalette(upright.palette)
    plain.paste(upright)
    if "transparency" in upright.info:
        plain.info["transparency"] = upright.info["transparency"]
    return plain


def _types(content: bytes) -> Sequence[str]:
    """What the bytes may be, the likeliest first."""
    try:
        return [found.mime_type for found in puremagic.magic_string(content) if found.mime_type]
    except (puremagic.PureError, ValueError):
        return []


def _is_plain(content: bytes) -> bool:
    """Text in UTF-8 without control characters but those of lines."""
    try:
        return CONTROL.search(content.decode("utf-8-sig")) is None
    except UnicodeDecodeError:
        return False


def _is_archive(content: bytes, content_type: str) -> bool:
    """A zip from its first byte on, with what an office document of the type must have in it."""
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = frozenset(archive.namelist())
            told = _told(archive) if "opendocument" in content_type else ""
    except (BadZipFile, KeyError, *BROKEN):
        return False
    parts = {"wordprocessingml": "word/", "spreadsheetml": "xl/", "presentationml": "ppt/"}
    for mark, folder in parts.items():
        if mark in content_type:
            return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)
    return told == content_type if "opendocument" in content_type else True


def _told(archive: ZipFile) -> str:
    with archive.open("mimetype") as part:
        return part.read(200).decode(errors="replace")  # and no more: it may unpack to gigabytes

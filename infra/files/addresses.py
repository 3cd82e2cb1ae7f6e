"""Where files are kept, as the setting says: a folder, or a bucket of an S3-compatible store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

SENTENCE = "must be file:///a/folder, or s3://key:secret@bucket/prefix?endpoint=https://s3.example&region=here"
BUCKET_OPTIONS = frozenset({"endpoint", "region"})


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket; without a key the ones of the machine's environment or role are used, as all S3 programs do."""

    name: str
    prefix: str
    endpoint: str | None
    region: str | None
    key: str | None
    secret: str | None


def place_of(url: str | None, data_dir: Path) -> Path | Bucket:
    """The place that a setting names; `files` in the data folder without one. Raises `ValueError`."""
    if url is None:
        return data_dir / "files"
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        return Path(unquote(parts.path))
    if parts.scheme == "s3" and parts.hostname:
        return _bucket(url)
    raise ValueError(SENTENCE)


def _bucket(url: str) -> Bucket:
    parts = urlsplit(url)
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if given.keys() - BUCKET_OPTIONS or (parts.username is None) != (parts.password is None):
        raise ValueError(SENTENCE)
    return Bucket(
        name=str(parts.hostname),
        prefix=parts.path.strip("/"),
        endpoint=given.get("endpoint"),
        region=given.get("region"),
        key=unquote(parts.username) if parts.username else None,
        secret=unquote(parts.password) if parts.password else None,
    )

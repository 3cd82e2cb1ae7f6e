"""Where the built web app is, which documents it asks, and where its pages send files."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from infra.edge.persisted import read_documents
from infra.settings import Settings

BUILT = Path(__file__).parents[2] / "web" / "dist"
DOCUMENTS = "documents.json"


def web_folder(settings: Settings) -> Path | None:
    """The folder of the built app, if it was built."""
    folder = settings.web_dir or BUILT
    return folder if folder.is_dir() else None


def trusted_documents(settings: Settings) -> dict[str, str]:
    """Texts by their SHA-256, of the settings' file. Raises SettingsError for something else."""
    return read_documents(settings.trusted_documents) if settings.trusted_documents else {}


def web_documents(settings: Settings) -> dict[str, str]:
    """The same of the web app, by what its build wrote. Raises SettingsError for something else."""
    folder = web_folder(settings)
    return read_documents(folder / DOCUMENTS) if folder and (folder / DOCUMENTS).exists() else {}


def file_origins(settings: Settings) -> tuple[str, ...]:
    """The origins of a store elsewhere, which pages have to be let speak with."""
    place = urlsplit(settings.files_url or "")
    endpoints = parse_qs(place.query).get("endpoint", []) if place.scheme == "s3" else []
    if place.scheme == "s3" and not endpoints:
        return ("https://*.amazonaws.com",)
    return tuple(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, endpoints))

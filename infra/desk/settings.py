"""The settings of the desk's parts."""

from pathlib import Path

from pydantic import Field, field_validator

from infra.edge.addresses import is_page
from infra.files.addresses import place_of
from infra.models.declared import ModelSettings

DESK_CONCEALED: frozenset[str] = frozenset({"files_url"})
"""Fields whose value may hold a secret: no sentence and no `repr` shows it."""


class DeskSettings(ModelSettings):
    """What can be set about files, channels and news."""

    files_url: str | None = Field(
        default=None,
        repr=False,
        description="Where files are kept: `file:///folder`, or `s3://key:secret@bucket/prefix?endpoint=…&region=…`"
        " of any S3-compatible store. Unset: in `data_dir`/files.",
    )
    files_scanner_url: str | None = Field(
        default=None,
        description='Looks for malware: is posted each file, answers `{"infected": false}` or true. Unset: none.',
    )

    @field_validator("files_url")
    @classmethod
    def _place(cls, value: str | None) -> str | None:
        place_of(value, Path())
        return value

    @field_validator("files_scanner_url")
    @classmethod
    def _scanner(cls, value: str | None) -> str | None:
        if value is not None and not is_page(value):
            raise ValueError("must be an address such as http://127.0.0.1:8080/scan")
        return value

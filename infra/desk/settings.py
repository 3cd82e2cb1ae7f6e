"""The settings of the desk's parts."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

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

    erasure_grace_hours: float = Field(
        default=24.0,
        ge=0,
        le=720,
        description="Hours for which the erasure of a customer waits, so that a mistake can be taken back.",
    )

    webhook_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Private networks that webhooks may be in, also without TLS: as `10.0.0.0/8`, by commas. "
        "Unset: none.",
    )
    channel_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Private networks that mail servers and providers of text messages may be in: as `10.0.0.0/8`,"
        " by commas. Unset: none.",
    )
    mail_poll_seconds: float = Field(
        default=30.0, ge=0.1, le=3600, description="Seconds between two looks into the mailbox of an inbox."
    )
    mail_inlet_port: int | None = Field(
        default=None, ge=1, le=65535, description="TCP port on which a worker takes mail by SMTP. Unset: it does not."
    )
    mail_inlet_host: str = Field(default="127.0.0.1", description="Address that it listens on for that.")
    mail_inlet_domain: str | None = Field(
        default=None, description="Domain of the addresses that it takes mail for. Unset: the host of `public_url`."
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

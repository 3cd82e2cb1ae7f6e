"""The settings of the ways by which data leaves."""

import re

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class DoorSettings(BaseSettings):
    """What can be set about exports and SQL logins."""

    exports_at_once: int = Field(
        default=3, ge=1, le=100, description="Exports that one organization may have going on at a time."
    )
    exports_a_day: int = Field(
        default=50, ge=1, le=10_000, description="Exports that one organization may ask for within 24 hours."
    )
    sql_logins: int = Field(
        default=5, ge=0, le=100, description="SQL logins that one organization may have; 0 allows none."
    )
    sql_login_connections: int = Field(
        default=5, ge=1, le=100, description="Connections that one SQL login may hold at a time."
    )
    sql_statement_seconds: int = Field(
        default=30, ge=1, le=3_600, description="Seconds that a statement of an SQL login may take."
    )
    sql_address: str | None = Field(
        default=None,
        description="Where BI tools reach the database, as `host:port`. Unset: where Parley does, its own on loopback.",
    )

    @field_validator("sql_address")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[\w.:\[\]-]+:[0-9]{1,5}", value):
            raise ValueError("must be a host and a port such as db.shop.example:5432")
        return value

"""The settings of how much of everything there may be: time, size, sockets and what callers may cost."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode

from domain.budget import Allowance


class LimitSettings(BaseSettings):
    """What can be set about limits."""

    answer_timeout: float = Field(
        default=60.0, ge=1, le=600, description="Seconds after which an unfinished answer is given up."
    )
    frames_per_second: int = Field(
        default=20, ge=1, le=20, description="Most frames of one answer sent to its readers in a second."
    )
    analytics_pool_size: int = Field(
        default=4, ge=1, le=50, description="Most connections on which one process answers questions about numbers."
    )
    analytics_months: int = Field(
        default=0, ge=0, le=1_200, description="Months that facts and numbers are kept for; 0 keeps them for ever."
    )
    worker_concurrency: int = Field(
        default=100, ge=1, le=1_000, description="Jobs that one worker process runs at a time."
    )
    max_body_bytes: int = Field(
        default=1_000_000, ge=1_000, le=100_000_000, description="Largest HTTP request body, in bytes."
    )
    max_message_bytes: int = Field(
        default=1_000_000,
        ge=1_000,
        le=100_000_000,
        description="Largest message a client may send on a socket, in bytes.",
    )
    max_subscriptions: int = Field(
        default=50, ge=1, le=1_000, description="Subscriptions that one socket of a known caller may hold open."
    )
    max_sockets: int = Field(
        default=5_000,
        ge=1,
        le=100_000,
        description="Sockets and event streams that one server process holds open, a tenth of them for strangers.",
    )
    max_sockets_per_caller: int = Field(
        default=100, ge=1, le=100_000, description="How many of them one caller holds, whatever the address."
    )
    max_sockets_per_address: int = Field(
        default=200, ge=1, le=100_000, description="How many of them one address holds without having signed in."
    )
    budget_anonymous: Annotated[Allowance, NoDecode] = Field(
        default=Allowance(20_000, 100),
        description="What the strangers of one address may cost together: points at once, points restored each second.",
    )
    budget_customer: Annotated[Allowance, NoDecode] = Field(
        default=Allowance(20_000, 250), description="The same for each customer. A point is one field of an answer."
    )
    budget_staff: Annotated[Allowance, NoDecode] = Field(
        default=Allowance(100_000, 2_000), description="The same for each agent and each admin."
    )
    budget_api_key: Annotated[Allowance, NoDecode] = Field(
        default=Allowance(100_000, 1_000), description="The same for each API key that has no figures of its own."
    )
    trusted_documents: Path | None = Field(
        default=None,
        description="File of the operations that clients may name by hash: a JSON object `{sha256: text}`.",
    )
    trusted_documents_only: Literal["off", "anonymous", "everyone"] = Field(
        default="off", description="Who may run those operations and no others."
    )

    @field_validator("budget_anonymous", "budget_customer", "budget_staff", "budget_api_key", mode="before")
    @classmethod
    def _allowance(cls, value: object) -> object:
        return Allowance.parse(value) if isinstance(value, str) else value

    @property
    def budgets(self) -> dict[str, Allowance]:
        """What callers may cost, by kind."""
        kinds = ("anonymous", "customer", "staff", "api_key")
        return {kind: getattr(self, f"budget_{kind}") for kind in kinds}

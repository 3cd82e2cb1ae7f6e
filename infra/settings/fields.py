"""What can be set, the rules of each value, and what follows from several of them together."""

import os
import re
from collections.abc import Iterable
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url

from infra.bi.settings import DoorSettings
from infra.desk.settings import DESK_CONCEALED, DeskSettings
from infra.edge.addresses import is_network, is_origin, is_page, is_postgres, is_smtp, scheme, with_ssl
from infra.settings.limits import LimitSettings
from infra.settings.names import PREFIX, SettingsError, variable

DOTENV = Path(".env")
CONCEALED = DESK_CONCEALED | {
    *("secret_key", "database_url", "redis_url", "smtp_url", "metrics_token", "openai_api_key"),
    "replica_url",
}
"""Fields whose value may hold a secret: no sentence and no `repr` shows it."""

MINIMUM_SECRET_LENGTH = 32

NETWORKS = ("channel_networks", "tool_networks", "webhook_networks", "trusted_proxies")
LISTS = {
    "allowed_origins": (is_origin, "must be origins such as https://shop.example, separated by commas"),
    **dict.fromkeys(NETWORKS, (is_network, "must be networks such as 10.0.0.0/8 or 192.0.2.1, separated by commas")),
}


class Settings(DeskSettings, DoorSettings, LimitSettings):
    """What can be set. Field `port` is the variable `PARLEY_PORT`; a real variable wins over `.env`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DOTENV, env_ignore_empty=True, extra="ignore", frozen=True
    )

    environment: Literal["development", "production"] = Field(
        default="development", description="`production` closes `/metrics` to everybody without the metrics token."
    )
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="TCP port that the server listens on.")
    data_dir: Path = Field(
        default=Path(".parley"),
        description="Folder of the embedded servers, logs and process ids; relative to where you start.",
    )
    web_dir: Path | None = Field(
        default=None, description="Folder of the built web app. Unset: `web/dist` beside the programs, where it is."
    )
    database_url: str | None = Field(
        default=None, repr=False, description="Postgres 15 or newer with pgvector. Unset: `parley up` runs its own."
    )
    replica_url: str | None = Field(
        default=None,
        repr=False,
        description="A read replica of the database, for questions about numbers. Unset: they go to the database.",
    )
    database_pool_size: int = Field(
        default=10, ge=1, le=200, description="Most connections to Postgres that one process holds at a time."
    )
    database_pooler: Literal["none", "transaction"] = Field(
        default="none",
        description="`transaction` where a pooler such as PgBouncer hands out connections for one transaction each.",
    )
    redis_url: str | None = Field(
        default=None,
        repr=False,
        description="Redis or Valkey (`redis://`, `rediss://`, `unix://`). Unset: `parley up` runs its own.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Signs tokens; at least 32 characters. Unset with the embedded Postgres: made once and kept.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Web origins, separated by commas, whose pages may call the API and open sockets."
    )
    smtp_url: str | None = Field(
        default=None,
        repr=False,
        description="Mail server: `smtp://user:password@host:587`, or `smtps://`. Unset: it lands in `data_dir`/mail.",
    )
    mail_from: str = Field(
        default="parley@localhost", description="Sender of mail: `ann@x.example` or `Ann <ann@x.example>`."
    )
    public_url: str | None = Field(
        default=None,
        description="Where links in mail lead: how people reach the server. Unset: the server's own address.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Proxies whose `X-Forwarded-For` or `Forwarded` is believed: networks as `10.0.0.0/8`, by commas.",
    )
    tool_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Private networks that tools may be in, also without TLS: as `10.0.0.0/8`, by commas. Unset: none.",
    )
    sign_up: Literal["off", "open"] = Field(
        default="off", description="`open` lets anybody found an organization at `/auth/sign-up`."
    )
    session_days: int = Field(default=30, ge=1, le=365, description="Days after which everybody has to sign in again.")
    session_idle_days: int = Field(
        default=7, ge=1, le=365, description="Days after which somebody who did nothing has to sign in again."
    )
    introspection: bool | None = Field(
        default=None, description="Whether the API tells what its schema holds. Unset: in development only."
    )
    graphiql: bool | None = Field(
        default=None,
        description="Whether a browser gets a page to try the API at `/graphql`. Unset: in development only.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Who sends it as a bearer token may read `/metrics`. Unset: anybody may, and nobody in production.",
    )
    worker_metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="TCP port on which a worker serves its metrics. Unset: it does not."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line written."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="`json` is one object a line; `console` is for eyes."
    )

    @field_validator(
        "log_level", "log_format", "environment", "real_models", "sign_up", "database_pooler", mode="before"
    )
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _split(cls, value: object, info: ValidationInfo) -> object:
        is_one, sentence = LISTS[str(info.field_name)]
        parts = value.split(",") if isinstance(value, str) else value
        found = tuple(str(part).strip().rstrip("/") for part in parts) if isinstance(parts, Iterable) else ()
        if not all(map(is_one, found)):
            raise ValueError(sentence)
        return found

    @field_validator("database_url", "replica_url")
    @classmethod
    def _postgres(cls, value: str | None) -> str | None:
        if value is not None and not is_postgres(value):
            raise ValueError("must be an address such as postgresql://user:password@host/name")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        if value is not None and scheme(value) not in {"redis", "rediss", "unix"}:
            raise ValueError("must be an address such as redis://host:6379/0")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str | None) -> str | None:
        if value is not None and not is_smtp(value):
            raise ValueError("must be an address such as smtp://user:password@host:587")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        addresses = [address for _, address in getaddresses([value])]
        if len(addresses) != 1 or not re.fullmatch(r"[^<>@\s]+@[\w.-]+", addresses[0]):
            raise ValueError("must be an address such as ann@shop.example or Ann <ann@shop.example>")
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str | None) -> str | None:
        if value is not None and not is_page(value):
            raise ValueError("must be an address such as https://help.shop.example")
        return value and value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MINIMUM_SECRET_LENGTH:
            raise ValueError(f"must have at least {MINIMUM_SECRET_LENGTH} characters")
        return value

    @property
    def sqlalchemy_url(self) -> str:
        """`database_url` as SQLAlchemy's asyncpg dialect takes it. Raises SettingsError when it is unset."""
        return _for_asyncpg(self._needed("database_url"))

    @property
    def replica(self) -> str:
        """`replica_url` in the same way, or the database itself."""
        return _for_asyncpg(self.replica_url) if self.replica_url else self.sqlalchemy_url

    @property
    def asyncpg_url(self) -> str:
        """`database_url` as `asyncpg.connect` takes it. Raises SettingsError when it is unset."""
        url = make_url(self._needed("database_url")).set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    @property
    def redis(self) -> str:
        """`redis_url`, certainly set. Raises SettingsError otherwise."""
        return self._needed("redis_url")

    @property
    def secret(self) -> str:
        """The text of `secret_key`, certainly set. Raises SettingsError otherwise."""
        return self._needed("secret_key")

    def _needed(self, name: str) -> str:
        value = getattr(self, name)
        if value is None:
            raise SettingsError(f"{variable(name)} is not set: set it, or run `parley up`, which brings its own.")
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

    @property
    def secrets(self) -> list[str]:
        """The texts that no log line may hold: keys, and the passwords of addresses."""
        keys = [key.get_secret_value() for key in (self.secret_key, self.metrics_token) if key]
        addresses = [
            urlsplit(url)
            for url in (self.database_url, self.redis_url, self.smtp_url, self.files_url, self.replica_url)
            if url
        ]
        passwords = [url.password for url in addresses if url.password]
        return [*keys, *self.model_keys, *passwords, *map(unquote, passwords)]

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may use cookies: our own, and those that are allowed here."""
        return frozenset({self.public_origin, *self.allowed_origins})

    @property
    def shows_schema(self) -> bool:
        """Whether `introspection` is on."""
        return self._in_development(self.introspection)

    @property
    def shows_page(self) -> bool:
        """Whether `graphiql` is on."""
        return self._in_development(self.graphiql)

    def _in_development(self, chosen: bool | None) -> bool:
        return self.environment == "development" if chosen is None else chosen

    @property
    def own_host(self) -> str:
        """Where this machine reaches its own server: `host`, or loopback when that means every address."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def address(self) -> str:
        """The server's address in a browser of this machine, without a slash at the end."""
        host = f"[{self.own_host}]" if ":" in self.own_host else self.own_host
        return f"http://{host}:{self.port}"

    @property
    def public_address(self) -> str:
        """Where links that people get lead to, without a slash at the end."""
        return self.public_url or self.address

    @property
    def public_origin(self) -> str:
        """Where our own pages come from, as browsers name it."""
        parts = urlsplit(self.public_address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure_cookies(self) -> bool:
        """False in development over http on loopback, where browsers refuse cookies that only https may carry."""
        parts = urlsplit(self.public_address)
        is_local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
        return not (is_local and self.environment == "development")

    def for_child(self) -> dict[str, str]:
        """The environment of a child process that is to read the same addresses and secret."""
        given = {variable(name): self._needed(name) for name in CONCEALED if getattr(self, name) is not None}
        return os.environ | given


def _for_asyncpg(url: str) -> str:
    return with_ssl(make_url(url).set(drivername="postgresql+asyncpg")).render_as_string(hide_password=False)

"""Which language models there are: what the settings say of each, checked before anything starts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode

from infra.edge.addresses import is_page

BUILT_IN = ("local", "scripted")
"""Assistants that need no language model, by the names that the settings have for them."""

OPENAI = "openai"
"""The name of the model that has variables of its own."""


class RealModelError(Exception):
    """A model that is not on this machine was about to be used while `PARLEY_REAL_MODELS` is off."""


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Declared):
    """How long a model may take, in seconds, how much it may say, and how often it is asked.

    `first_token` counts from the question to the first piece of the reply, over all `tries`; `queue` is the wait for a
    free place among `concurrency`. After `failures` in a row the model rests for `rest` seconds.
    """

    connect: float = Field(default=3.0, gt=0, le=60)
    first_token: float = Field(default=15.0, gt=0, le=300)
    between_tokens: float = Field(default=10.0, gt=0, le=300)
    total: float = Field(default=45.0, gt=0, le=600)
    tries: int = Field(default=3, ge=1, le=10)
    queue: float = Field(default=1.0, ge=0, le=60)
    concurrency: int = Field(default=64, ge=1, le=10_000)
    failures: int = Field(default=5, ge=1, le=1_000)
    rest: float = Field(default=20.0, gt=0, le=3_600)
    most_characters: int = Field(default=20_000, ge=100, le=1_000_000)


class Prices(_Declared):
    """What a million tokens cost, in millionths of the budgets' currency; `cached` of None is as much as `read`."""

    read: int = Field(ge=0)
    written: int = Field(ge=0)
    cached: int | None = Field(default=None, ge=0)


class DeclaredModel(_Declared):
    """A model behind an endpoint that speaks chat completions.

    `api_key_env` names another variable that holds the key. `without` are fields of a request that this endpoint does
    not know; `tokens_field` is what it calls the most tokens of a reply. One with `dimensions` makes embeddings of that
    length instead, of `texts_per_second` at most where many are wanted.
    """

    base_url: str
    model: str = Field(min_length=1, max_length=200)
    api_key: SecretStr | None = None
    api_key_env: str | None = None
    limits: Limits = Limits()
    prices: Prices | None = None
    without: tuple[Literal["temperature", "stream_options", "tool_choice"], ...] = ()
    tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    dimensions: int | None = Field(default=None, ge=1, le=4_000)
    texts_per_second: float = Field(default=50.0, gt=0, le=100_000)

    @field_validator("base_url")
    @classmethod
    def _page(cls, value: str) -> str:
        if not is_page(value):
            raise ValueError("must be an address such as https://models.example/v1")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.api_key and self.api_key_env:
            raise ValueError("has both api_key and api_key_env")
        if self.api_key_env and not os.environ.get(self.api_key_env):
            raise ValueError(f"needs the variable {self.api_key_env}, which is not set")
        return self

    @property
    def key(self) -> str:
        """The key itself, empty where the endpoint needs none."""
        if self.api_key_env:
            return os.environ.get(self.api_key_env, "")
        return self.api_key.get_secret_value() if self.api_key else ""


_FILE = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9._-]{0,39}$")], DeclaredModel])


def _declared(value: object) -> object:
    """The models of a file. Raises ValueError that tells which entry is wrong, and nothing of what stands there."""
    if not isinstance(value, str | Path):
        return value
    try:
        found = _FILE.validate_json(Path(value).read_bytes())
    except OSError as error:
        raise ValueError(f"must be a file that can be read: {error.strerror}") from None
    except ValidationError as error:
        detail = error.errors(include_input=False)[0]
        place = ".".join(map(str, detail["loc"])) or "the file"
        raise ValueError(f"must be a JSON file of models, but {place}: {detail['msg']}") from None
    if taken := {*BUILT_IN, OPENAI} & found.keys():
        raise ValueError(f"must give its models other names than {', '.join(sorted(taken))}")
    return found


class ModelSettings(BaseSettings):
    """The settings of the assistant and its models."""

    openai_api_key: SecretStr | None = Field(default=None, description="Key for the model `openai`.")
    openai_base_url: str = Field(
        default="https://api.openai.com/v1", description="Endpoint of the model `openai`: any that speaks its protocol."
    )
    openai_model: str | None = Field(default=None, description="Which model the endpoint runs under the name `openai`.")
    models: Annotated[Mapping[str, DeclaredModel], NoDecode, BeforeValidator(_declared)] = Field(
        default={}, repr=False, description="JSON file of more models, see `docs/models.md`."
    )
    embeddings: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("local",),
        description="Whose vectors find knowledge, by commas: the first counts as soon as it has read everything, "
        "until then the next that has. `local` is built in and always last; other names are models.",
    )
    real_models: Literal["on", "off"] = Field(
        default="on", description="`off` makes each use of a model that is not on this machine an error, for tests."
    )
    ai_provider: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("local",),
        description="Who answers, by commas; where one fails, the next does. `local` is the built-in assistant, "
        "`scripted` says each question back, for tests; other names are models.",
    )

    @field_validator("openai_base_url")
    @classmethod
    def _endpoint(cls, value: str) -> str:
        if not is_page(value):
            raise ValueError("must be an address such as https://models.example/v1")
        return value

    @field_validator("embeddings", mode="before")
    @classmethod
    def _embedding(cls, value: object, info: ValidationInfo) -> object:
        names = tuple(name.strip().lower() for name in value.split(",")) if isinstance(value, str) else value
        if not isinstance(names, tuple) or "models" not in info.data:
            return names
        known = {"local", *(name for name, one in info.data["models"].items() if one.dimensions)}
        if not names or len(set(names)) < len(names) or not known.issuperset(names):
            raise ValueError(
                f"must be names by commas, each once, out of {', '.join(sorted(known))} "
                "(models with `dimensions` in PARLEY_MODELS add others)"
            )
        return names

    @field_validator("ai_provider", mode="before")
    @classmethod
    def _names(cls, value: object, info: ValidationInfo) -> object:
        names = tuple(name.strip().lower() for name in value.split(",")) if isinstance(value, str) else value
        if not isinstance(names, tuple) or "models" not in info.data:
            return names
        speaking = [name for name, one in info.data["models"].items() if not one.dimensions]
        known = {*BUILT_IN, *speaking, *([OPENAI] if info.data.get("openai_model") else [])}
        if not names or len(set(names)) < len(names) or not known.issuperset(names):
            raise ValueError(
                f"must be names by commas, each once, out of {', '.join(sorted(known))} "
                "(PARLEY_OPENAI_MODEL and PARLEY_MODELS add others)"
            )
        return names

    @property
    def declared_models(self) -> dict[str, DeclaredModel]:
        """All models by name, those for embeddings too."""
        if self.openai_model is None:
            return dict(self.models)
        tokens_field = "max_completion_tokens" if "api.openai.com" in self.openai_base_url else "max_tokens"
        own = DeclaredModel(
            base_url=self.openai_base_url,
            model=self.openai_model,
            api_key=self.openai_api_key,
            tokens_field=tokens_field,  # type: ignore[arg-type]
        )
        return {OPENAI: own, **self.models}

    @property
    def embedding_models(self) -> list[DeclaredModel]:
        """The embedding models before the built-in one, the one that is wanted most first."""
        names = self.embeddings[: self.embeddings.index("local")] if "local" in self.embeddings else self.embeddings
        return [self.models[name] for name in names]

    @property
    def model_keys(self) -> list[str]:
        """The texts that no log line may hold."""
        return [one.key for one in self.declared_models.values() if one.key]


def expect_allowed(base_url: str) -> None:
    """Raise RealModelError for a model elsewhere while `PARLEY_REAL_MODELS` is off, in this process's environment."""
    if os.environ.get("PARLEY_REAL_MODELS", "on").lower() == "off" and not is_loopback(base_url):
        raise RealModelError("PARLEY_REAL_MODELS is off, so no model is asked that is not on this machine.")


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine, by its text alone: no name is looked up."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

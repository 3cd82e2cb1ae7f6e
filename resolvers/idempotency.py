"""From an input's idempotency key to what makes two requests the same."""

import hashlib
from collections.abc import Collection
from typing import Any

import orjson
import strawberry

from domain.base import FieldProblem, InvalidInputError
from domain.ports import IdempotencyKey

LONGEST_KEY = 200


def key_of(input: Any, *, but: Collection[str] = ()) -> IdempotencyKey | None:
    """The input's key with a digest of all the rest, None without one; `InvalidInputError` for an unusable key.

    `but` names passwords and codes, which are left out: whoever has a digest of them could guess them fast.
    """
    value = input.idempotency_key
    if value is None:
        return None
    if not 1 <= len(value) <= LONGEST_KEY or not value.isprintable():
        raise InvalidInputError(
            FieldProblem("input.idempotencyKey", f"Use 1 to {LONGEST_KEY} printable characters, such as a UUID.")
        )
    rest = {name: given for name, given in strawberry.asdict(input).items() if name not in ("idempotency_key", *but)}
    content = orjson.dumps([type(input).__name__, rest], option=orjson.OPT_SORT_KEYS)
    return IdempotencyKey(value, hashlib.sha256(content).hexdigest())

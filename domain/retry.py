"""Once more, when a rival was faster."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from domain.base import ConflictError

P = ParamSpec("P")
R = TypeVar("R")


def retried_once(
    method: Callable[P, Coroutine[Any, Any, R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    """Run a command again when a rival committed first; the second conflict is the caller's to know."""

    @wraps(method)
    async def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await method(*args, **kwargs)
        except ConflictError:
            return await method(*args, **kwargs)

    return attempt

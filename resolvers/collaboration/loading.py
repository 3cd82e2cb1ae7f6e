"""What is loaded by key of which the database knows nothing: signed addresses, and who is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from domain.base import Actor
from domain.bi.doors import Doors
from domain.desk.desk import Desk

Batch = Callable[[Sequence[Any]], Awaitable[Sequence[Any]]]


def desk_batches(desk: Desk, doors: Doors, actor: Actor) -> Mapping[str, Batch]:
    """By the names of their loaders."""
    return {
        "file_urls": desk.files.urls,
        "export_urls": doors.exports.urls,
        "viewers": partial(desk.signals.viewers, actor),
        "privacy_export_urls": partial(desk.privacy.requests.urls, actor),
    }

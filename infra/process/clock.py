"""The time and new ids, as every process takes them."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """An id that sorts by the time it was made, which keeps indexes compact."""
    return uuid7()

"""What somebody is told who tries to sign in too often."""

from __future__ import annotations

from math import ceil

from domain.base import DomainError


class TooManyAttemptsError(DomainError):
    """Wait `retry_after` seconds, a whole number of at least 1, before the next attempt; nothing was verified."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, retry_after: int) -> None:
        wait = f"{retry_after} s" if retry_after < 120 else f"{ceil(retry_after / 60)} minutes"
        super().__init__(f"Too many attempts went wrong. Try again in {wait}.")
        self.retry_after = retry_after

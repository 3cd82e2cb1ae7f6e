"""Passwords: hashed by argon2id beside the event loop, never more of them at a time than memory allows."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.base import DomainError, FieldProblem, InvalidInputError, UnavailableError
from infra.process.late import Late

if TYPE_CHECKING:
    import zxcvbn  # type: ignore[import-untyped]
else:
    zxcvbn = Late("zxcvbn")

T = TypeVar("T")

SHORTEST, LONGEST = 10, 128
"""Characters of a password, after normalising."""
LONGEST_GIVEN = 4 * LONGEST
"""Characters looked at before normalising: decomposed letters are up to four, and more is nobody's password."""
AT_ONCE = 2
WAITING = 64
"""Hashes being made, and those that wait for it: at most 2 × 19 MiB, and 0.9 s of waiting on two idle cores."""
JUDGED = 24
"""First characters that are judged: the judge's time grows faster than the square of the length (see `check`)."""
ENOUGH_GUESSES = 1e8
"""Fewest guesses that a password must stand: what zxcvbn calls 'safely unguessable' (its score 3) begins here."""
MOST_WORDS = 40
"""Words about the person that are compared."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)
"""argon2id with 19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's figures; the lengths of salt
and tag are those of RFC 9106, section 4. One lane, since those who sign in keep the other cores busy."""


class BusyError(UnavailableError):
    """Too many people sign in at this moment; nothing was checked."""

    def __init__(self) -> None:
        DomainError.__init__(self, "Too many people are signing in right now. Try again in a few seconds.")


class Passwords:
    """Hashes, verifies and judges passwords in two threads.

    At most 66 calls run or wait at a time, of which two hold 19 MiB each; the next one raises `BusyError` at once. A
    caller that is cancelled while it waits gives its place back. What is typed is brought into Unicode's form NFKC
    first, since keyboards write the same letter in different ways, and a person must get in from each of them.
    """

    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._nobodys = _hash_of_nobody(hasher)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._places = BoundedSemaphore(AT_ONCE + WAITING)

    async def hash(self, password: str) -> str:
        """The hash to store, with its salt and figures. `check` the password first: this takes any."""
        return await self._beside(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether a password is the one of a stored hash.

        None, for a person who does not exist or has no password, is false after the same time.
        """
        if len(password) > LONGEST_GIVEN:
            return False
        return await self._beside(lambda: self._matches(stored or self._nobodys, password))

    def needs_rehash(self, stored: str) -> bool:
        """Whether a hash was made with other figures than those of today: hash again after the next sign-in."""
        try:
            return self._hasher.check_needs_rehash(stored)
        except InvalidHashError:
            return True

    async def check(self, password: str, *, about: Sequence[str]) -> None:
        """Refuse a password that is short, long, known from stolen lists, or easily guessed; `InvalidInputError`.

        `about` is what a guesser knows: the person's name and e-mail address, the company's name. Only the first 24
        characters are judged: the worst of 1,459 inputs made to be slow took 0.17 s; with 72 characters one took 2 s.
        """
        normal = unicodedata.normalize("NFKC", password[: LONGEST_GIVEN + 1])
        if len(normal) < SHORTEST:
            raise _refusal(f"Use at least {SHORTEST} characters; a few words in a row are good.")
        if len(normal) > LONGEST or len(password) > LONGEST_GIVEN:
            raise _refusal(f"Use at most {LONGEST} characters.")
        if reason := await self._beside(lambda: _weakness(normal, about)):
            raise _refusal(reason)

    def close(self) -> None:
        """End the threads; those who still wait are cancelled."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _beside(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise BusyError
        future = self._threads.submit(work)
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[T]) -> None:
        self._places.release()


_judging = Lock()
"""zxcvbn keeps the words about a person in a module's dictionary: one judgement at a time."""


def _weakness(password: str, about: Sequence[str]) -> str | None:
    with _judging:
        found = zxcvbn.zxcvbn(password[:JUDGED], user_inputs=_words(about))
    if found["guesses"] >= ENOUGH_GUESSES:
        return None
    dictionaries = {part.get("dictionary_name") for part in found["sequence"]}
    if "user_inputs" in dictionaries:
        return "This is too close to your name, your e-mail address or your company."
    if dictionaries == {"passwords"}:
        return "This is in the lists of stolen passwords that guessers try first."
    return "This is easy to guess. Add a word or two that have nothing to do with each other."


def _words(about: Sequence[str]) -> list[str]:
    """Each text as a whole and each of its words; those of one or two letters would be found in anything."""
    words = [word for text in about for word in (text[:100], *re.split(r"[\W_]+", text[:100]))]
    return [word for word in dict.fromkeys(words) if len(word) > 2][:MOST_WORDS]


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """A hash that no known password has, and that costs as much to compare with as any."""
    salt, tag = (b64encode(bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len))
    figures = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${figures}${salt}${tag}"


def _refusal(reason: str) -> InvalidInputError:
    return InvalidInputError(FieldProblem("password", reason))

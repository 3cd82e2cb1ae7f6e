"""Passwords: which are taken, who gets in, how long it takes, and what many at once cost."""

import asyncio
import statistics
import unicodedata
from collections.abc import Iterator
from threading import Event
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.base import InvalidInputError, UnavailableError
from infra.identity.passwords import AT_ONCE, WAITING, BusyError, Passwords, _weakness

GOOD = "lantern orbit velvet 7"


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


async def refusal(passwords: Passwords, password: str, *about: str) -> str:
    with pytest.raises(InvalidInputError) as refused:
        await passwords.check(password, about=about)
    (problem,) = refused.value.fields
    assert problem.path == "password"
    assert password not in problem.message
    return problem.message


async def test_the_right_password_and_no_other(passwords: Passwords) -> None:
    stored = await passwords.hash(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify(stored, GOOD)
    for wrong in (GOOD + " ", GOOD.upper(), GOOD[:-1], "", "\ud800", "x" * 100_000):
        assert not await passwords.verify(stored, wrong)


async def test_the_same_password_has_another_hash_for_each_person(passwords: Passwords) -> None:
    assert await passwords.hash(GOOD) != await passwords.hash(GOOD)


@pytest.mark.parametrize("stored", [None, "", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "!"])
async def test_nobody_gets_in_without_a_hash(passwords: Passwords, stored: str | None) -> None:
    assert not await passwords.verify(stored, "")
    assert not await passwords.verify(stored, GOOD)


async def test_one_password_typed_on_two_keyboards(passwords: Passwords) -> None:
    stored = await passwords.hash("Zu\u0308rich ﬁord 4711 \uff21")
    assert await passwords.verify(stored, "Z\u00fcrich fiord 4711 A")


async def test_a_person_who_does_not_exist_costs_the_same_time(passwords: Passwords) -> None:
    stored = await passwords.hash(GOOD)
    times: dict[str | None, list[float]] = {stored: [], None: []}
    for _ in range(15):
        for hashed, spent in times.items():
            start = perf_counter()
            await passwords.verify(hashed, "not the password")
            spent.append(perf_counter() - start)
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert 0.5 < unknown / known < 2  # without the comparison it is a thousandth


async def test_a_hash_of_other_figures_still_opens_and_asks_to_be_made_anew(passwords: Passwords) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(GOOD)
    assert await passwords.verify(older, GOOD)
    assert passwords.needs_rehash(older)
    assert passwords.needs_rehash("not a hash")
    assert not passwords.needs_rehash(await passwords.hash(GOOD))


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correcthorsebatterystaple",
        "xK9#mQ2$vL",
        "小さな灯台と青い自転車の歌",
        "Zürich im Regen, 4711",
        "x7 " * 5 + "grüner Turm am Fluss",
    ],
)
async def test_good_passwords_are_taken(passwords: Passwords, password: str) -> None:
    await passwords.check(password, about=["Jane Doe", "jane.doe@acme.example", "Acme"])


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short 7!k", "at least 10"),
        ("ﬁ" * 4, "at least 10"),
        ("a7$K" * 33, "at most 128"),
        ("\ufdfa" * 8, "at most 128"),
        ("x" * 1_000_000, "at most 128"),
        ("1234567890", "stolen"),
        ("qwertyuiop", "stolen"),
        ("passw0rd12", "easy to guess"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "easy to guess"),
        ("abcabcabcabcabc", "easy to guess"),
        ("P4ssw0rd2024", "easy to guess"),
        ("1991-12-03!", "easy to guess"),
    ],
)
async def test_weak_passwords_are_refused_with_what_to_do(passwords: Passwords, password: str, word: str) -> None:
    assert word in await refusal(passwords, password)


@pytest.mark.parametrize("password", ["Vandermeulen1", "jannekevandermeulen", "Brightwater24", "j.vandermeulen"])
async def test_what_a_guesser_knows_about_the_person_is_no_password(passwords: Passwords, password: str) -> None:
    about = ["Janneke Vandermeulen", "j.vandermeulen@brightwater.example", "Brightwater Ltd"]
    assert "too close" in await refusal(passwords, password, *about)


async def test_words_about_one_person_do_not_count_for_the_next(passwords: Passwords) -> None:
    await refusal(passwords, "Vandermeulen1", "Vandermeulen")
    await passwords.check("Vandermeulen1", about=["Somebody Else"])


@settings(max_examples=150, deadline=None)
@given(password=some.text(min_size=10, max_size=130), about=some.lists(some.text(max_size=30), max_size=4))
def test_whatever_is_typed_is_taken_or_refused(password: str, about: list[str]) -> None:
    reason = _weakness(unicodedata.normalize("NFKC", password), about)
    assert reason is None or reason.endswith(".")


async def test_judging_the_worst_input_takes_a_known_time(passwords: Passwords) -> None:
    costly = ("4@8({[<369&1!|7+$5%20z" * 6)[:128]
    start = perf_counter()
    await asyncio.gather(passwords.check(costly, about=["4@8"] * 1_000), return_exceptions=True)
    assert perf_counter() - start < 2  # whole it would take 10 s and more


async def test_one_more_than_can_wait_is_refused_at_once_and_the_others_are_served(passwords: Passwords) -> None:
    stored = await passwords.hash(GOOD)
    results = await asyncio.gather(
        *(passwords.verify(stored, GOOD) for _ in range(AT_ONCE + WAITING + 9)), return_exceptions=True
    )
    assert results.count(True) == AT_ONCE + WAITING
    refused = [result for result in results if isinstance(result, BusyError)]
    assert len(refused) == 9
    assert isinstance(refused[0], UnavailableError)
    assert await passwords.verify(stored, GOOD)


async def test_who_gives_up_waiting_gives_the_place_back() -> None:
    passwords, go = Passwords(), Event()
    slow = [asyncio.ensure_future(passwords._beside(go.wait)) for _ in range(AT_ONCE)]
    waiting = [asyncio.ensure_future(passwords.hash(GOOD)) for _ in range(WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await passwords.hash(GOOD)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    again = asyncio.ensure_future(passwords.hash(GOOD))
    await asyncio.sleep(0)
    go.set()
    assert (await again).startswith("$argon2id$")
    assert await asyncio.gather(*slow) == [True, True]
    passwords.close()


async def test_the_event_loop_goes_on_meanwhile(passwords: Passwords) -> None:
    hashing = asyncio.gather(*(passwords.hash(GOOD) for _ in range(10)))
    longest, last = 0.0, (start := perf_counter())
    while not hashing.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, perf_counter() - last), perf_counter()
    assert longest < (last - start) / 2  # made in the loop, they would be one single pause

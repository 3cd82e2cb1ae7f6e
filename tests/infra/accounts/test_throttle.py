"""The throttle: free failures, growing waits, many guesses at once, and that nobody locks others out."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.login.throttle import TooManyAttemptsError
from infra.database import Database
from infra.identity.sealing import Sealer
from infra.identity.throttle import (
    FREE_FOR_ADDRESS,
    Devices,
    Key,
    Throttle,
    by_account,
    by_address,
    by_second_factor,
    sign_in_keys,
)

_numbers = count(1)


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
async def throttle(database_url: str, hand: Hand) -> AsyncIterator[Throttle]:
    database = Database(database_url, pool_size=10)
    yield Throttle(database, hand)
    await database.close()


@pytest.fixture
def account() -> Key:
    return by_account(f"ann{next(_numbers)}@shop.example")


@pytest.fixture
def address() -> Key:
    return by_address(f"203.0.113.{next(_numbers)}")


@pytest.fixture
def devices() -> Devices:
    return Devices(Sealer("k" * 32))


async def fail(throttle: Throttle, *keys: Key, times: int) -> None:
    for _ in range(times):
        await throttle.reserve(*keys)


async def wait(throttle: Throttle, *keys: Key) -> int:
    with pytest.raises(TooManyAttemptsError) as refused:
        await throttle.reserve(*keys)
    return refused.value.retry_after


async def test_five_failures_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(
    throttle: Throttle, hand: Hand, account: Key
) -> None:
    await fail(throttle, account, times=5)
    waits = []
    for _ in range(13):
        waits.append(await wait(throttle, account))
        hand.move(waits[-1])
        await throttle.reserve(account)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


async def test_the_wait_ends_when_it_was_said_to(throttle: Throttle, hand: Hand, account: Key) -> None:
    await fail(throttle, account, times=5)
    hand.move(0.999)
    assert await wait(throttle, account) == 1
    hand.move(0.001)
    await throttle.reserve(account)


async def test_attempts_during_a_wait_make_it_no_longer(throttle: Throttle, hand: Hand, account: Key) -> None:
    await fail(throttle, account, times=5)
    for _ in range(20):
        assert await wait(throttle, account) == 1
    hand.move(1)
    await throttle.reserve(account)
    assert await wait(throttle, account) == 2


async def test_a_success_clears_the_account(throttle: Throttle, account: Key) -> None:
    await fail(throttle, account, times=5)
    await throttle.succeeded(account)
    await fail(throttle, account, times=5)
    await wait(throttle, account)


async def test_after_a_day_it_is_forgotten(throttle: Throttle, hand: Hand, account: Key) -> None:
    for _ in range(20):
        await throttle.reserve(account)
        hand.move(900)
    hand.move(24 * 3600)
    await fail(throttle, account, times=5)
    assert await wait(throttle, account) == 1


async def test_a_hundred_guesses_at_once_are_five(throttle: Throttle, account: Key, address: Key) -> None:
    results = await asyncio.gather(*(throttle.reserve(account, address) for _ in range(100)), return_exceptions=True)
    assert results.count(None) == 5
    assert sum(isinstance(result, TooManyAttemptsError) for result in results) == 95


async def test_after_a_wait_one_of_a_hundred_gets_through(throttle: Throttle, hand: Hand, account: Key) -> None:
    await fail(throttle, account, times=5)
    for seconds in (1, 2, 4):
        hand.move(seconds)
        results = await asyncio.gather(*(throttle.reserve(account) for _ in range(100)), return_exceptions=True)
        assert results.count(None) == 1


async def test_one_address_that_tries_many_accounts(throttle: Throttle, address: Key) -> None:
    for _ in range(FREE_FOR_ADDRESS):
        await throttle.reserve(by_account(f"{uuid4()}@shop.example"), address)
    assert await wait(throttle, by_account(f"{uuid4()}@shop.example"), address) == 1


async def test_what_is_refused_for_one_key_counts_for_none(throttle: Throttle, account: Key, address: Key) -> None:
    await fail(throttle, account, times=5)
    for _ in range(FREE_FOR_ADDRESS + 1):
        await wait(throttle, account, address)
    await fail(throttle, address, times=FREE_FOR_ADDRESS)
    await wait(throttle, address)


async def test_the_wait_told_is_that_of_the_keys_that_wait(
    throttle: Throttle, hand: Hand, account: Key, address: Key
) -> None:
    await fail(throttle, account, times=5)
    await fail(throttle, address, times=FREE_FOR_ADDRESS)
    hand.move(1)
    await throttle.reserve(address)
    assert await wait(throttle, account, address) == 2
    hand.move(2)
    await throttle.reserve(account)
    assert await wait(throttle, account, address) == 2


async def test_an_own_account_does_not_wash_an_address_clean(throttle: Throttle, account: Key, address: Key) -> None:
    for _ in range(FREE_FOR_ADDRESS - 1):
        await throttle.reserve(by_account(f"{uuid4()}@shop.example"), address)
        await throttle.reserve(account, address)
        await throttle.succeeded(account, address)
    await throttle.reserve(address)
    await wait(throttle, account, address)


async def test_what_was_never_verified_counts_for_nothing(throttle: Throttle, account: Key, address: Key) -> None:
    await fail(throttle, account, times=4)
    for _ in range(10):
        await throttle.reserve(account, address)
        await throttle.release(account, address)
    await throttle.reserve(account)
    await wait(throttle, account)


async def test_many_at_once_over_the_same_keys_lock_nothing_up(throttle: Throttle) -> None:
    keys = [Key(f"test:{uuid4()}", free=130, cleared=bool(number % 2)) for number in range(6)]

    async def attempt(number: int) -> None:
        chosen = random.Random(number).sample(keys, 4)
        await throttle.reserve(*chosen)
        await throttle.release(*chosen[::-1])

    assert set(await asyncio.gather(*(attempt(number) for number in range(120)))) == {None}
    await fail(throttle, *keys, times=130)  # each attempt was counted once and given back once
    await wait(throttle, keys[0])


async def test_the_same_key_twice_counts_once(throttle: Throttle, account: Key) -> None:
    await fail(throttle, account, account, times=5)
    assert await wait(throttle, account, account) == 1


async def test_what_is_old_is_deleted(throttle: Throttle, hand: Hand, account: Key, address: Key) -> None:
    hand.move(-400 * 24 * 3600)
    await throttle.reserve(account)
    hand.move(24 * 3600 + 1)
    await throttle.reserve(address)
    assert await throttle.forget() == 1
    assert await throttle.forget() == 0


async def test_a_known_device_gets_in_while_strangers_guess(throttle: Throttle, devices: Devices) -> None:
    cookie = devices.issue("ann@shop.example")
    stranger = sign_in_keys(devices, email="ann@shop.example", address="192.0.2.1", cookie=None)
    await fail(throttle, *stranger, times=5)
    await wait(throttle, *stranger)
    known = sign_in_keys(devices, email=" Ann@Shop.example", address="192.0.2.1", cookie=cookie)
    await throttle.reserve(*known)
    await throttle.succeeded(*known)
    await wait(throttle, *stranger)


async def test_a_stolen_device_is_five_guesses(throttle: Throttle, devices: Devices) -> None:
    email = f"{uuid4()}@shop.example"
    keys = sign_in_keys(devices, email=email, address="192.0.2.1", cookie=devices.issue(email))
    await fail(throttle, *keys, times=5)
    await wait(throttle, *keys)


def test_a_cookie_is_good_for_one_account_and_cannot_be_made_up(devices: Devices) -> None:
    cookie = devices.issue("ann@shop.example")
    assert devices.key("ann@shop.example", cookie) == devices.key("ANN@shop.example ", cookie)
    assert devices.key("ann@shop.example", cookie) != devices.key("ann@shop.example", devices.issue("ann@shop.example"))
    assert Devices(Sealer("n" * 32, "k" * 32)).key("ann@shop.example", cookie)
    assert devices.key("bob@shop.example", cookie) is None
    for wrong in (None, "", "x", "ü" * 40, cookie[:-4], cookie.swapcase(), cookie * 1_000, "\ud800"):
        assert devices.key("ann@shop.example", wrong) is None
    assert Devices(Sealer("n" * 32)).key("ann@shop.example", cookie) is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("::1", "::"),
        ("x" * 1_000, "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_that_of_one_household(address: str, name: str) -> None:
    assert by_address(address) == Key(f"address:{name}", FREE_FOR_ADDRESS, cleared=False)


async def test_no_mail_address_is_kept(database_url: str, throttle: Throttle) -> None:
    await throttle.reserve(by_account("seldom@shop.example"), by_account("\ud800" * 100_000), by_second_factor(uuid4()))
    database = Database(database_url, pool_size=1)
    async with database.accounts() as connection:
        keys = (await connection.execute(text("SELECT key FROM sign_in_throttle"))).scalars().all()
    await database.close()
    assert by_account("Seldom@Shop.example ").name in keys
    assert not any("seldom" in key for key in keys)
    assert max(map(len, keys)) < 100


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 s."), (119, "119 s."), (900, "15 minutes")])
def test_who_waits_is_told_how_long(seconds: int, words: str) -> None:
    assert words in TooManyAttemptsError(seconds).message

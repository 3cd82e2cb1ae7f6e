"""The second factor: RFC 6238's own figures, the window, replays, and recovery codes."""

import re
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID, uuid4

import pyotp
import pytest

from infra.identity.second_factor import RecoveryCodes, new_secret, otpauth_uri, verify

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
PERSON = UUID(int=7)
KEY, OLDER = "k" * 32, "o" * 32


def app(at: datetime, secret: bytes = SECRET) -> str:
    return pyotp.TOTP(b32encode(secret).decode()).at(at)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_figures_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert verify(SECRET, code, at=at, last_step=None) == seconds // 30


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_early_or_late_is_near_enough(steps: int, accepted: bool) -> None:
    code = app(NOW + timedelta(seconds=30 * steps))
    assert verify(SECRET, code, at=NOW, last_step=None) == (STEP + steps if accepted else None)


def test_a_code_is_good_once_and_so_are_those_before_it() -> None:
    assert verify(SECRET, app(NOW), at=NOW, last_step=STEP - 1) == STEP
    assert verify(SECRET, app(NOW), at=NOW, last_step=STEP) is None
    assert verify(SECRET, app(NOW - timedelta(seconds=30)), at=NOW, last_step=STEP) is None
    assert verify(SECRET, app(NOW + timedelta(seconds=30)), at=NOW, last_step=STEP) == STEP + 1


def test_as_apps_print_it_with_a_gap() -> None:
    code = app(NOW)
    assert verify(SECRET, f" {code[:3]} {code[3:]} ", at=NOW, last_step=None) == STEP


@pytest.mark.parametrize("code", ["", "0", "12345", "1234567", "abcdef", "１２３４５６", "\ud800", "0" * 100_000])
def test_anything_else_is_no_code(code: str) -> None:
    assert verify(SECRET, code, at=NOW, last_step=None) is None


def test_the_code_of_another_secret_is_none() -> None:
    assert verify(bytes(20), app(NOW), at=NOW, last_step=None) is None


def test_an_app_reads_the_address() -> None:
    secret = new_secret()
    uri = urlsplit(otpauth_uri(secret, email="jane+x@acme.example", issuer="Parley & Sons"))
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Parley & Sons:jane+x@acme.example")
    assert parse_qs(uri.query)["issuer"] == ["Parley & Sons"]
    parsed = pyotp.parse_uri(uri.geturl())
    assert isinstance(parsed, pyotp.TOTP)
    assert verify(secret, parsed.at(NOW), at=NOW, last_step=None) == STEP


def test_secrets_have_160_bits_and_differ() -> None:
    assert {len(new_secret()) for _ in range(10)} == {20}
    assert len({new_secret() for _ in range(100)}) == 100


def test_ten_recovery_codes_that_a_person_can_copy() -> None:
    codes = RecoveryCodes(KEY).new()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


def test_a_code_is_known_however_it_is_typed() -> None:
    made = RecoveryCodes(KEY)
    stored = made.hash(PERSON, "7K2M-9QXD-40HV-T3B1")
    assert len(stored) == 32
    for typed in ("7K2M-9QXD-40HV-T3B1", "7k2m9qxd40hvt3b1", " 7K2M 9QXD 4OHV T3BL "):
        assert made.hashes(PERSON, typed) == [stored]
    for wrong in ("7K2M-9QXD-40HV-T3B2", "", "\ud800"):
        assert stored not in made.hashes(PERSON, wrong)


def test_a_hash_is_one_persons_under_one_secret() -> None:
    (code, *_) = RecoveryCodes(KEY).new()
    hashes = {RecoveryCodes(key).hash(person, code) for key in (KEY, OLDER) for person in (PERSON, uuid4())}
    assert len(hashes) == 4


def test_codes_from_before_a_rotation_are_still_known() -> None:
    (code, *_) = RecoveryCodes(OLDER).new()
    rotated = RecoveryCodes(KEY, OLDER)
    assert RecoveryCodes(OLDER).hash(PERSON, code) in rotated.hashes(PERSON, code)
    assert rotated.hash(PERSON, code) == RecoveryCodes(KEY).hash(PERSON, code)

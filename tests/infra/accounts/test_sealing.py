"""Sealed values: opened by whoever has the secret, for the same purpose, unchanged; by nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from infra.identity.sealing import BrokenSealError, Sealer, derived_key

OLD, NEW = "o" * 32, "n" * 32
PURPOSE = "totp:6f1c"


@given(plain=some.binary(max_size=300), purpose=some.text(alphabet=some.characters(codec="utf-8")))
def test_what_is_sealed_opens_again(plain: bytes, purpose: str) -> None:
    sealed = Sealer(NEW).seal(plain, purpose)
    assert Sealer(NEW).open(sealed, purpose) == plain
    assert len(sealed) == len(plain) + 29


def test_the_same_value_looks_different_each_time() -> None:
    sealer = Sealer(NEW)
    assert len({sealer.seal(b"secret", PURPOSE) for _ in range(100)}) == 100


def test_it_does_not_open_for_another_purpose_or_secret() -> None:
    sealed = Sealer(NEW).seal(b"secret", PURPOSE)
    for sealer, purpose in ((Sealer(NEW), "totp:6f1d"), (Sealer(OLD), PURPOSE)):
        with pytest.raises(BrokenSealError):
            sealer.open(sealed, purpose)


def test_any_changed_or_missing_byte_is_noticed() -> None:
    sealer = Sealer(NEW)
    sealed = sealer.seal(b"secret", PURPOSE)
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for broken in (*changed, *(sealed[:end] for end in range(len(sealed))), sealed + b"\0", b"plain text"):
        with pytest.raises(BrokenSealError):
            sealer.open(broken, PURPOSE)


def test_after_a_rotation_the_old_still_opens_and_the_new_seals() -> None:
    before, during, after = Sealer(OLD), Sealer(NEW, OLD), Sealer(NEW)
    assert during.open(before.seal(b"old", PURPOSE), PURPOSE) == b"old"
    assert after.open(during.seal(b"new", PURPOSE), PURPOSE) == b"new"
    with pytest.raises(BrokenSealError):
        after.open(before.seal(b"old", PURPOSE), PURPOSE)


def test_no_secret_is_in_what_goes_wrong() -> None:
    with pytest.raises(BrokenSealError) as refused:
        Sealer(NEW).open(Sealer(OLD).seal(b"plain", PURPOSE), PURPOSE)
    assert NEW not in repr(refused.value)
    assert "plain" not in repr(refused.value)


def test_keys_of_different_purposes_have_nothing_in_common() -> None:
    keys = {derived_key(secret, purpose) for secret in (OLD, NEW) for purpose in ("a", "b", "seal/a")}
    assert len(keys) == 6
    assert {len(key) for key in keys} == {32}

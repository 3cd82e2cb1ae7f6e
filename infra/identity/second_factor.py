"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who lost the app."""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pyotp import TOTP

from infra.identity.sealing import derived_key

SECRET_LENGTH = 20
"""Bytes of a new secret: the 160 bits that RFC 4226, section 4, recommends."""
STEP = 30
"""Seconds for which an app shows one code."""
WINDOW = (-1, 0, 1)
"""Steps around now whose codes are taken: clocks differ, and people type slowly (RFC 6238, section 5.2)."""
DIGITS = 6
RECOVERY_CODES = 10
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 signs: no I, L, O or U, which are misread."""
READ_AS = str.maketrans("ILO", "110", " -")
"""What a person may type instead, and the gaps between groups."""


def new_secret() -> bytes:
    """A secret for one person's app, to be stored sealed."""
    return os.urandom(SECRET_LENGTH)


def otpauth_uri(secret: bytes, *, email: str, issuer: str) -> str:
    """What the QR code says that an app reads; it holds the secret, so it is shown once and never stored."""
    return _totp(secret).provisioning_uri(name=email, issuer_name=issuer)


def verify(secret: bytes, code: str, *, at: datetime, last_step: int | None) -> int | None:
    """The step of a right code, or None.

    Steps up to `last_step`, the last one that was used, are refused: a code is good once. Two requests at the same
    moment must not both use one, so store the step by `UPDATE … WHERE totp_step IS NULL OR totp_step < :step` and
    take no row for a wrong code. All codes of the window are compared, each in constant time.
    """
    typed = code.replace(" ", "").encode("utf-8", "replace")
    totp = _totp(secret)
    steps = [totp.timecode(at) + shift for shift in WINDOW]
    right = [step for step in steps if step >= 0 and hmac.compare_digest(totp.generate_otp(step).encode(), typed)]
    return next((step for step in right if last_step is None or step > last_step), None)


class RecoveryCodes:
    """Makes recovery codes and the hashes that are stored of them.

    A code has 80 bits by chance. Whoever tries 10¹² hashes a second needs thousands of years for one of ten codes,
    so that a fast hash is right, where passwords, which people make up, need a slow one. It is keyed and bound to
    its person: a stolen table alone can be compared with nothing. Older secrets are for rotation, as in `Sealer`.
    """

    def __init__(self, secret: str, *older: str) -> None:
        self._keys = [derived_key(each, "recovery-code") for each in (secret, *older)]

    def new(self) -> list[str]:
        """Ten codes such as `7K2M-9QXD-40HV-T3BN`, to show once; what is stored is the `hash` of each."""
        return [_code() for _ in range(RECOVERY_CODES)]

    def hash(self, person_id: UUID, code: str) -> bytes:
        """32 bytes to store for a new code."""
        return self.hashes(person_id, code)[0]

    def hashes(self, person_id: UUID, code: str) -> list[bytes]:
        """What a typed code may be stored as, one for each secret: mark the row with one of them as used."""
        typed = code.upper().translate(READ_AS).encode("utf-8", "replace")
        return [hmac.digest(key, person_id.bytes + typed, sha256) for key in self._keys]


def _code() -> str:
    signs = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(signs[start : start + 4] for start in range(0, 16, 4))


def _totp(secret: bytes) -> TOTP:
    return TOTP(b32encode(secret).decode(), digits=DIGITS, interval=STEP)

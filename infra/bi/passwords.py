"""Passwords of SQL logins: drawn by chance, and given to the database as what it checks them by, never as they are."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha256

ITERATIONS = 4_096
"""What Postgres takes itself; a password of 192 bits from chance needs no more."""


def new_password() -> str:
    """192 bits, in characters that need no quoting anywhere."""
    return secrets.token_urlsafe(24)


def verifier_of(password: str, salt: bytes | None = None) -> str:
    """What Postgres keeps for SCRAM-SHA-256 (RFC 5803) of a password in ASCII."""
    salt = salt or secrets.token_bytes(16)
    salted = pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = sha256(_signed(salted, b"Client Key")).digest()
    server = _signed(salted, b"Server Key")
    kept = [b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{kept[0]}${kept[1]}:{kept[2]}"


def _signed(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, sha256).digest()

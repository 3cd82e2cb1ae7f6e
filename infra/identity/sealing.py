"""Sealing what must be read again, such as a second factor's secret, so that a stolen database does not tell it."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
"""First byte of all that is sealed in this way: AES-256-GCM, a key by HKDF-SHA-256, then 12 bytes of nonce."""
NONCE_LENGTH = 12
TAG_LENGTH = 16


class BrokenSealError(Exception):
    """What was sealed is damaged, was sealed for another purpose, or under a secret that is not given any more."""


class Sealer:
    """Seals bytes under a secret, each purpose with a key of its own.

    A purpose that names the owner, such as `totp:<person id>`, also keeps a sealed value from being moved to somebody
    else's row. To rotate, give the new secret first and the older ones after it: the first seals, all open. Nonces
    are drawn by chance, which is sound for 2³² values a purpose and secret (NIST SP 800-38D, section 8.3).
    """

    def __init__(self, secret: str, *older: str) -> None:
        self._secrets = (secret, *older)

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """The sealed value, 29 bytes longer than the plain one and different each time."""
        nonce = os.urandom(NONCE_LENGTH)
        return VERSION + nonce + _cipher(self._secrets[0], purpose).encrypt(nonce, plain, VERSION)

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """What was sealed for this purpose; raises `BrokenSealError` for anything else."""
        nonce, text = sealed[1 : 1 + NONCE_LENGTH], sealed[1 + NONCE_LENGTH :]
        if sealed[:1] != VERSION or len(text) < TAG_LENGTH:
            raise BrokenSealError("This was not sealed here, or not as a whole.")
        for secret in self._secrets:
            try:
                return _cipher(secret, purpose).decrypt(nonce, text, VERSION)
            except InvalidTag:
                continue
        raise BrokenSealError(f"Nothing sealed for '{purpose}' under the secret key: was PARLEY_SECRET_KEY changed?")


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose from a secret of many (HKDF-SHA-256, RFC 5869): none of them tells another."""
    return HKDF(SHA256(), length=32, salt=None, info=b"parley/1/" + purpose.encode()).derive(secret.encode())


def _cipher(secret: str, purpose: str) -> AESGCM:
    return AESGCM(derived_key(secret, f"seal/{purpose}"))

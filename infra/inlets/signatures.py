"""Whether what comes in over HTTP comes from who has the secret."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from math import isfinite

TOLERANCE = 300.0
"""Seconds that a signature is good for, and that clocks may differ by: as Standard Webhooks has it."""


class HttpSignatures:
    """Compares in constant time."""

    def is_webhook(self, key: str, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
        """Standard Webhooks over bytes, which mail is: the convention's own library takes text alone."""
        identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not identity or not _is_near(stamp, now):
            return False
        secret = base64.b64decode(key.removeprefix("whsec_"))
        expected = hmac.digest(secret, f"{identity}.{stamp}.".encode() + body, "sha256")
        given = headers.get("webhook-signature", "").split(" ")[:10]
        return any(hmac.compare_digest(_decoded(each), expected) for each in given)

    def is_form(self, token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
        """Twilio's: HMAC-SHA1 over the address and all fields, by name, each right behind its value's name."""
        signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        expected = base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1"))
        return hmac.compare_digest(expected, signature.encode())


def _is_near(stamp: str, now: float) -> bool:
    try:
        at = float(stamp)
    except ValueError:
        return False
    return isfinite(at) and abs(at - now) <= TOLERANCE


def _decoded(signature: str) -> bytes:
    version, _, encoded = signature.partition(",")
    try:
        return base64.b64decode(encoded) if version == "v1" else b""
    except ValueError:
        return b""

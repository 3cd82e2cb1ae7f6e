"""The secrets of webhooks: made, kept sealed, and used to sign by the Standard Webhooks convention."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from standardwebhooks import Webhook as Signer

from domain.webhook.ports import Secret
from infra.identity.sealing import Sealer

PREFIX = "whsec_"
SECRET_BYTES = 32


@dataclass(frozen=True)
class SealedSecrets:
    """Seals each webhook's secrets under a key of their own."""

    sealer: Sealer

    def new(self, webhook_id: UUID) -> Secret:
        """A secret for one webhook."""
        shown = PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        return Secret(self.sealer.seal(shown.encode(), _purpose(webhook_id)), shown)

    def signatures(self, webhook_id: UUID, sealed: Iterable[bytes], message_id: str, body: str, at: datetime) -> str:
        """What the header `webhook-signature` says: a signature by each secret; raises `BrokenSealError`."""
        opened = [self.sealer.open(one, _purpose(webhook_id)).decode() for one in sealed]
        return " ".join(Signer(one).sign(message_id, at, body) for one in opened)


def _purpose(webhook_id: UUID) -> str:
    return f"webhook:{webhook_id}"

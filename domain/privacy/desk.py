"""What there is to do about people's data, as the resolvers and the workers have it."""

from __future__ import annotations

from dataclasses import dataclass

from domain.privacy.fulfilment import Fulfilment
from domain.privacy.service import PrivacyRequests


@dataclass(frozen=True)
class Privacy:
    """The commands, and the jobs that follow from them."""

    requests: PrivacyRequests
    fulfilment: Fulfilment

"""What happens to prompts; each stands in the audit log, since it changes what customers are told."""

from __future__ import annotations

from dataclasses import dataclass

from domain.base import Audited


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptVersionCreated(Audited):
    """Somebody wrote a version; it is kept with its number, and never changes."""

    number: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPublished(Audited):
    """From now on the assistant answers by this version; `is_override` tells that its gate had said no."""

    number: int
    before: int
    is_override: bool = False

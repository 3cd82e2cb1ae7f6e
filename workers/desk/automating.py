"""Runs rules on what happens in conversations."""

from __future__ import annotations

from dataclasses import dataclass

from domain.automation.automation import Automation
from domain.ports import Work


@dataclass(frozen=True)
class RunRules:
    """Runs on each kind of event that a rule can wait for."""

    automation: Automation

    async def __call__(self, work: Work) -> None:
        """Run the rules that wait for it."""
        await self.automation.run(work.recorded)

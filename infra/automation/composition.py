"""Rules, put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from domain.automation.acting import Acting
from domain.automation.automation import Automation
from domain.automation.service import Rules
from infra.unit_of_work import SqlUnits

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class AutomationParts:
    """What people do with rules, and what runs them."""

    rules: Rules
    automation: Automation


def automation_parts(units: SqlUnits, acting: Acting) -> AutomationParts:
    """Make them."""
    acts = acting.table()
    return AutomationParts(Rules(units, acts, acting.new_id, acting.now), Automation(units, acts, acting.now, _failed))


def _failed(error: Exception) -> None:
    log.warning("rule.action_failed", error=type(error).__name__, exc_info=error)

"""The job that runs a suite: one step of trials, after which its event calls for the next."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.base import on_behalf_of
from domain.learning.run import SuiteRuns
from domain.ports import Work


@dataclass(frozen=True)
class RehearseSuite:
    """Runs on `SuiteRunStarted` and `SuiteRunProgressed`."""

    runs: SuiteRuns

    async def __call__(self, work: Work) -> None:
        """Answer some more test cases, in the name of whoever asked for the run."""
        recorded = work.recorded
        run_id = UUID(recorded.stream.partition(":")[2])
        await self.runs.work(on_behalf_of(recorded.actor), run_id, recorded.version)

"""What is forgotten of what credentials are worth: all that an event may have changed, and no more."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from domain.account.events import AgentSuspended, RoleChanged, SessionEnded
from domain.base import UnauthenticatedError
from infra.accounts.rows import sessions
from infra.bootstrap import now
from infra.database import Database
from infra.identity.shell import shell_session_of
from infra.identity.standing import Reference, Standings
from tests.stack import Company, found_company


class Counting(Standings):
    """Counts what is asked of the database."""

    asked: list[Reference]

    async def _load(self, references: list[Reference]) -> list[object]:  # type: ignore[override]
        self.asked = [*getattr(self, "asked", []), *references]
        return list(await super()._load(references))


def references(company: Company) -> list[Reference]:
    people = (company.customer, company.agent, company.other_agent)
    return [Reference("session", shell_session_of(each), company.id) for each in people]


async def end(database: Database, company: Company, session_id: UUID) -> None:
    async with database.tenant(company.id) as connection:
        await connection.execute(update(sessions).where(sessions.c.id == session_id).values(ended_at=now()))
        await connection.commit()


async def test_the_end_of_one_session_is_asked_about_alone(database_url: str) -> None:
    company, database = await found_company(database_url), Database(database_url, pool_size=2)
    standings, known = Counting(database, now), references(company)
    for each in known:
        await standings.of(each)
    await end(database, company, shell_session_of(company.customer))
    standings.asked = []
    standings.heard(company.id, f"session:{shell_session_of(company.customer)}", SessionEnded.__name__)
    with pytest.raises(UnauthenticatedError):
        await standings.of(known[0])
    for each in known[1:]:
        await standings.of(each)
    assert standings.asked == known[:1]
    await database.close()


@pytest.mark.parametrize(
    ("concept", "kind", "forgotten"),
    [("agent", AgentSuspended.__name__, 1), ("role", RoleChanged.__name__, 3), ("agent", "AgentRenamed", 0)],
)
async def test_each_event_is_asked_about_for_whom_it_may_concern(
    database_url: str, concept: str, kind: str, forgotten: int
) -> None:
    company, database = await found_company(database_url), Database(database_url, pool_size=2)
    standings, known = Counting(database, now), references(company)
    elsewhere = references(await found_company(database_url))
    for each in (*known, *elsewhere):
        await standings.of(each)
    standings.asked = []
    subject = company.agent.identity if concept == "agent" else uuid4()
    waiting = standings.change(company.id)
    standings.heard(company.id, f"{concept}:{subject}", kind)
    assert waiting.is_set() is (forgotten > 0)
    for each in (*known, *elsewhere):
        await standings.of(each)
    assert len(standings.asked) == forgotten
    await database.close()

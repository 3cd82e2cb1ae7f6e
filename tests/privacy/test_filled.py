"""Each place does what it says to a row that has words in all its columns, also where no journey comes by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from infra import bootstrap
from infra.privacy.places import OF_CONVERSATIONS, OF_CUSTOMERS
from infra.rows import conversations, customers
from tests.privacy.test_places import has_words
from tests.security.rows import superuser
from tests.security.tenants import furnish
from tests.stack import settings_for

MARK = "aardvark"


async def test_every_place_empties_a_row_that_is_full(fresh_database_url: str, redis_url: str) -> None:
    async with bootstrap.parts(settings_for(fresh_database_url, redis_url)) as parts:
        tenant = await furnish(fresh_database_url, parts, MARK)
    engine = superuser(fresh_database_url)
    async with engine.connect() as connection:
        for places, table in ((OF_CONVERSATIONS, conversations), (OF_CUSTOMERS, customers)):
            mine = select(table.c.id).where(table.c.organization_id == tenant.id)
            ids: list[UUID] = [UUID(str(one)) for one in (await connection.scalars(mine)).all()]
            for place in places:
                if place.gone or place.becomes:
                    await connection.execute(place.statement(ids))
                left = (await connection.execute(select(place.table).where(place.whose(ids)))).all()
                assert not (place.gone and left), place.table.name
                for row in left:
                    shown: dict[str, Any] = dict(row._mapping)
                    told = [name for name, value in shown.items() if MARK in repr(value) and name not in place.kept]
                    assert [name for name in told if has_words(place.table.c[name])] == [], place.table.name
        assert await connection.scalar(text("SELECT count(*) FROM message"))
    await engine.dispose()

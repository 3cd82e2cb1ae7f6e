"""A worker that is killed in the middle of a drain: everything is written, and nothing is committed."""

import asyncio
import os
import signal
import sys
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from infra import bootstrap
from infra.settings import Settings
from infra.unit_of_work import SqlUnitOfWork


async def die(unit: SqlUnitOfWork, receipt: Any) -> None:
    """What `commit` is in this process."""
    for repository in unit._repositories:
        await repository.save()
    print("written", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


async def main(database_url: str, redis_url: str, organization_id: UUID) -> None:
    settings = Settings(database_url=database_url, redis_url=redis_url, secret_key=SecretStr("s" * 40))
    async with bootstrap.parts(settings) as parts:
        SqlUnitOfWork.commit = die  # type: ignore[method-assign,assignment]
        await parts.desk.routing.drain(organization_id)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], UUID(sys.argv[3])))

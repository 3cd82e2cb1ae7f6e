"""The root fields about SQL logins: which there are, where they sign in, and what is done about them."""

import strawberry

from domain.account.permission import Permission
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema.base import field, parse_key
from schema.bi import command as c
from schema.bi.login import SqlDoor, SqlLogin

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class SqlLoginQuery:
    """Questions about SQL logins."""

    @field("All SQL logins, the oldest first; revoked ones at the end.", needs=Permission.READ_ANALYTICS)
    async def sql_logins(self, info: Info) -> list[SqlLogin]:
        return [SqlLogin.of(view) for view in await info.context.reads.all_sql_logins()]

    @field("Where SQL logins sign in.", needs=Permission.READ_ANALYTICS)
    async def sql_door(self, info: Info) -> SqlDoor:
        return SqlDoor.of(info.context.services.doors.sql_logins.door)


@strawberry.type
class SqlLoginMutation:
    """What can be done about them."""

    @mutation("Let a BI tool read your organization's facts by SQL.", needs=Permission.READ_ANALYTICS)
    async def create_sql_login(self, info: Info, input: c.CreateSqlLoginInput) -> c.CreateSqlLoginPayload | None:
        logins = info.context.services.doors.sql_logins
        opened = await logins.create(info.context.actor, input.name, key=key_of(input))
        return c.CreateSqlLoginSuccess(
            sql_login=await shown(info, "sql_logins", opened.receipt.id, SqlLogin.of),
            door=SqlDoor.of(logins.door),
            password=opened.password,
        )

    @mutation("End an SQL login for good, and what it is doing.", needs=Permission.READ_ANALYTICS)
    async def revoke_sql_login(self, info: Info, input: c.RevokeSqlLoginInput) -> c.RevokeSqlLoginPayload | None:
        key = parse_key(input.sql_login_id, "SqlLogin", "input.sqlLoginId")
        logins = info.context.services.doors.sql_logins
        await logins.revoke(info.context.actor, key, reason=input.reason, key=key_of(input))
        return c.RevokeSqlLoginSuccess(sql_login=await shown(info, "sql_logins", key, SqlLogin.of))

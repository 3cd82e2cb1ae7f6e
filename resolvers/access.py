"""The root fields about ways in: what there is, and what can be changed."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.access.access import Access
from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.base import NotFoundError
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema import access_command as c
from schema.access import ApiKey
from schema.account import Agent
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.permission import given
from schema.session import Session

Info = strawberry.Info[RequestContext, None]


AgentArgument = Annotated[strawberry.ID, strawberry.argument(description="Whose.")]


@strawberry.type
class AccessQuery:
    """Who and what gets in, and how."""

    @field("API keys, newest first, with those that are revoked or have ended.", needs=Permission.MANAGE_API_KEYS)
    async def api_keys(self, info: Info, first: First = None, after: After = None) -> Connection[ApiKey]:
        return connection(await info.context.reads.api_key_page(page_request(first, after)), ApiKey.of)

    @field("All sessions of an agent, newest first, with those that are over.", needs=Permission.MANAGE_SESSIONS)
    async def sessions(
        self, info: Info, agent_id: AgentArgument, first: First = None, after: After = None
    ) -> Connection[Session]:
        key = parse_key(agent_id, "Agent", "agentId")
        return connection(await info.context.reads.session_page(page_request(first, after), key), Session.of)


def _access(info: Info) -> Access:
    return info.context.services.access


@strawberry.type
class AccessMutation:
    """What can be done about it."""

    @mutation("Make a key for a machine, to do some of what you may do.", needs=Permission.MANAGE_API_KEYS)
    async def create_api_key(self, info: Info, input: c.CreateApiKeyInput) -> c.CreateApiKeyPayload | None:
        issued = await _access(info).api_keys.create(
            info.context.actor,
            input.name,
            given(input.grants),
            expires_at=input.expires_at,
            capacity=input.cost_capacity,
            per_second=input.cost_per_second,
            key=key_of(input),
        )
        made = await shown(info, "api_keys", issued.receipt.id, ApiKey.of)
        return c.CreateApiKeySuccess(api_key=made, secret=issued.secret)

    @mutation("End an API key for good.", needs=Permission.MANAGE_API_KEYS)
    async def revoke_api_key(self, info: Info, input: c.RevokeApiKeyInput) -> c.RevokeApiKeyPayload | None:
        key = parse_key(input.api_key_id, "ApiKey", "input.apiKeyId")
        await _access(info).api_keys.revoke(
            info.context.actor, key, reason=checked_reason(input.reason), key=key_of(input)
        )
        return c.RevokeApiKeySuccess(api_key=await shown(info, "api_keys", key, ApiKey.of))

    @mutation("End a session: what it holds open closes within a second.", needs=Permission.MANAGE_SESSIONS)
    async def end_session(self, info: Info, input: c.EndSessionInput) -> c.EndSessionPayload | None:
        key, reason = parse_key(input.session_id, "Session", "input.sessionId"), checked_reason(input.reason)
        await _access(info).sessions.end(info.context.actor, key, reason=reason, key=key_of(input))
        return c.EndSessionSuccess(session=await _session(info, key))

    @mutation("End all your sessions but the one that asks.", needs=Permission.MANAGE_SESSIONS)
    async def end_other_sessions(self, info: Info, input: c.EndOtherSessionsInput) -> c.EndOtherSessionsPayload | None:
        reason = checked_reason(input.reason)
        receipt = await _access(info).sessions.end_others(info.context.actor, reason=reason, key=key_of(input))
        return c.EndOtherSessionsSuccess(session=await _session(info, receipt.id))

    @mutation("Sign an agent out everywhere. They can sign in again.", needs=Permission.MANAGE_SESSIONS)
    async def end_agent_sessions(self, info: Info, input: c.EndAgentSessionsInput) -> c.EndAgentSessionsPayload | None:
        key, reason = parse_key(input.agent_id, "Agent", "input.agentId"), checked_reason(input.reason)
        await _access(info).sessions.end_of_agent(info.context.actor, key, reason=reason, key=key_of(input))
        view = await info.context.load("agents", key) if info.context.actor.may(Permission.READ_AGENTS) else None
        return c.EndAgentSessionsSuccess(agent=Agent.of(view) if view else None)


async def _session(info: Info, identity: UUID) -> Session:
    """A session as it is now, without a new look at the caller, who may just have ended their own."""
    view = await info.context.load("sessions", identity)
    if view is None:
        raise NotFoundError("session")
    return Session.of(view)

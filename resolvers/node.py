"""Finding any object again by its id."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, cast

import strawberry

from domain.account.permission import Permission
from domain.base import FieldProblem, InvalidInputError
from resolvers.context import RequestContext
from resolvers.desk.root import DESK_NODES
from schema.access import ApiKey, IdentityKey, IdentityProvider, Invitation
from schema.account import Agent, Customer, Inbox, Organization, Role, Team
from schema.action import Action
from schema.base import LARGEST_PAGE, IdArgument, Node, field, parse_id, parse_uuid
from schema.conversation import Conversation, Message
from schema.curated import CuratedAnswer
from schema.gap import Gap
from schema.knowledge import Article, ArticleVersion, KnowledgeImport, Passage, Source
from schema.needs import OPEN, needs_of
from schema.prompt import PromptVersion
from schema.session import Session
from schema.spending import Budget
from schema.suite import Suite, SuiteRun, TestCase
from schema.tool import McpServer, Tool, ToolCall

Info = strawberry.Info[RequestContext, None]

NODES: dict[str, tuple[str, Callable[[Any], Node]]] = {
    "Organization": ("organizations", Organization.of),
    "Agent": ("agents", Agent.of),
    "Role": ("roles", Role.of),
    "Team": ("teams", Team.of),
    "Inbox": ("inboxes", Inbox.of),
    "Customer": ("customers", Customer.of),
    "Conversation": ("conversations", Conversation.of),
    "Message": ("messages", Message.of),
    "Source": ("sources", Source.of),
    "Article": ("articles", Article.of),
    "ArticleVersion": ("article_versions", ArticleVersion.of),
    "Passage": ("passages", Passage.of),
    "KnowledgeImport": ("imports", KnowledgeImport.of),
    "ApiKey": ("api_keys", ApiKey.of),
    "Session": ("sessions", Session.of),
    "Invitation": ("invitations", Invitation.of),
    "IdentityKey": ("identity_keys", IdentityKey.of),
    "CuratedAnswer": ("curated_answers", CuratedAnswer.of),
    "Gap": ("gaps", Gap.of),
    "Suite": ("suites", Suite.of),
    "TestCase": ("test_cases", TestCase.of),
    "PromptVersion": ("prompt_versions", PromptVersion.of),
    "SuiteRun": ("suite_runs", SuiteRun.of),
    "Tool": ("tools", Tool.of),
    "McpServer": ("mcp_servers", McpServer.of),
    "ToolCall": ("tool_calls", ToolCall.of),
    "Action": ("actions", Action.of),
    "IdentityProvider": ("providers", IdentityProvider.of),
    "Budget": ("budgets", Budget.of),
    **DESK_NODES,
}
"""For each type with an id: the loader that finds it, for those who may see it, and how it is made."""

Ids = Annotated[list[strawberry.ID], strawberry.argument(description=f"Up to {LARGEST_PAGE} ids.")]


@strawberry.type
class NodeQuery:
    """Objects by id."""

    @field("Any object by its id; null when there is none that you may see.", needs=OPEN)
    async def node(self, info: Info, id: IdArgument) -> Node | None:
        return await _find(info, id, "id")

    @field("Objects by their ids, in the same order; null for each that you may not see.", needs=OPEN)
    async def nodes(self, info: Info, ids: Ids) -> list[Node | None]:
        if len(ids) > LARGEST_PAGE:
            raise InvalidInputError(FieldProblem("ids", f"Ask for at most {LARGEST_PAGE} objects."))
        return await asyncio.gather(*(_find(info, id, f"ids.{place}") for place, id in enumerate(ids)))


async def _find(info: Info, id: str, path: str) -> Node | None:
    concept, identity = parse_id(id, path)
    if concept not in NODES:
        return None
    loader, of = NODES[concept]
    needs = needs_of(cast(Any, of).__self__)
    if isinstance(needs, Permission) and not info.context.actor.may(needs):
        return None
    view = await info.context.load(loader, _key(concept, identity, path))
    return of(view) if view else None


def _key(concept: str, identity: str, path: str) -> Any:
    """What the loader takes: the object's UUID; of a version, its article's UUID and its number."""
    if concept != "ArticleVersion":
        return parse_uuid(identity, path)
    article, _, number = identity.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise InvalidInputError(FieldProblem(path, "This is not an id that this API gave out."))
    return parse_uuid(article, path), int(number)

"""Who asks, and what their operation runs with: made anew for each operation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

import strawberry
from starlette.requests import HTTPConnection

from domain.access.access import Access, AccessReads
from domain.account.permission import Permission
from domain.account.service import AccountReads, Accounts
from domain.analytics.ports import Analytics
from domain.assist.ports import AssistReads
from domain.assistants import Assistants
from domain.automation.run import AutomationReads
from domain.base import ANONYMOUS, Actor, ActorKind, NotFoundError, UnauthenticatedError
from domain.bi.doors import Doors
from domain.bi.login import SqlLoginReads
from domain.carriage.replay import DeliveryReads
from domain.channel.ports import ChannelReads
from domain.collaboration.draft import DraftReads
from domain.collaboration.note import NoteReads
from domain.conversation.service import Conversations
from domain.customer.ports import CustomerReads
from domain.desk.desk import Desk
from domain.export.ports import ExportReads
from domain.file.ports import FileReads
from domain.knowledge.ports import KnowledgeReads
from domain.knowledge.service import Knowledge
from domain.learning.service import LearningReads
from domain.level.service import LevelReads
from domain.login.own import OwnAccount, OwnReads
from domain.macro.macro import MacroReads
from domain.notification.ports import NotificationReads
from domain.ports import DeadLetters, Feed, ReadMarks, Reads
from domain.privacy.request import PrivacyReads
from domain.prompt.prompt import PromptReads
from domain.routing.ports import RoutingReads
from domain.search.ports import SearchReads
from domain.spending.service import SpendingReads
from domain.survey.survey import SurveyReads
from domain.tool.commands import ToolReads
from domain.triage.ports import TriageReads
from domain.webhook.ports import WebhookReads
from resolvers.collaboration.loading import desk_batches
from resolvers.loaders import Loaders
from resolvers.login.cookies import Cookies
from schema.needs import Needs, stated


class AssistantReads(AssistReads, SpendingReads, LearningReads, ToolReads, PromptReads, Protocol):
    """What one actor may see of the assistant."""


class DeskReads(
    RoutingReads,
    ChannelReads,
    NotificationReads,
    DeliveryReads,
    TriageReads,
    MacroReads,
    LevelReads,
    AutomationReads,
    NoteReads,
    DraftReads,
    FileReads,
    SearchReads,
    CustomerReads,
    SurveyReads,
    WebhookReads,
    PrivacyReads,
    Protocol,
):
    """What one actor may see of the desk."""


class DoorReads(ExportReads, SqlLoginReads, Protocol):
    """What one actor may see of the ways by which data leaves."""


class Sight(Reads, KnowledgeReads, AccountReads, AccessReads, OwnReads, AssistantReads, DeskReads, DoorReads, Protocol):
    """Everything one actor may see."""


class Services(Protocol):
    """What the composition root makes for resolvers."""

    @property
    def conversations(self) -> Conversations:
        """Commands on conversations."""
        ...

    @property
    def read_marks(self) -> ReadMarks:
        """How far agents have read."""
        ...

    @property
    def dead_letters(self) -> DeadLetters:
        """Jobs that failed for good."""
        ...

    @property
    def feed(self) -> Feed:
        """What happens, live."""
        ...

    @property
    def knowledge(self) -> Knowledge:
        """Commands on knowledge, search, and how imports go."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Commands on roles, agents, teams, inboxes and the organization itself."""
        ...

    @property
    def access(self) -> Access:
        """Commands on the ways in."""
        ...

    @property
    def own(self) -> OwnAccount:
        """Commands on one's own ways in."""
        ...

    @property
    def assistants(self) -> Assistants:
        """What people do about their assistant."""
        ...

    @property
    def desk(self) -> Desk:
        """What people at work do with conversations and customers."""
        ...

    @property
    def doors(self) -> Doors:
        """How data leaves the house."""
        ...

    @property
    def analytics(self) -> Analytics:
        """Answers questions about numbers."""
        ...

    def seen_by(self, actor: Actor) -> Sight:
        """What one actor may see."""
        ...

    @property
    def identities(self) -> Identities:
        """From what a request carries to whom it names."""
        ...


class Identities(Protocol):
    """From what a request carries to whom it names, now and for as long as their connection stays open."""

    async def identify(self, credential: str, address: str | None) -> Caller:
        """Whom a credential names; raises `UnauthenticatedError`, or `ForbiddenError` for who is suspended."""
        ...

    async def look_again(self, caller: Any) -> Actor:
        """The caller with the rights they have now; raises as `identify`."""
        ...

    async def until_lost(self, caller: Any) -> None:
        """Return when the caller's rights have changed; raises as `identify` when they have none any more."""
        ...


class Caller(Protocol):
    """Somebody whose token was good, until it expires (seconds since 1970)."""

    @property
    def actor(self) -> Actor:
        """Who."""
        ...

    @property
    def expires_at(self) -> float | None:
        """Until when."""
        ...

    @property
    def is_known(self) -> bool:
        """False for a stranger."""
        ...


@dataclass(frozen=True, slots=True)
class Stranger:
    """A caller without a token."""

    actor: Actor = ANONYMOUS
    expires_at: float | None = None
    is_known: bool = False


R = TypeVar("R")
P = ParamSpec("P")


def mutation(description: str, *, needs: Needs | None = None) -> Callable[[Callable[P, Awaitable[R]]], Any]:
    """A mutation's root field: refused to strangers before anything of its input is looked at."""

    def decorate(resolve: Callable[P, Awaitable[R]]) -> Any:
        @wraps(resolve)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            info = cast(Any, kwargs["info"] if "info" in kwargs else args[1])
            if info.context.actor.kind is ActorKind.ANONYMOUS:
                raise UnauthenticatedError
            await info.context.renew()  # a command needs a connection: one that is held here could be the last
            return await resolve(*args, **kwargs)

        return strawberry.mutation(guarded, **stated(description, needs))

    return decorate


def subscription(description: str, *, needs: Needs | None = None) -> Callable[[Callable[..., Any]], Any]:
    """A subscription's root field."""
    decorate: Callable[[Callable[..., Any]], Any] = strawberry.subscription(**stated(description, needs))
    return decorate


class RequestContext:
    """The `info.context` of one operation; `renew` gives it fresh eyes for the next event or mutation."""

    def __init__(self, services: Services, actor: Actor, caller: Caller) -> None:
        self.services = services
        self.actor = actor
        self.reads = services.seen_by(actor)
        self._caller = caller
        self._loaders = self._anew()
        self._permitted: set[Permission] = set()

    def permit(self, permission: Permission) -> None:
        """Go on only with a permission, now and whenever the context is renewed; raises as `Actor.require`."""
        self.actor.require(permission)
        self._permitted.add(permission)

    def load(self, loader: str, key: Any) -> Awaitable[Any]:
        """One view by its key, batched with all others of the moment."""
        return self._loaders.load(loader, key)

    def _anew(self) -> Loaders:
        return Loaders(self.reads, desk_batches(self.services.desk, self.services.doors, self.actor))

    async def renew(self) -> None:
        """Forget what was read and give the connection back, so that what follows sees the newest state.

        The engine calls it after each event of a subscription, before anything is sent: whoever has lost their rights
        meanwhile gets the error that says so instead of the event.
        """
        await self.reads.close()
        before, self.actor = self.actor, await actor_of(self.services, self._caller)
        for permission in self._permitted:
            self.actor.require(permission)
        if (self.actor, self.actor.grants) != (before, before.grants):
            await self.reads.end()
            self.reads = self.services.seen_by(self.actor)
        self._loaders = self._anew()


async def actor_of(services: Services, caller: Caller) -> Actor:
    """Who a caller is at this moment."""
    return await services.identities.look_again(caller) if caller.is_known else ANONYMOUS


def _bearer(authorization: str) -> str:
    scheme, _, credential = authorization.partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


async def shown(info: strawberry.Info[RequestContext, None], loader: str, identity: UUID, of: Callable[[Any], R]) -> R:
    """An object as a command left it; `NotFoundError` where a later one removed it and this one was only repeated."""
    await info.context.renew()
    view = await info.context.load(loader, identity)
    if view is None:
        raise NotFoundError(loader.removesuffix("s").replace("_", " "))
    return of(view)


class RequestContexts:
    """Identifies callers by a bearer token, in the header or in a socket's first message, else by a cookie of ours."""

    def __init__(self, services: Callable[[], Services], cookies: Cookies) -> None:
        self._services = services
        self._cookies = cookies

    async def connect(self, connection: HTTPConnection, params: Mapping[str, object]) -> Caller:
        """The caller; `UnauthenticatedError` for a token that is not good, a stranger where there is none.

        `ForbiddenError` for a cookie that comes without proof that one of our pages sent it.
        """
        given = params.get("authorization") or connection.headers.get("authorization")
        credential = _bearer(str(given)) if given else self._cookies.credential(connection)
        if credential is None:
            return Stranger()
        address = connection.client.host if connection.client else None
        return await self._services().identities.identify(credential, address)

    @asynccontextmanager
    async def operation(self, caller: Caller) -> AsyncIterator[RequestContext]:
        """The context of one operation; its connection is given back at the end."""
        services = self._services()
        context = RequestContext(services, await actor_of(services, caller), caller)
        try:
            yield context
        finally:
            await asyncio.shield(context.reads.end())  # half-way, the connection would be lost to the pool

    async def until_lost(self, caller: Caller) -> None:
        """Return when the caller's rights have changed; raises when they have none any more. Strangers have none."""
        if caller.is_known:
            await self._services().identities.until_lost(caller)
        else:
            await asyncio.Event().wait()

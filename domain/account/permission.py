"""The table of permissions, how far each may reach, and what each kind of caller and each built-in role is granted."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Scope(StrEnum):
    """How far a permission reaches, each including the ones before it."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"

    @property
    def reach(self) -> int:
        """A number that grows with the scope."""
        return list(Scope).index(self)

    def covers(self, other: Scope) -> bool:
        """Whether whoever has this scope has the other one too."""
        return self.reach >= other.reach


class Permission(StrEnum):
    """Everything that somebody can be allowed to do."""

    START_CONVERSATIONS = "conversation.start"
    READ_CONVERSATIONS = "conversation.read"
    REPLY_TO_CONVERSATIONS = "conversation.reply"
    READ_CUSTOMERS = "customer.read"
    WRITE_CUSTOMERS = "customer.write"
    MANAGE_PRIVACY = "privacy.manage"
    READ_KNOWLEDGE = "knowledge.read"
    READ_INTERNAL_KNOWLEDGE = "knowledge.read_internal"
    WRITE_KNOWLEDGE = "knowledge.write"
    READ_ASSISTANT = "assistant.read"
    MANAGE_ASSISTANT = "assistant.manage"
    APPROVE_ACTIONS = "action.approve"
    MANAGE_BUDGETS = "budget.manage"
    READ_ORGANIZATION = "organization.read"
    MANAGE_ORGANIZATION = "organization.manage"
    READ_AGENTS = "agent.read"
    MANAGE_AGENTS = "agent.manage"
    MANAGE_ROLES = "role.manage"
    MANAGE_TEAMS = "team.manage"
    MANAGE_INBOXES = "inbox.manage"
    MANAGE_DESK = "desk.manage"
    MANAGE_ROUTING = "routing.manage"
    MANAGE_AUTOMATION = "automation.manage"
    MANAGE_CHANNELS = "channel.manage"
    BRING_MESSAGES = "message.bring"
    MANAGE_WEBHOOKS = "webhook.manage"
    READ_DELIVERIES = "delivery.read"
    MANAGE_API_KEYS = "api_key.manage"
    MANAGE_SIGN_IN = "sign_in.manage"
    MANAGE_SESSIONS = "session.manage"
    READ_AUDIT_LOG = "audit.read"
    READ_ANALYTICS = "analytics.read"
    MANAGE_JOBS = "job.manage"


PERMISSIONS: Mapping[Permission, str] = MappingProxyType(
    {
        Permission.START_CONVERSATIONS: "Ask a first question, as a customer.",
        Permission.READ_CONVERSATIONS: "Read conversations: one's own, those of one's teams' inboxes, or all.",
        Permission.REPLY_TO_CONVERSATIONS: "Say something, take over, hand off, stop an answer, resolve and reopen.",
        Permission.READ_CUSTOMERS: "See who customers are.",
        Permission.WRITE_CUSTOMERS: "Change what is known of customers, merge them, block them.",
        Permission.MANAGE_PRIVACY: "Have all that is known of a customer, or have it erased.",
        Permission.READ_KNOWLEDGE: "Read and search what is published for everyone.",
        Permission.READ_INTERNAL_KNOWLEDGE: "Read and search all articles, their versions, sources and imports.",
        Permission.WRITE_KNOWLEDGE: "Write, publish, import and delete articles and sources.",
        Permission.READ_ASSISTANT: "See how the assistant is set up and how it does: prompts, tools, suites, gaps.",
        Permission.MANAGE_ASSISTANT: "Change how the assistant answers: prompts, tools, curated answers, suites.",
        Permission.APPROVE_ACTIONS: "Let the assistant do what it proposes, or not.",
        Permission.MANAGE_BUDGETS: "Choose what models may cost.",
        Permission.READ_ORGANIZATION: "See the organization's name and address.",
        Permission.MANAGE_ORGANIZATION: "Change the organization's name and settings.",
        Permission.READ_AGENTS: "See who works here, in which role and teams.",
        Permission.MANAGE_AGENTS: "Invite people, change their role, suspend them.",
        Permission.MANAGE_ROLES: "Make and change roles.",
        Permission.MANAGE_TEAMS: "Make teams, and choose their people and inboxes.",
        Permission.MANAGE_INBOXES: "Make inboxes and change their settings.",
        Permission.MANAGE_DESK: "Define tags and attributes, and share views and macros with everybody.",
        Permission.MANAGE_ROUTING: "Choose who gets what: skills, capacities, service levels and surveys.",
        Permission.MANAGE_AUTOMATION: "Make and change automation rules.",
        Permission.MANAGE_CHANNELS: "Connect mail, text messages and other channels to inboxes.",
        Permission.BRING_MESSAGES: "Bring messages from elsewhere into an inbox of the API, as the customers' own.",
        Permission.MANAGE_WEBHOOKS: "Choose which other systems hear of what, and replay it.",
        Permission.READ_DELIVERIES: "See what was sent to whom and what became of it, and send it again.",
        Permission.MANAGE_API_KEYS: "Make and revoke API keys.",
        Permission.MANAGE_SIGN_IN: "Choose the ways in: identity providers, and keys for customers' identities.",
        Permission.MANAGE_SESSIONS: "See and end sessions: one's own, or everybody's.",
        Permission.READ_AUDIT_LOG: "Read who did what to accounts, rights and settings.",
        Permission.READ_ANALYTICS: "Ask for numbers.",
        Permission.MANAGE_JOBS: "See jobs that failed for good, and run them again.",
    }
)
"""What each permission allows, in a sentence."""

Grants = Mapping[Permission, Scope]
"""What somebody may do: a permission that is not in it is not granted."""

NOTHING: Grants = MappingProxyType({})


def everything() -> Grants:
    """Every permission, everywhere: Parley itself, and owners."""
    return MappingProxyType(dict.fromkeys(Permission, Scope.ALL))


def _grants(everywhere: tuple[Permission, ...], own: tuple[Permission, ...] = ()) -> Grants:
    return MappingProxyType(dict.fromkeys(everywhere, Scope.ALL) | dict.fromkeys(own, Scope.OWN))


CUSTOMER = _grants(
    (Permission.READ_KNOWLEDGE, Permission.READ_ORGANIZATION, Permission.READ_AGENTS),
    (
        Permission.START_CONVERSATIONS,
        Permission.READ_CONVERSATIONS,
        Permission.REPLY_TO_CONVERSATIONS,
        Permission.READ_CUSTOMERS,
        Permission.MANAGE_SESSIONS,
    ),
)
"""What every customer may do. Of agents they see the name that is under a message, and no more."""

ASSISTANT = _grants(
    (
        Permission.READ_CONVERSATIONS,
        Permission.REPLY_TO_CONVERSATIONS,
        Permission.READ_CUSTOMERS,
        Permission.READ_KNOWLEDGE,
        Permission.READ_ORGANIZATION,
        Permission.READ_AGENTS,
    )
)
"""What the assistant may do."""


class BuiltinRole(StrEnum):
    """The roles that every organization has, and that nobody can change."""

    OWNER = "owner"
    ADMIN = "admin"
    AGENT = "agent"
    ANALYST = "analyst"


_AT_WORK = (
    Permission.READ_CONVERSATIONS,
    Permission.READ_CUSTOMERS,
    Permission.READ_KNOWLEDGE,
    Permission.READ_INTERNAL_KNOWLEDGE,
    Permission.READ_ASSISTANT,
    Permission.READ_ORGANIZATION,
    Permission.READ_AGENTS,
)
_AT_THE_DESK = (
    Permission.REPLY_TO_CONVERSATIONS,
    Permission.WRITE_CUSTOMERS,
    Permission.WRITE_KNOWLEDGE,
    Permission.APPROVE_ACTIONS,
)
_MINE = (Permission.MANAGE_SESSIONS,)
_CUSTOMERS_ONLY = (Permission.START_CONVERSATIONS,)

BUILTIN: Mapping[BuiltinRole, Grants] = MappingProxyType(
    {
        BuiltinRole.OWNER: _grants(tuple(each for each in Permission if each not in _CUSTOMERS_ONLY)),
        BuiltinRole.ADMIN: _grants(tuple(each for each in Permission if each not in _CUSTOMERS_ONLY)),
        BuiltinRole.AGENT: _grants((*_AT_WORK, *_AT_THE_DESK), _MINE),
        BuiltinRole.ANALYST: _grants((*_AT_WORK, Permission.READ_ANALYTICS), _MINE),
    }
)
"""What the built-in roles grant. An owner has no more than an admin, but only owners make and unmake owners."""

SCOPED: Mapping[Permission, tuple[Scope, ...]] = MappingProxyType(
    {
        Permission.READ_CONVERSATIONS: tuple(Scope),
        Permission.REPLY_TO_CONVERSATIONS: tuple(Scope),
        Permission.READ_CUSTOMERS: (Scope.OWN, Scope.ALL),
        Permission.MANAGE_SESSIONS: (Scope.OWN, Scope.ALL),
    }
)
"""The scopes that a permission can be granted with; all others reach everywhere or are not granted."""


def scopes_of(permission: Permission) -> tuple[Scope, ...]:
    """The scopes that a permission can be granted with."""
    return SCOPED.get(permission, (Scope.ALL,))


def within(wanted: Grants, held: Grants) -> bool:
    """Whether somebody who holds these grants may give the wanted ones to somebody else."""
    return all(permission in held and held[permission].covers(scope) for permission, scope in wanted.items())

"""What somebody keeps for themselves or shares with everybody: views and macros."""

from __future__ import annotations

from uuid import UUID

from domain.account.permission import Permission
from domain.base import STAFF, Actor, ActorKind, InvalidStateError, NotFoundError
from domain.text import checked

LONGEST_NAME = 100
MOST = 100
"""How many one agent has, and how many everybody shares."""


def require_at_work(actor: Actor) -> None:
    """Refuse customers and strangers."""
    actor.require(Permission.READ_CONVERSATIONS)
    actor.require_kind(*STAFF, ActorKind.API_KEY)


def required_owner(actor: Actor, *, is_shared: bool) -> UUID | None:
    """Whose it becomes: nobody's where it is shared, which needs the right to."""
    require_at_work(actor)
    if is_shared:
        actor.require(Permission.MANAGE_DESK)
        return None
    actor.require_kind(*STAFF)
    return actor.identity


def require_owned(actor: Actor, agent_id: UUID | None, what: str) -> None:
    """Refuse to change what is another's, which is told as if it were not there, or shared."""
    if agent_id is None:
        actor.require(Permission.MANAGE_DESK)
    elif agent_id != actor.identity:
        raise NotFoundError(what)


def require_visible(actor: Actor, agent_id: UUID | None, what: str) -> None:
    """Refuse to use what is another's, which is told as if it were not there."""
    if agent_id not in (None, actor.identity):
        raise NotFoundError(what)


def require_room(count: int, what: str) -> None:
    """Refuse one too many."""
    if count >= MOST:
        raise InvalidStateError(f"There are {MOST} {what}s of this kind already. Delete one first.")


def named(name: str) -> str:
    """A name that can be shown."""
    return " ".join(checked(name, "input.name", longest=LONGEST_NAME).split())

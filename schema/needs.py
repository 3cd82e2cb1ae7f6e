"""What fields and types need: said in their descriptions, kept with them, and asked for before a field is resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, TypeVar

from strawberry.extensions import FieldExtension
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField
from strawberry.utils.await_maybe import await_maybe

from domain.account.permission import Permission
from domain.base import ActorKind, UnauthenticatedError

T = TypeVar("T", bound=type)


class Unpermitted(Enum):
    """What needs no permission; its value is the sentence that says so."""

    OPEN = "Open to everybody."
    SIGNED_IN = "Needs a sign-in."


OPEN = Unpermitted.OPEN
"""Strangers too: what is shown then depends on who asks, and says for itself what it needs."""
SIGNED_IN = Unpermitted.SIGNED_IN
"""Everybody but strangers: what is about nobody but the one who asks."""

Needs = Permission | Unpermitted


def said(description: str, needs: Needs) -> str:
    """A description that ends with what is needed."""
    return f"{description} {f'Needs `{needs}`.' if isinstance(needs, Permission) else needs.value}"


class Needing(FieldExtension):
    """Asks for what is needed before the field is resolved, and keeps asking for as long as the operation goes on."""

    def __init__(self, needs: Needs) -> None:
        self.needs = needs

    def _ask(self, info: Any) -> None:
        if isinstance(self.needs, Permission):
            info.context.permit(self.needs)
        elif info.context.actor.kind is ActorKind.ANONYMOUS:
            raise UnauthenticatedError

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **arguments: Any) -> Any:
        """The field's value; `UnauthenticatedError` or `ForbiddenError` for who may not."""
        self._ask(info)
        return next_(source, info, **arguments)

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Any, **arguments: Any) -> Any:
        """The same for a resolver that is awaited; a subscription's is not, and what it gives is."""
        self._ask(info)
        return await await_maybe(next_(source, info, **arguments))


def stated(description: str, needs: Needs | None) -> dict[str, Any]:
    """The arguments of a Strawberry field that needs something; None leaves it to its type."""
    if needs is None:
        return {"description": description}
    asks = [] if needs is OPEN else [Needing(needs)]
    return {"description": said(description, needs), "metadata": {"needs": needs}, "extensions": asks}


def needing(needs: Needs) -> Callable[[T], T]:
    """A type whose fields need something. The reads see to it that nobody else comes to an object of it.

    It stands above `strawberry.type`; the types that inherit from an interface need what that needs.
    """

    def decorate(kind: T) -> T:
        definition: StrawberryObjectDefinition = kind.__strawberry_definition__  # type: ignore[attr-defined]
        definition.description = said(definition.description or "", needs)
        kind.__needs__ = needs  # type: ignore[attr-defined]
        return kind

    return decorate


def needs_of(kind: type) -> Needs | None:
    """What the fields of a type need; None for a part of something, which is seen with it."""
    found: Needs | None = getattr(kind, "__needs__", None)
    return found


def refuse_unstated(roots: Iterable[type]) -> None:
    """Default deny: raises `TypeError` for root fields that do not say what they need."""
    fields: list[StrawberryField] = [each for root in roots for each in root.__strawberry_definition__.fields]  # type: ignore[attr-defined]
    if silent := [each.python_name for each in fields if "needs" not in each.metadata]:
        raise TypeError(f"These root fields do not say what they need: {', '.join(silent)}. Give each a `needs=`.")

"""The kinds of changes that can be chosen, and pages of changes that have happened."""

import re
from collections.abc import Collection, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, get_args

import strawberry

from schema.base import Connection, ListEdge, PageInfo, encode_cursor
from schema.change import InboxChange, ResyncRequired


def _described() -> dict[str, Any]:
    """A value for each type that `inboxChanged` tells of, such as `MESSAGE_SENT`, with the type's description."""
    members = [each for each in get_args(get_args(InboxChange)[0]) if each is not ResyncRequired]
    return {
        re.sub(r"(?<!^)(?=[A-Z])", "_", each.__name__).upper(): strawberry.enum_value(
            each.__name__, description=each.__strawberry_definition__.description.partition(" Needs `")[0]
        )
        for each in members
    }


if TYPE_CHECKING:

    class InboxChangeKind(Enum):
        """The type of a change; its value is the type's name."""

else:
    InboxChangeKind = strawberry.enum(
        Enum("InboxChangeKind", _described()), description="The types of changes that `inboxChanged` tells of."
    )

Kinds = Annotated[
    list[InboxChangeKind] | None, strawberry.argument(description="Only changes of these kinds; all when unset.")
]


def is_among(change: Any, kinds: Collection[InboxChangeKind] | None) -> bool:
    """Whether somebody who chose these kinds is told of a change; that their cursor is of no use they always are."""
    return kinds is None or isinstance(change, ResyncRequired) or InboxChangeKind(type(change).__name__) in kinds


def replayed(changes: Sequence[Any], place: int, *, is_first: bool, has_more: bool) -> Connection[InboxChange]:
    """A page of changes, which may be empty though more follow: `place` is how far was looked for them."""
    info = PageInfo(
        has_next_page=has_more,
        has_previous_page=not is_first,
        start_cursor=changes[0].cursor if changes else None,
        end_cursor=encode_cursor([str(place)]),
    )
    edges = [ListEdge(cursor=each.cursor, node=each) for each in changes]
    return Connection(edges=edges, nodes=list(changes), page_info=info)

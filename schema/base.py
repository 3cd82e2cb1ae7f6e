"""What all types are made with: the context, ids, cursors, connections and edges."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar
from uuid import UUID

import orjson
import strawberry

from domain.account.permission import Permission
from domain.base import Actor, ActorKind, FieldProblem, InvalidInputError
from domain.ports import Page, PageRequest, Reads
from schema.needs import Needs, stated

strawberry.enum(ActorKind, name="CallerKind", description="What kind of caller somebody is.")

T = TypeVar("T")

DEFAULT_PAGE = 20
LARGEST_PAGE = 100


class Context(Protocol):
    """What a resolver finds in `info.context`: fresh for each operation, and for each event of a subscription."""

    @property
    def actor(self) -> Actor:
        """Who asks."""
        ...

    @property
    def reads(self) -> Reads:
        """What they may see."""
        ...

    def load(self, loader: str, key: Any) -> Awaitable[Any]:
        """One view by its key, batched with all others of the moment."""
        ...

    def permit(self, permission: Permission) -> None:
        """Go on only with a permission: raises `UnauthenticatedError` or `ForbiddenError` without it."""
        ...


Info = strawberry.Info[Context, None]


First = Annotated[
    int | None,
    strawberry.argument(description=f"How many, from the front: 1 to {LARGEST_PAGE}, {DEFAULT_PAGE} if unset."),
]
After = Annotated[str | None, strawberry.argument(description="Only items after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description=f"How many, from the end: 1 to {LARGEST_PAGE}.")]
Before = Annotated[str | None, strawberry.argument(description="Only items before this cursor.")]
IdArgument = Annotated[strawberry.ID, strawberry.argument(description="The object's id.")]


@dataclass(frozen=True, slots=True)
class Edge:
    """How an edge is fetched: `loader` takes keys and gives what is at each, `of` makes the type of that.

    The key is an attribute of the object, or several keys are; for a page it comes with the page's request.
    """

    loader: str
    key: str
    of: Callable[[Any], Any]
    paged: bool = False
    several: bool = False


def field(description: str, *, needs: Needs | None = None) -> Callable[[Callable[..., Any]], Any]:
    """A field that needs more than an attribute of its view."""
    decorate: Callable[[Callable[..., Any]], Any] = strawberry.field(**stated(description, needs))
    return decorate


def attribute(description: str, *, needs: Needs) -> Any:
    """A field that is an attribute of its view, and needs another permission than its type."""
    return strawberry.field(**stated(description, needs))


def edge(loader: str, key: str, *, of: Callable[[Any], Any], description: str) -> Any:
    """A field that leads to another object. It is declared, so that an executor can fetch a whole level at once."""

    async def resolve(self: Any, info: Info) -> Any:
        identity = getattr(self, key)
        view = None if identity is None else await info.context.load(loader, identity)
        return None if view is None else of(view)

    return _declared(resolve, Edge(loader, key, of), description)


def edges(loader: str, key: str, *, of: Callable[[Any], Any], description: str) -> Any:
    """A field that leads to a bounded list of objects."""
    return edge(loader, key, of=lambda views: [of(view) for view in views], description=description)


def edges_by_key(loader: str, keys: str, *, of: Callable[[Any], Any], description: str) -> Any:
    """A field that leads to one object for each of a few keys: None for one that is gone, or not for who asks."""

    async def resolve(self: Any, info: Info) -> Any:
        views = await asyncio.gather(*(info.context.load(loader, key) for key in getattr(self, keys)))
        return [None if view is None else of(view) for view in views]

    return _declared(resolve, Edge(loader, keys, of, several=True), description)


def pages(loader: str, *, of: Callable[[Any], Any], description: str, both_ways: bool = False) -> Any:
    """A field that leads to an unbounded list of objects, page by page; `both_ways` from its end too."""

    async def forward(self: Any, info: Info, first: First = None, after: After = None) -> Any:
        return connection(await info.context.load(loader, (self.key, page_request(first, after))), of)

    async def either(
        self: Any, info: Info, *, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Any:
        return connection(await info.context.load(loader, (self.key, page_request(first, after, last, before))), of)

    return _declared(either if both_ways else forward, Edge(loader, "key", of, paged=True), description)


def _declared(resolve: Callable[..., Any], way: Edge, description: str) -> Any:
    """The field's type is that of the attribute it is assigned to."""
    del resolve.__annotations__["return"]
    return strawberry.field(resolver=resolve, description=description, metadata={"edge": way})


def global_id(concept: str, identity: UUID | int | str) -> strawberry.ID:
    """An opaque id that says which type it belongs to."""
    return strawberry.ID(_encoded(f"{concept}:{identity}"))


def parse_id(text: str, path: str) -> tuple[str, str]:
    """Type and inner id of a global id; `InvalidInputError` for anything else."""
    concept, colon, identity = _decoded(text, path, "an id that this API gave out").partition(":")
    if not colon or not concept.isalpha():
        raise InvalidInputError(FieldProblem(path, "This is not an id that this API gave out."))
    return concept, identity


def parse_key(text: str, concept: str, path: str) -> UUID:
    """The inner id of an object that must be of one type."""
    found, identity = parse_id(text, path)
    if found != concept:
        raise InvalidInputError(FieldProblem(path, f"This is the id of a {found}, not of a {concept}."))
    return parse_uuid(identity, path)


def parse_keys(texts: Sequence[str] | None, concept: str, path: str) -> list[UUID]:
    """The inner ids of objects that must be of one type; none for None. At most a page of them."""
    if texts and len(texts) > LARGEST_PAGE:
        raise InvalidInputError(FieldProblem(path, f"Name at most {LARGEST_PAGE}."))
    return [parse_key(text, concept, f"{path}.{place}") for place, text in enumerate(texts or ())]


def parse_uuid(text: str, path: str) -> UUID:
    """A UUID; `InvalidInputError` for anything else."""
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError(FieldProblem(path, "This is not an id that this API gave out.")) from None


def encode_cursor(key: Sequence[str | int]) -> str:
    """A place in a list, opaque to clients."""
    return _encoded(orjson.dumps(list(key)).decode())


def decode_cursor(text: str, path: str) -> tuple[str, ...]:
    """The place a cursor means; `InvalidInputError` when it means none."""
    raw = _decoded(text, path, "a cursor that this API gave out")
    try:
        key = orjson.loads(raw)
    except orjson.JSONDecodeError:
        key = None
    if not isinstance(key, list) or not all(isinstance(part, str) for part in key):
        raise InvalidInputError(FieldProblem(path, "This is not a cursor that this API gave out."))
    return tuple(key)


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(text: str, path: str, what: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidInputError(FieldProblem(path, f"This is not {what}.")) from None


def page_request(
    first: int | None, after: str | None = None, last: int | None = None, before: str | None = None
) -> PageRequest:
    """The page that Relay's arguments mean; `InvalidInputError` where they contradict each other or ask too much."""
    if first is not None and last is not None:
        raise InvalidInputError(FieldProblem("last", "Give either first or last."))
    path, size = ("last", last) if last is not None else ("first", DEFAULT_PAGE if first is None else first)
    if not 1 <= size <= LARGEST_PAGE:
        raise InvalidInputError(FieldProblem(path, f"Ask for 1 to {LARGEST_PAGE} items."))
    return PageRequest(
        size=size,
        after=decode_cursor(after, "after") if after is not None else None,
        before=decode_cursor(before, "before") if before is not None else None,
        backward=last is not None,
    )


_NODES: dict[str, Any] = {}


@strawberry.interface(description="An object with an id of its own, which `node` finds again.")
class Node:
    """Each type with an id: `key` is the id inside, `id` the one that clients see."""

    key: strawberry.Private[Any]

    def __init_subclass__(cls) -> None:
        """Remember it by its name, for edges that lead in a circle."""
        super().__init_subclass__()
        _NODES[cls.__name__] = cls

    @staticmethod
    def named(name: str) -> Callable[[Any], Any]:
        """The `of` of an edge to a type that is made later, or in a module that imports this one."""
        return lambda view: _NODES[name].of(view)  # noqa: PLW0108  it is made later

    @field("Opaque and unique among all objects.")
    def id(self) -> strawberry.ID:
        return global_id(type(self).__name__, self.key)


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(description="There are items after this page.")
    has_previous_page: bool = strawberry.field(description="There are items before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first item; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last item; null on an empty page.")


@strawberry.type(description="An item of a list, with its place.")
class ListEdge(Generic[T]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="The place of this item in its list.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Relay's connection."""

    edges: list[ListEdge[T]] = strawberry.field(description="The items with their places.")
    nodes: list[T] = strawberry.field(description="The items.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")


def connection(page: Page[Any], of: Callable[[Any], T]) -> Connection[T]:
    """The connection of a page of views."""
    nodes = [of(view) for view in page.items]
    cursors = [encode_cursor(key) for key in page.keys]
    info = PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    edges = [ListEdge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)]
    return Connection(edges=edges, nodes=nodes, page_info=info)

"""Finds the documents that clients name by their hash, and says who may send others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal, Protocol

from resolvers.execution import GraphQLRequest, Refusal

Restriction = Literal["off", "anonymous", "everyone"]


class Shelf(Protocol):
    """Documents that clients have stored by their SHA-256, each owner's apart from all others'."""

    async def get(self, owner: str, digest: str) -> str | None:
        """A stored text; None also while the store is away."""
        ...

    async def put(self, owner: str, digest: str, text: str) -> None:
        """Store a text, if it is not too long, for a while."""
        ...


def digest_of(text: str) -> str:
    """The SHA-256 of a text, as 64 hexadecimal digits."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Library:
    """Trusted documents by their hash, whom others are closed to (`only`), and the shelf for the rest.

    A request with a text and its hash stores the text; later ones need the hash alone. `owner_of` says whose shelf a
    caller uses. Without a shelf nothing is stored.
    """

    trusted: Mapping[str, str] = field(default_factory=dict)
    only: Restriction = "off"
    shelf: Callable[[], Shelf] | None = None
    owner_of: Callable[[Any], str] = str

    def knows(self, request: GraphQLRequest) -> bool:
        """Whether the request names a trusted document, which costs nothing to find."""
        return request.document_hash in self.trusted

    async def find(self, request: GraphQLRequest, caller: object) -> GraphQLRequest:
        """The request with its text. Raises: Refusal."""
        text, digest = request.query, request.document_hash
        if text and digest and digest_of(text) != digest:
            raise Refusal.because("The hash is not the SHA-256 of the document.", "BAD_REQUEST")
        if digest and digest in self.trusted:
            return replace(request, query=self.trusted[digest])
        if self._is_closed_to(caller) and digest_of(text) not in self.trusted:
            raise Refusal.because("You may run trusted documents only.", "DOCUMENT_NOT_TRUSTED")
        if text or digest is None:
            return request
        return replace(request, query=await self._stored(digest, caller))

    async def keep(self, request: GraphQLRequest, caller: object) -> None:
        """Store the valid document of a request that came with its hash."""
        digest = request.document_hash
        if self.shelf and request.query and digest and digest not in self.trusted:
            await self.shelf().put(self.owner_of(caller), digest, request.query)

    async def _stored(self, digest: str, caller: object) -> str:
        if self.shelf is None:
            raise Refusal.because("Documents are not stored here: send the text.", "PERSISTED_QUERY_NOT_SUPPORTED")
        found = await self.shelf().get(self.owner_of(caller), digest)
        if found is None:
            raise Refusal.because("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
        return found

    def _is_closed_to(self, caller: object) -> bool:
        return self.only == "everyone" or (self.only == "anonymous" and not getattr(caller, "is_known", True))

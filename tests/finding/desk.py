"""A company whose people look for things."""

from dataclasses import dataclass
from typing import Any

from domain.base import Actor
from tests.documents import START
from tests.stack import Company, Stack

SEARCH = """
query Find($query: String!, $types: [SearchType!], $filter: SearchFilterInput, $first: Int, $after: String) {
  search(query: $query, types: $types, filter: $filter, first: $first, after: $after) {
    completeSince
    pageInfo { hasNextPage endCursor }
    nodes {
      __typename
      ... on Finding { score at excerpt { text isMatch } }
      ... on MessageHit { message { id text } conversation { id } }
      ... on NoteHit { note { id text } conversation { id } }
      ... on CustomerHit { customer { id name } }
      ... on ArticleHit { article { id title } }
    }
  }
}"""


@dataclass
class Desk:
    """A running company."""

    stack: Stack
    company: Company
    database_url: str

    async def ask(self, said: str, *, by: Actor | None = None) -> str:
        """A conversation that begins with these words; its id."""
        client = self.stack.client(by or self.company.customer)
        started = await client.ask(START, text=said)
        return str(started["startConversation"]["conversation"]["id"])

    async def find(self, query: str, *, by: Actor | None = None, **narrowed: Any) -> Any:
        found = await self.stack.client(by or self.company.admin).ask(SEARCH, query=query, **narrowed)
        return found["search"]

    async def said(self, query: str, *, by: Actor | None = None, **narrowed: Any) -> list[str]:
        """The messages that are found, the best first."""
        found = await self.find(query, by=by, types=["MESSAGE"], **narrowed)
        return [hit["message"]["text"] for hit in found["nodes"]]

"""The root field that finds things."""

import strawberry

from domain.search.query import search
from resolvers.context import RequestContext
from schema.base import After, First, field, page_request
from schema.finding.search import SearchConnection, SearchFilterInput, SearchNarrowed, SearchText, SearchTypes
from schema.needs import SIGNED_IN

Info = strawberry.Info[RequestContext, None]


@strawberry.type
class SearchQuery:
    """Questions by words."""

    @field("What you may see that these words are in, the best first, at most 500 in all pages.", needs=SIGNED_IN)
    async def search(
        self,
        info: Info,
        query: SearchText,
        *,
        types: SearchTypes = None,
        filter: SearchNarrowed = None,
        first: First = None,
        after: After = None,
    ) -> SearchConnection:
        wanted = search(query, types, (filter or SearchFilterInput()).wanted)
        return SearchConnection.of(await info.context.reads.findings(wanted, page_request(first, after)))

"""Files that go with messages and notes."""

from datetime import datetime

import strawberry

from domain.account.permission import Permission
from domain.file import file as domain
from schema.base import Info, Node, field
from schema.needs import needing

strawberry.enum(domain.FilePurpose, description="What a file goes with.")
strawberry.enum(domain.FileState, description="How far a file is; only a ready one can be had.")
strawberry.enum(domain.FileRefusal, description="Why a file cannot be had.")


@needing(Permission.READ_CONVERSATIONS)
@strawberry.type(description="A file that somebody sends. Nobody gets it before it was looked into.")
class File(Node):
    """A file."""

    view: strawberry.Private[domain.FileView]
    name: str = strawberry.field(description="What it was called.")
    content_type: str = strawberry.field(description="What it is: its bytes were looked at, once it is ready.")
    size: int = strawberry.field(description="Bytes; an image that is ready was made anew, and has others.")
    state: domain.FileState = strawberry.field(description="How far it is.")
    refusal: domain.FileRefusal | None = strawberry.field(description="Why it was refused, if it was.")
    created_at: datetime = strawberry.field(description="When it was announced.")

    @field("Where to get it by a plain GET, for five minutes; null while it is not ready.")
    async def url(self, info: Info) -> str | None:
        url: str | None = await info.context.load("file_urls", self.view)
        return url

    @classmethod
    def of(cls, view: domain.FileView) -> "File":
        """Built from its view."""
        return cls(
            key=view.id,
            view=view,
            name=view.name,
            content_type=view.content_type,
            size=view.size,
            state=view.state,
            refusal=view.refusal,
            created_at=view.created_at,
        )

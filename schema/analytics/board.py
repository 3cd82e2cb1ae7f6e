"""Live boards as clients see them."""

import strawberry

from domain.account.permission import Permission
from domain.analytics import board
from schema.needs import needing


@needing(Permission.READ_ANALYTICS)
@strawberry.type(description="How it stands at this moment; what is counted of today is a few seconds behind.")
class LiveBoard:
    """Counts."""

    conversations: int = strawberry.field(description="Conversations that began today, without spam.")
    resolutions: int = strawberry.field(description="Episodes that were resolved today.")
    waiting: int = strawberry.field(description="Conversations that wait for a person now.")
    people_online: int = strawberry.field(description="Agents who take conversations now, or are away for a moment.")
    answers_under_way: int = strawberry.field(description="Answers that the assistant is writing.")

    @classmethod
    def of(cls, view: board.Board) -> "LiveBoard":
        """Built from its view."""
        return cls(
            conversations=view.conversations,
            resolutions=view.resolutions,
            waiting=view.waiting,
            people_online=view.people_online,
            answers_under_way=view.answers_under_way,
        )

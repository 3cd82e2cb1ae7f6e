"""What goes into and comes out of the mutations on prompts."""

from typing import Annotated

import strawberry

from domain.prompt.content import PromptContent
from schema.command import idempotency_key_field
from schema.errors import CommonError, GateFailedError
from schema.prompt import PromptVersion

NOTHING = PromptContent()


@strawberry.input(description="The next version of the prompt.")
class CreatePromptVersionInput:
    """Input of `createPromptVersion`."""

    instructions: str = strawberry.field(default="", description="At most 8,000 characters.")
    tone: str = strawberry.field(default="", description="How replies should sound, at most 500 characters.")
    languages: list[str] = strawberry.field(
        default_factory=list,
        description="Up to 20 tags such as `de` or `pt-BR`: replies are in the customer's language if it is one of"
        " them, else in the first. In the customer's own where there is none.",
    )
    forbidden_topics: list[str] = strawberry.field(
        default_factory=list, description="Up to 50, of at most 200 characters, that the assistant refuses."
    )
    model: str | None = strawberry.field(default=None, description="The model to ask first, by its name here.")
    temperature: float | None = strawberry.field(default=None, description="0 to 2; the model's own if unset.")
    most_tokens: int = strawberry.field(default=NOTHING.most_tokens, description="Of one reply, 1 to 4,000.")
    least_support: float = strawberry.field(
        default=NOTHING.least_support,
        description="The share (0 to 1) of an answer's statements that passages must bear out, below which a person"
        " gets the question: its text is shown once it is checked. At 0 it is shown while it is written, and such"
        " statements are only flagged.",
    )
    note: str = strawberry.field(default="", description="What is new about it, at most 200 characters.")
    idempotency_key: str | None = idempotency_key_field()

    @property
    def content(self) -> PromptContent:
        """What it asks for."""
        return PromptContent(
            instructions=self.instructions,
            tone=self.tone,
            languages=tuple(self.languages),
            forbidden_topics=tuple(self.forbidden_topics),
            model=self.model,
            temperature=self.temperature,
            most_tokens=self.most_tokens,
            least_support=self.least_support,
        )


@strawberry.input(description="The version to answer by.")
class PublishPromptVersionInput:
    """Input of `publishPromptVersion`."""

    number: int = strawberry.field(description="Its number, newer or older than the one in use; 0 for Parley's own.")
    override_reason: str | None = strawberry.field(
        default=None,
        description="Why it is to be published even where its tests say no, at most 500 characters: it stands in the"
        " audit log.",
    )
    idempotency_key: str | None = idempotency_key_field()


@strawberry.type(description="The version is written; it is used once it is published.")
class CreatePromptVersionSuccess:
    """Success of `createPromptVersion`."""

    prompt_version: PromptVersion = strawberry.field(description="The new version.")


@strawberry.type(description="Every answer that begins from now on is by this version.")
class PublishPromptVersionSuccess:
    """Success of `publishPromptVersion`."""

    prompt_version: PromptVersion = strawberry.field(description="The version in use.")


CreatePromptVersionPayload = Annotated[
    CreatePromptVersionSuccess | CommonError,
    strawberry.union("CreatePromptVersionPayload", description="What came of `createPromptVersion`."),
]
PublishPromptVersionPayload = Annotated[
    PublishPromptVersionSuccess | GateFailedError | CommonError,
    strawberry.union("PublishPromptVersionPayload", description="What came of `publishPromptVersion`."),
]

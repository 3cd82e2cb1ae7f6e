"""Links to surveys: who has one may answer."""

from __future__ import annotations

from uuid import UUID

from domain.survey.survey import Survey
from infra.identity.signed_links import SignedLinks


class SurveyLinks:
    """Makes them, and reads their tokens: the organization's id and the survey's, signed."""

    def __init__(self, secret: str, address: str) -> None:
        self._links = SignedLinks(secret, "survey-link", f"{address.rstrip('/')}/survey")

    def link(self, survey: Survey) -> str:
        """The address of the page."""
        return self._links.link(survey.organization_id.bytes + survey.id.bytes)

    def read(self, token: str) -> tuple[UUID, UUID] | None:
        """The organization and the survey; None for a token that was not made here."""
        named = self._links.read(token)
        return (UUID(bytes=named[:16]), UUID(bytes=named[16:])) if named is not None else None

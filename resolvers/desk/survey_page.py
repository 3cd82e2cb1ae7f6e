"""The page behind the link of a survey: a form without scripts, which answers when it is sent and not when it is seen.

Programs that check mail open links; only the form's button tells the organization something.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain.base import DomainError, NotFoundError
from domain.survey.service import Surveys
from domain.survey.survey import LONGEST_COMMENT, SCORES
from resolvers.edge.forms import page
from resolvers.edge.rates import Policy, Rates

OFTEN = Policy("surveys", 30, 60)
MOST_BYTES = 16_384
TITLE = "How did we do?"


def survey_routes(surveys: Callable[[], Surveys], rates: Rates) -> list[BaseRoute]:
    """The one route, limited by address."""

    async def show(request: Request) -> Response:
        survey = await surveys().behind(request.path_params["token"])
        return page(TITLE, _form(survey.score, survey.comment))

    async def answer(request: Request) -> Response:
        given = await _form_of(request)
        score = next((each for each in SCORES if str(each) == given.get("score")), 0)
        await surveys().answer_by_link(request.path_params["token"], score, given.get("comment"))
        return page(TITLE, "<h1>Thank you.</h1><p>You can change your answer by the same link.</p>")

    async def respond(request: Request) -> Response:
        try:
            return await (answer(request) if request.method == "POST" else show(request))
        except NotFoundError:
            return page(TITLE, "<h1>This link leads nowhere.</h1><p>It may be cut off: copy all of it.</p>", 404)
        except DomainError as error:
            return page(TITLE, f"<h1>That did not work.</h1><p>{escape(error.message)}</p>", 422)

    return [Route("/survey/{token}", rates.limited(respond, OFTEN), methods=["GET", "POST"])]


async def _form_of(request: Request) -> dict[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    return {name: values[-1] for name, values in parse_qs(body.decode(errors="replace")).items()}


def _form(score: int | None, comment: str | None) -> str:
    scores = "".join(
        f'<label class="score"><input type="radio" name="score" value="{each}" required'
        f"{' checked' if each == score else ''}> {each}</label>"
        for each in SCORES
    )
    return (
        '<h1>How did we do?</h1><form method="post"><p>1 is bad, 5 is good.</p>'
        f'<fieldset aria-label="Rating from 1 to 5">{scores}</fieldset>'
        f'<label>Anything to add?<textarea name="comment" rows="4" maxlength="{LONGEST_COMMENT}">'
        f"{escape(comment or '')}</textarea></label><button>Send</button></form>"
    )

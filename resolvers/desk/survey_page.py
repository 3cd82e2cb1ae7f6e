"""The page behind the link of a survey: a form without scripts, which answers when it is sent and not when it is seen.

Programs that check mail open links; only the form's button tells the organization something.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from domain.base import DomainError, NotFoundError
from domain.survey.service import Surveys
from domain.survey.survey import LONGEST_COMMENT, SCORES
from resolvers.edge.rates import Policy, Rates

OFTEN = Policy("surveys", 30, 60)
MOST_BYTES = 16_384
STYLE = (
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "body{max-width:30rem;margin:4rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem}fieldset{border:0;padding:0;margin:0 0 1rem;display:flex;gap:.5rem}"
    "label.score{flex:1;border:1px solid;border-radius:.5rem;padding:.6rem 0;text-align:center;cursor:pointer}"
    "label.score:has(:checked){outline:2px solid;font-weight:700}"
    "textarea{width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border-radius:.5rem}"
    "button{font:inherit;margin-top:1rem;padding:.6rem 1.4rem;border-radius:.5rem;border:1px solid;cursor:pointer}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {"content-security-policy": POLICY, "cache-control": "no-store", "x-robots-tag": "noindex"}


def survey_routes(surveys: Callable[[], Surveys], rates: Rates) -> list[BaseRoute]:
    """The one route, limited by address."""

    async def show(request: Request) -> Response:
        survey = await surveys().behind(request.path_params["token"])
        return _page(_form(survey.score, survey.comment))

    async def answer(request: Request) -> Response:
        given = await _form_of(request)
        score = int(given["score"]) if given.get("score", "").isascii() and given.get("score", "").isdigit() else 0
        await surveys().answer_by_link(request.path_params["token"], score, given.get("comment"))
        return _page("<h1>Thank you.</h1><p>You can change your answer by the same link.</p>")

    async def respond(request: Request) -> Response:
        try:
            return await (answer(request) if request.method == "POST" else show(request))
        except NotFoundError:
            return _page("<h1>This link leads nowhere.</h1><p>It may be cut off: copy all of it.</p>", 404)
        except DomainError as error:
            return _page(f"<h1>That did not work.</h1><p>{escape(error.message)}</p>", 422)

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


def _page(content: str, status: int = 200) -> Response:
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>How did we do?</title>'
        f"<style>{STYLE}</style>"
    )
    page = f'<!doctype html><html lang="en"><head>{head}</head><body>{content}</body></html>'
    return HTMLResponse(page, status, HEADERS)

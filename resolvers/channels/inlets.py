"""The routes by which other systems bring mail and text messages, and tell what became of those that went out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from domain.base import DomainError, InvalidInputError, UnauthenticatedError, UnavailableError
from domain.channel.inlets import UNSIGNED, Inlets, SignedForm
from domain.channel.receiving import Outcome
from resolvers.edge.rates import Policy, Rates
from schema.base import parse_key, parse_uuid

OFTEN = Policy("channels", 1_200, 60)
LARGEST_MAIL = 25 * 1024 * 1024
LARGEST_FORM = 64 * 1024
MOST_FIELDS = 100
PATIENCE = 60.0
"""Seconds that somebody may take to send a mail."""
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

Handler = Callable[[Request], Awaitable[Response]]


def inlet_routes(inlets: Callable[[], Inlets], rates: Rates) -> list[BaseRoute]:
    """The routes under `/channels/`, limited by address. The inbox in a path is its id as the API gives it out."""

    async def mail(request: Request) -> Response:
        inbox_id, body = _inbox(request), await _body(request, LARGEST_MAIL)
        received = await inlets().mail(inbox_id, {name.lower(): each for name, each in request.headers.items()}, body)
        status = 422 if received.outcome is Outcome.UNREADABLE else 200
        return JSONResponse({"outcome": received.outcome}, status)

    async def sms(request: Request) -> Response:
        await inlets().sms(_inbox(request), await _form(request, inlets().public_address))
        return Response(NOTHING_TO_SAY, media_type="text/xml")

    async def status(request: Request) -> Response:
        message_id = parse_uuid(request.path_params["message"], "message")
        await inlets().sms_status(_inbox(request), message_id, await _form(request, inlets().public_address))
        return Response(status_code=204)

    paths = {"/channels/email/{inbox}": mail, "/channels/sms/{inbox}": sms, "/channels/sms/{inbox}/{message}": status}
    return [Route(path, rates.limited(_answering(handle), OFTEN), methods=["POST"]) for path, handle in paths.items()]


def _answering(handle: Handler) -> Handler:
    """Errors as statuses: whoever brings something repeats it after 503, and after nothing else."""

    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except UnavailableError as error:
            return _refusal(error, 503)
        except InvalidInputError:  # no id of an inbox: strangers are told no more than of a wrong signature
            return _refusal(UnauthenticatedError(UNSIGNED), 401)
        except UnauthenticatedError as error:
            return _refusal(error, 401)
        except DomainError as error:
            return _refusal(error, 409)

    return answer


def _refusal(error: DomainError, status: int) -> Response:
    return JSONResponse({"error": {"code": error.code, "message": error.message}}, status)


def _inbox(request: Request) -> UUID:
    return parse_key(request.path_params["inbox"], "Inbox", "inbox")


async def _form(request: Request, public_address: str) -> SignedForm:
    """A form as the provider signed it: with the address that it knows us by."""
    body = await _body(request, LARGEST_FORM)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{public_address}{request.url.path}{query}"
    return SignedForm(url, dict(pairs), request.headers.get("x-twilio-signature", ""))


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise HTTPException(413)
    except TimeoutError:
        raise HTTPException(408) from None
    return bytes(body)

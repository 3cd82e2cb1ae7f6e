"""Signing in by password, staying signed in, and signing out, over HTTP."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import pytest
import websockets
from sqlalchemy import select, update

from infra import bootstrap
from infra.accounts.rows import refresh_tokens, sessions
from infra.rows import agents, events, organizations
from tests.resolvers.login.calls import code, post, sign_in, until, viewer
from tests.resolvers.login.mailbox import Mailbox
from tests.resolvers.login.members import PASSWORD, Personnel
from tests.stack import Stack


async def test_the_right_password_opens_a_session_that_the_journal_tells_of(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    answer = await stack.http.post(
        "/auth/sign-in",
        json={"email": f" {ann.email.upper()} ", "password": PASSWORD, "transport": "token"},
        headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
    )
    tokens = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert {name: type(value) for name, value in tokens.items()} == {
        "access_token": str,
        "token_type": str,
        "expires_in": int,
        "refresh_token": str,
    }
    assert "set-cookie" not in answer.headers
    assert (await viewer(stack, tokens["access_token"])).json()["data"]["viewer"] == {
        "kind": "AGENT",
        "agent": {"name": "Ann"},
        "organization": {"slug": ann.slug},
    }
    ((kind, facts),) = await personnel.journal(ann.organization_id)
    assert (kind, facts["actor"], facts["address"], facts["audited"]) == (
        "SessionStarted",
        f"agent:{ann.agent_id}",
        "127.0.0.1",
        True,
    )
    assert (facts["strategy"], facts["device"]) == ("password", "Firefox on Linux")


async def test_a_wrong_password_and_an_unknown_address_get_one_answer(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    wrong = await post(stack, "sign-in", email=ann.email, password="wrong")
    unknown = await post(stack, "sign-in", email="nobody@people.example", password="wrong")
    no_address = await post(stack, "sign-in", email="no\ud7ffbody", password="wrong")
    assert wrong.json() == unknown.json() == no_address.json()
    assert code(wrong) == code(unknown) == (401, "UNAUTHENTICATED")

    async def told() -> list[Any]:
        return await personnel.journal(ann.organization_id)

    ((kind, facts),) = await until(told)
    assert (kind, facts["cause"], facts["agent_id"], facts["address"]) == (
        "SignInFailed",
        "password",
        str(ann.agent_id),
        "127.0.0.1",
    )


async def test_who_belongs_to_several_organizations_is_asked_after_the_right_password(
    stack: Stack, personnel: Personnel
) -> None:
    ann = await personnel.member()
    again = await personnel.member(person=ann)
    asked = await post(stack, "sign-in", email=ann.email, password=PASSWORD)
    assert {one["slug"] for one in asked.json()["organizations"]} == {ann.slug, again.slug}
    assert "organizations" not in (await post(stack, "sign-in", email=ann.email, password="wrong")).json()
    tokens = await sign_in(stack, ann, organization=again.slug)
    found = (await viewer(stack, tokens["access_token"])).json()["data"]["viewer"]
    assert found["organization"] == {"slug": again.slug}
    other = await personnel.member()
    refused = await post(stack, "sign-in", email=ann.email, password=PASSWORD, organization=other.slug)
    assert code(refused) == (403, "FORBIDDEN")


async def test_nobody_gets_in_where_passwords_are_off_or_who_is_suspended(stack: Stack, personnel: Personnel) -> None:
    off = await personnel.member(organization=await personnel.organization(sign_in={"password": False}))
    suspended, closed = await personnel.member(), await personnel.member()
    at = bootstrap.now()
    async with personnel.database.tenant(suspended.organization_id) as connection:
        await connection.execute(update(agents).values(suspended_at=at).where(agents.c.id == suspended.agent_id))
        await connection.commit()
    async with personnel.database.tenant(closed.organization_id) as connection:
        await connection.execute(update(organizations).values(suspended_at=at))
        await connection.commit()
    for member in (off, suspended, closed):
        answer = await post(stack, "sign-in", email=member.email, password=PASSWORD)
        assert code(answer) == (403, "FORBIDDEN"), member
        assert code(await post(stack, "sign-in", email=member.email, password="wrong")) == (401, "UNAUTHENTICATED")


async def test_a_refresh_token_works_once(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    first = await sign_in(stack, ann)
    second = (await post(stack, "refresh", refresh_token=first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (await viewer(stack, second["access_token"])).json()["data"]["viewer"]["kind"] == "AGENT"
    assert code(await post(stack, "refresh", refresh_token="made-up")) == (401, "UNAUTHENTICATED")


async def test_a_replayed_refresh_token_ends_the_session(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    first = await sign_in(stack, ann)
    second = (await post(stack, "refresh", refresh_token=first["refresh_token"])).json()
    assert code(await post(stack, "refresh", refresh_token=first["refresh_token"])) == (401, "UNAUTHENTICATED")
    assert (await viewer(stack, second["access_token"])).status_code == 401
    assert code(await post(stack, "refresh", refresh_token=second["refresh_token"])) == (401, "UNAUTHENTICATED")
    ended = [facts for kind, facts in await personnel.journal(ann.organization_id) if kind == "SessionEnded"]
    assert [(one["cause"], one["address"]) for one in ended] == [("refresh_reused", "127.0.0.1")]


async def test_of_two_uses_at_once_one_wins_and_the_session_ends(stack: Stack, personnel: Personnel) -> None:
    for _ in range(10):
        ann = await personnel.member()
        first = await sign_in(stack, ann)
        uses = [post(stack, "refresh", refresh_token=first["refresh_token"]) for _ in range(4)]
        answers = await asyncio.gather(*uses)
        assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
        won = next(answer.json() for answer in answers if answer.status_code == 200)
        assert (await viewer(stack, won["access_token"])).status_code == 401
        kinds = [kind for kind, _ in await personnel.journal(ann.organization_id)]
        assert kinds.count("SessionEnded") == 1


async def test_tokens_are_kept_as_hashes_alone(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    tokens = await sign_in(stack, ann)
    async with personnel.database.tenant(ann.organization_id) as connection:
        rows = [
            *(await connection.execute(select(refresh_tokens))).all(),
            *(await connection.execute(select(sessions))),
        ]
    assert tokens["refresh_token"] not in str(rows)
    assert tokens["refresh_token"].encode() not in [bytes(row.hash) for row in rows if hasattr(row, "hash")]


@pytest.mark.parametrize(
    ("column", "back"), [("last_seen_at", timedelta(days=7, seconds=1)), ("expires_at", timedelta(days=30, seconds=1))]
)
async def test_a_session_ends_after_its_time_and_when_nobody_uses_it(
    stack: Stack, personnel: Personnel, column: str, back: timedelta
) -> None:
    ann = await personnel.member()
    tokens = await sign_in(stack, ann)
    async with personnel.database.tenant(ann.organization_id) as connection:
        await connection.execute(update(sessions).values({column: sessions.c[column] - back}))
        await connection.commit()
    assert code(await post(stack, "refresh", refresh_token=tokens["refresh_token"])) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("by", ["access", "refresh"])
async def test_who_signs_out_is_out_at_once(stack: Stack, personnel: Personnel, by: str) -> None:
    ann = await personnel.member()
    tokens = await sign_in(stack, ann)
    headers = {"authorization": f"Bearer {tokens['access_token']}"} if by == "access" else {}
    body = {"refresh_token": tokens["refresh_token"]} if by == "refresh" else {}
    answer = await stack.http.post("/auth/sign-out", json=body, headers=headers)
    assert answer.status_code == 204
    assert (await viewer(stack, tokens["access_token"])).status_code == 401
    assert code(await post(stack, "refresh", refresh_token=tokens["refresh_token"])) == (401, "UNAUTHENTICATED")
    kind, facts = (await personnel.journal(ann.organization_id))[-1]
    assert (kind, facts["cause"], facts["actor"]) == ("SessionEnded", "signed_out", f"agent:{ann.agent_id}")


async def test_what_is_no_request_is_refused(stack: Stack) -> None:
    http = stack.http
    assert (await http.get("/auth/sign-in")).status_code == 405
    assert (await http.post("/auth/sign-in", data={"email": "a"})).status_code == 415
    assert (
        await http.post("/auth/sign-in", content=b"[1", headers={"content-type": "application/json"})
    ).status_code == 400
    assert (await http.post("/auth/sign-in", json=[1])).status_code == 400
    assert (await http.post("/auth/sign-in", json={"email": "x" * 20_000})).status_code == 413
    missing = (await http.post("/auth/sign-in", json={"email": "ann@people.example"})).json()["error"]
    assert (missing["code"], [one["path"] for one in missing["fields"]]) == ("INVALID_INPUT", ["password"])
    assert code(await http.post("/auth/sign-in", json={"email": 7, "password": "x"})) == (400, "INVALID_INPUT")


@pytest.mark.parametrize("how", ["sign-out", "replay", "reset"])
async def test_what_a_session_holds_open_closes_with_it(
    stack: Stack, personnel: Personnel, post_office: Mailbox, how: str
) -> None:
    ann = await personnel.member()
    tokens = await sign_in(stack, ann)
    if how == "replay":
        await post(stack, "refresh", refresh_token=tokens["refresh_token"])
    if how == "reset":
        await post(stack, "forgot-password", email=ann.email)
        token = await post_office.token(ann.email)
    protocol = websockets.Subprotocol("graphql-transport-ws")
    async with websockets.connect(stack.socket_url, subprotocols=[protocol]) as socket:
        payload = {"authorization": f"Bearer {tokens['access_token']}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        if how == "reset":
            await post(stack, "reset-password", token=token, password="quiet harbour lantern 77")
        else:
            path = "refresh" if how == "replay" else "sign-out"
            await post(stack, path, refresh_token=tokens["refresh_token"])
        began = time.perf_counter()
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            async with asyncio.timeout(5):
                await socket.recv()
        took = time.perf_counter() - began
    print(f"closed {took * 1000:.1f} ms after the answer")
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4401
    assert took < 5


@pytest.mark.parametrize("closed", ["suspended", "password"])
async def test_a_closed_organization_refreshes_nothing_and_a_token_is_good_when_it_opens(
    stack: Stack, personnel: Personnel, closed: str
) -> None:
    ann = await personnel.member()
    tokens = await sign_in(stack, ann)

    async def change(**values: Any) -> None:
        async with personnel.database.tenant(ann.organization_id) as connection:
            await connection.execute(update(organizations).values(values))
            await connection.commit()

    shut = (
        {"suspended_at": bootstrap.now()} if closed == "suspended" else {"settings": {"sign_in": {"password": False}}}
    )
    await change(**shut)
    for _ in range(2):
        assert code(await post(stack, "refresh", refresh_token=tokens["refresh_token"])) == (403, "FORBIDDEN")
    await change(suspended_at=None, settings={})
    assert (await post(stack, "refresh", refresh_token=tokens["refresh_token"])).status_code == 200


async def test_the_journal_names_the_request_of_a_failure(stack: Stack, personnel: Personnel) -> None:
    ann = await personnel.member()
    answer = await post(stack, "sign-in", email=ann.email, password="wrong")

    async def correlated() -> list[str]:
        async with personnel.database.tenant(ann.organization_id) as connection:
            return list((await connection.execute(select(events.c.correlation_id))).scalars())

    (found,) = await until(correlated)
    assert found == answer.headers["x-correlation-id"]

"""Customers are asked how it went, once, remembered once, and answer by a link that shows nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from domain.survey.survey import Survey
from infra import bootstrap
from infra.desk.rows import timers
from infra.rows import events, jobs
from infra.surveys.links import SurveyLinks
from infra.surveys.rows import surveys
from infra.surveys.wording import WORDINGS
from schema.base import parse_id
from tests.documents import ERRORS
from tests.stack import Client, Company, Stack, found_company, running, scripted


def command(name: str, selection: str) -> str:
    """The document of a mutation, with what is wanted of its success."""
    kind = name[0].upper() + name[1:]
    fragment = f"... on {kind}Success {{ {selection} }}"
    return f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename {fragment} {ERRORS} }} }}"


CONVERSATION = """query ($id: ID!) { conversation(id: $id) {
  messages(first: 50) { nodes { kind text author { __typename } } }
  survey { id episode score comment answeredAt remindedAt conversation { id } }
} }"""
START = command("startConversation", "conversation { id }")
RESOLVE = command("resolveConversation", "conversation { state }")
ANSWER = command("answerSurvey", "survey { score comment }")
SETTINGS = command("changeSettings", "organization { settings { survey { enabled delayMinutes remindAfterHours } } }")
LISTED = "query ($filter: SurveyFilterInput) { surveys(filter: $filter) { nodes { score } } }"


@pytest.fixture
async def stack(fresh_database_url: str, redis_url: str) -> AsyncIterator[Stack]:
    async with running(fresh_database_url, redis_url, scripted("Within 45 days.")) as stack:
        yield stack


@pytest.fixture
async def company(fresh_database_url: str) -> Company:
    return await found_company(fresh_database_url)


async def decide(stack: Stack, company: Company, **survey: Any) -> None:
    await stack.client(company.admin).ask(SETTINGS, input={"survey": {"enabled": True, **survey}})


async def settled(stack: Stack, company: Company) -> str:
    customer = stack.client(company.customer)
    conversation = (await customer.ask(START, input={"text": "How do I return a coat?"}))["startConversation"]
    identity = str(conversation["conversation"]["id"])
    await customer.ask(RESOLVE, input={"conversationId": identity})
    return identity


async def asked(client: Client, conversation: str, times: int = 1) -> Any:
    """The conversation, once its customer was asked so many times."""
    async with asyncio.timeout(15):
        while True:
            found = (await client.ask(CONVERSATION, id=conversation))["conversation"]
            messages = [each for each in found["messages"]["nodes"] if each["kind"] == "SURVEY"]
            if len(messages) >= times:
                assert len(messages) == times
                return found
            await asyncio.sleep(0.05)


async def until_done(parts: bootstrap.Parts, company: Company) -> None:
    """Return when the worker has nothing left to do about what happened."""
    async with asyncio.timeout(15):
        while True:
            async with parts.database.tenant(company.id) as connection:
                waiting = await connection.scalar(select(func.count()).select_from(jobs))
                undelivered = events.c.delivered_position.is_(None)
                new = await connection.scalar(select(func.count()).select_from(events).where(undelivered))
            if not waiting and not new:
                return
            await asyncio.sleep(0.05)


def link_of(conversation: Any) -> str:
    """The path of the link in the last message."""
    found = re.search(r"https?://[^/]+(/survey/\S+)$", conversation["messages"]["nodes"][-1]["text"])
    assert found
    return found[1]


async def test_a_settled_conversation_is_asked_about_and_the_link_answers_without_signing_in(
    stack: Stack, company: Company
) -> None:
    await decide(stack, company)
    conversation = await settled(stack, company)
    found = await asked(stack.client(company.customer), conversation)
    assert found["messages"]["nodes"][-1]["author"] == {"__typename": "Assistant"}
    assert found["survey"]["score"] is None
    path = link_of(found)
    page = await stack.http.get(path)
    assert page.status_code == 200
    assert "script" not in page.headers["content-security-policy"]
    assert "How do I return a coat?" not in page.text
    assert (await asked(stack.client(company.agent), conversation))["survey"]["score"] is None, "seeing is not saying"
    assert page.headers["referrer-policy"] == "same-origin", "or browsers send the form from the origin null"
    own = {"origin": stack.settings.public_origin}
    thanks = await stack.http.post(path, data={"score": "2", "comment": "Slow <b>"}, headers=own)
    assert thanks.status_code == 200
    said = (await asked(stack.client(company.agent), conversation))["survey"]
    assert (said["score"], said["comment"]) == (2, "Slow <b>")
    assert said["conversation"]["id"] == conversation
    assert "Slow &lt;b&gt;" in (await stack.http.get(path)).text
    await stack.http.post(path, data={"score": "5"})
    assert (await asked(stack.client(company.agent), conversation))["survey"]["score"] == 5


async def test_what_cannot_be_an_answer_is_refused_with_a_sentence(stack: Stack, company: Company) -> None:
    await decide(stack, company)
    conversation = await settled(stack, company)
    path = link_of(await asked(stack.client(company.customer), conversation))
    for score in ("", "0", "6", "five", "१", "-1", "1" * 5_000):
        answer = await stack.http.post(path, data={"score": score})
        assert (answer.status_code, "1 (bad) to 5 (good)" in answer.text) == (422, True)
    assert (await stack.http.post(path, content=b"x" * 20_000)).status_code == 413
    assert (await stack.http.post(path, data={"score": "1", "comment": "x" * 1_001})).status_code == 422
    for wrong in ("nonsense", path[8:-4] + "AAAA", "A" * 64, "ä" * 64):
        assert (await stack.http.get(f"/survey/{wrong}")).status_code == 404


async def test_a_signed_in_customer_answers_and_nobody_else_does(stack: Stack, company: Company) -> None:
    await decide(stack, company)
    conversation = await settled(stack, company)
    survey = (await asked(stack.client(company.customer), conversation))["survey"]["id"]
    given = {"surveyId": survey, "score": 4}
    other = (await stack.client(company.other_customer).ask(ANSWER, input=given))["answerSurvey"]
    assert other["__typename"] == "NotFoundError"
    agent = (await stack.client(company.agent).ask(ANSWER, input=given))["answerSurvey"]
    assert agent["__typename"] == "ForbiddenError"
    mine = (await stack.client(company.customer).ask(ANSWER, input=given))["answerSurvey"]
    assert mine["survey"] == {"score": 4, "comment": None}
    good = await stack.client(company.agent).ask(LISTED, filter={"scores": [4, 5]})
    bad = await stack.client(company.agent).ask(LISTED, filter={"scores": [1]})
    assert (good["surveys"]["nodes"], bad["surveys"]["nodes"]) == ([{"score": 4}], [])
    assert (await stack.client(company.other_customer).ask(LISTED))["surveys"]["nodes"] == []


async def test_who_says_nothing_is_reminded_once_and_who_answered_is_not(stack: Stack, company: Company) -> None:
    await decide(stack, company, remindAfterHours=24)
    silent, spoken = await settled(stack, company), await settled(stack, company)
    customer = stack.client(company.customer)
    ids = {}
    for conversation in (silent, spoken):
        found = await asked(customer, conversation)
        ids[conversation] = (UUID(parse_id(found["survey"]["id"], "id")[1]), UUID(parse_id(conversation, "id")[1]))
    survey = (await asked(customer, spoken))["survey"]["id"]
    await customer.ask(ANSWER, input={"surveyId": survey, "score": 5})
    async with bootstrap.parts(stack.settings) as parts:
        async with parts.database.tenant(company.id) as connection:
            waiting = (await connection.execute(select(timers).where(timers.c.name == "survey_reminder"))).all()
            times = (await connection.execute(select(surveys.c.id, surveys.c.asked_at))).all()
        assert [(row.key, row.due_at) for row in waiting] == [
            (str(row.id), row.asked_at + timedelta(hours=24)) for row in times if row.id == ids[silent][0]
        ]
        for _ in range(3):
            for survey_id, conversation_id in ids.values():
                await parts.desk.surveys.remind(company.id, survey_id, conversation_id)
    assert (await asked(customer, silent, times=2))["survey"]["remindedAt"]
    assert not (await asked(customer, spoken))["survey"]["remindedAt"]


async def test_nobody_is_asked_where_it_is_off_or_about_what_goes_on(stack: Stack, company: Company) -> None:
    async with bootstrap.parts(stack.settings) as parts:
        quiet = await settled(stack, company)
        await until_done(parts, company)
        await decide(stack, company, delayMinutes=30)
        later = await settled(stack, company)
        await until_done(parts, company)
        key = UUID(parse_id(later, "id")[1])
        async with parts.database.tenant(company.id) as connection:
            keys = (await connection.execute(select(timers.c.key).where(timers.c.name == "survey"))).scalars().all()
        assert keys == [str(key)]
        await stack.client(company.customer).ask(
            command("sendMessage", "conversation { state }"), input={"conversationId": later, "text": "And a scarf?"}
        )
        await parts.desk.surveys.ask(company.id, key, 1)
        async with parts.database.tenant(company.id) as connection:
            assert (await connection.execute(select(surveys))).all() == []
    for conversation in (quiet, later):
        found = (await stack.client(company.customer).ask(CONVERSATION, id=conversation))["conversation"]
        assert found["survey"] is None


async def test_settings_that_make_no_sense_are_refused(stack: Stack, company: Company) -> None:
    wrong = {"survey": {"enabled": True, "delayMinutes": -1, "remindAfterHours": 1_000}}
    answer = (await stack.client(company.admin).ask(SETTINGS, input=wrong))["changeSettings"]
    assert answer["__typename"] == "InvalidInputError"
    assert [each["path"] for each in answer["fields"]] == ["input.survey.delayMinutes", "input.survey.remindAfterHours"]


def test_a_link_is_good_for_its_own_survey_and_under_its_own_secret() -> None:
    survey = Survey(uuid4(), uuid4(), uuid4(), 1, uuid4(), datetime.now(UTC))
    links = SurveyLinks("a secret that is long enough for this", "https://help.example/")
    token = links.link(survey).removeprefix("https://help.example/survey/")
    assert links.read(token) == (survey.organization_id, survey.id)
    assert SurveyLinks("another secret that is long enough", "https://help.example").read(token) is None
    changed = [token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(64)]
    assert [links.read(each) for each in changed] == [None] * 64


def test_every_language_says_both_sentences_in_the_name_of_the_organization() -> None:
    assert all("{name}" in each.asking and "{name}" in each.reminding for each in WORDINGS.values())

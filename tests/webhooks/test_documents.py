"""What a webhook's document may be, and when the other end's wishes are heeded; without any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.account.permission import CUSTOMER, Permission, Scope, everything
from domain.base import ActorKind, ForbiddenError, InvalidInputError, InvalidStateError, Recorded, system_of
from domain.conversation.events import ConversationReopened
from domain.notification.notification import Notice, NotificationKind, notice_of
from domain.webhook.events import WebhookDisabled
from domain.webhook.webhook import Webhook, Wish
from infra.webhooks.carrier import problem_of, seconds_of
from infra.webhooks.endpoints import Attempt
from resolvers.execution import Engine, Refusal, Result
from resolvers.root import schema
from resolvers.webhooks.document import prepared
from resolvers.webhooks.rendering import LARGEST, body_of
from tests.people import actor
from tests.webhooks.conftest import SUBSCRIPTION

ENGINE = Engine(schema, introspection=False)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WISH = Wish("https://hook.example/", SUBSCRIPTION, {Permission.READ_CONVERSATIONS: Scope.ALL})
FIELDS = " ".join(f"field{number}: id" for number in range(21))
COSTLY = f"""
subscription {{
  inboxChanged {{ ... on ConversationEvent {{ conversation {{ messages(first: 100) {{ nodes {{ {FIELDS} }} }} }} }} }}
}}"""


def test_a_subscription_to_the_inbox_is_one() -> None:
    assert prepared(ENGINE, SUBSCRIPTION, {"kinds": ["MESSAGE_SENT"]}).is_subscription
    assert prepared(ENGINE, "subscription { it: inboxChanged { __typename } }", {}).is_subscription


@pytest.mark.parametrize(
    ("document", "variables", "said"),
    [
        ("{ conversations { nodes { id } } }", {}, "one subscription"),
        ('mutation { deleteWebhook(input: {webhookId: "x"}) { __typename } }', {}, "one subscription"),
        ('subscription { conversationChanged(id: "x") { __typename } }', {}, "one subscription"),
        ("subscription A { inboxChanged { __typename } } query B { __typename }", {}, "several operations"),
        ("fragment A on Subscription { inboxChanged { __typename } } subscription { ...A }", {}, "one subscription"),
        ('subscription { inboxChanged(after: "x") { __typename } }', {}, "without `after`"),
        ("subscription { inboxChanged { nothing } }", {}, "Cannot query field"),
        ("subscription { inboxChanged", {}, "Syntax Error"),
        (SUBSCRIPTION, {"kinds": ["NONSENSE"]}, "kinds"),
        (SUBSCRIPTION, {"kinds": 7}, "kinds"),
        ("subscription($x: Int!) { inboxChanged { __typename ... @skip(if: $x) { __typename } } }", {}, "x"),
        (COSTLY, {}, "asks for too much"),
    ],
)
def test_anything_else_is_refused_with_a_reason(document: str, variables: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal) as refused:
        prepared(ENGINE, document, variables)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_how_long_the_other_end_wants_to_be_left_alone(retry_after: str | None, seconds: float | None) -> None:
    assert seconds_of(retry_after, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "retry_after", "said", "after"),
    [
        (500, "60", "500", None),
        (503, "60", "503", 60.0),
        (429, "60", "429", 60.0),
        (302, None, "302", None),
        (404, None, "404", None),
        (None, None, "nobody", None),
    ],
)
def test_what_is_tried_again(status: int | None, retry_after: str | None, said: str, after: float | None) -> None:
    problem = problem_of(Attempt(NOW, status, 5, "There was nobody.", "", retry_after), NOW)
    assert said in str(problem) and getattr(problem, "after", "refused") == after


def test_what_is_not() -> None:
    assert problem_of(Attempt(NOW, 204, 5, None, ""), NOW) is None
    assert not hasattr(problem_of(Attempt(NOW, 410, 5, None, ""), NOW), "after")


def test_a_body_that_is_too_large_says_where_to_read_it() -> None:
    event = Recorded(1, uuid4(), "conversation:x", 1, ConversationReopened(2), system_of(uuid4()), NOW, 7)
    assert body_of(Result({"inboxChanged": {"text": "x"}}), event) == '{"data":{"inboxChanged":{"text":"x"}}}'
    body = body_of(Result({"inboxChanged": {"text": "x" * LARGEST}}), event)
    assert '"code":"TOO_LARGE","cursor":"WyI3Il0"' in body and body.endswith('"data":null}')


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://hook.example/"},
        {"url": "https://user:word@hook.example/"},
        {"document": ""},
        {"document": "x" * 20_001},
        {"variables": {"x": "y" * 10_001}},
        {"description": "x" * 201},
        {"grants": {}},
        {"grants": {Permission.READ_CONVERSATIONS: Scope.TEAM}},
        {"grants": {Permission.READ_CONVERSATIONS: Scope.ALL, Permission.REPLY_TO_CONVERSATIONS: Scope.ALL}},
    ],
)
def test_wishes_that_cannot_be(change: dict[str, Any]) -> None:
    wish = Wish(**{name: getattr(WISH, name) for name in Wish.__slots__} | change)
    with pytest.raises(InvalidInputError):
        wish.checked()


def test_nobody_gives_a_webhook_more_than_they_have() -> None:
    owner, organization_id = system_of(uuid4()), uuid4()
    customer = actor(ActorKind.CUSTOMER, organization_id)
    assert customer.grants == CUSTOMER or not customer.grants
    webhook = Webhook(uuid4(), organization_id)
    with pytest.raises(ForbiddenError):
        webhook.create(customer, WISH, position=5)
    webhook.create(owner, WISH, position=5)
    with pytest.raises(ForbiddenError):
        webhook.change(customer, Wish("https://mine.example/", WISH.document, WISH.grants), reason=None)
    with pytest.raises(ForbiddenError):
        webhook.tell_again(customer, 0, reason=None)
    assert owner.grants == everything()


def test_people_are_told_of_what_parley_switched_off_itself() -> None:
    def notice(why: str | None) -> Notice | None:
        event = WebhookDisabled(url=WISH.url, why=why)
        return notice_of(Recorded(1, uuid4(), f"webhook:{uuid4()}", 2, event, system_of(uuid4()), NOW))

    told = notice("It has taken nothing for a day.")
    assert told is not None and told.kind is NotificationKind.WEBHOOK_DISABLED and told.conversation_id is None
    assert notice(None) is None


def test_what_was_not_told_yet_is_not_told_again() -> None:
    owner = system_of(uuid4())
    webhook = Webhook(uuid4(), owner.tenant)
    webhook.create(owner, WISH, position=5)
    with pytest.raises(InvalidStateError):
        webhook.tell_again(owner, 6, reason=None)
    webhook.tell_again(owner, 2, reason=None)
    assert (webhook.position, webhook.round) == (2, 1)


def test_switched_on_again_it_goes_on_where_it_stopped_or_from_now() -> None:
    owner = system_of(uuid4())
    webhook = Webhook(uuid4(), owner.tenant, failing_since=NOW - timedelta(days=1))
    webhook.create(owner, WISH, position=5)
    webhook.disable(why="It has taken nothing for a day.")
    webhook.enable(owner, from_position=None, reason=None)
    assert (webhook.position, webhook.failing_since, webhook.why_disabled) == (5, None, None)
    webhook.disable()
    webhook.enable(owner, from_position=9, reason=None)
    assert webhook.position == 9

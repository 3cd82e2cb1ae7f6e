"""The rules of keys, invitations, sessions, providers and customers, without any I/O."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.access.api_key import ApiKey
from domain.access.customer import Customer, Vouched
from domain.access.identity_key import IdentityKey, IdentityKeyKind
from domain.access.invitation import LIFETIME, Invitation, Newcomer
from domain.account.audit import AuditFilter, audited_kinds
from domain.account.permission import Grants, Permission, Scope
from domain.base import ActorKind, Aggregate, ForbiddenError, InvalidInputError, InvalidStateError
from domain.conversation.aggregate import Conversation
from domain.login.provider import Client, IdentityProvider
from tests.people import actor

COMPANY = uuid4()
ADMIN = actor(ActorKind.ADMIN, COMPANY)
AGENT = actor(ActorKind.AGENT, COMPANY)
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
VOUCHED = Vouched(COMPANY, uuid4(), "c-1", "Ann", "ann@shop.example")
READ: Grants = {Permission.READ_CONVERSATIONS: Scope.ALL}


def kinds(made: Aggregate) -> list[str]:
    return [event.kind for event in made.pending]


def invitation() -> Invitation:
    made = Invitation(uuid4(), COMPANY)
    made.create(ADMIN, Newcomer("ann@shop.example", "Ann", uuid4()), at=AT)
    return made


def customer() -> Customer:
    return Customer(uuid4(), COMPANY)


def test_a_key_is_revoked_once() -> None:
    key = ApiKey(uuid4(), COMPANY)
    key.create(ADMIN, "Till", READ)
    key.revoke(reason=None, at=AT)
    key.revoke(reason="Again.", at=AT + timedelta(days=1))
    assert (key.revoked_at, kinds(key)) == (AT, ["ApiKeyCreated", "ApiKeyRevoked"])
    assert key.created_by == str(ADMIN)


@pytest.mark.parametrize(
    ("grants", "error"),
    [
        ({}, InvalidInputError),
        ({Permission.READ_CONVERSATIONS: Scope.OWN}, InvalidInputError),
        ({Permission.START_CONVERSATIONS: Scope.ALL}, InvalidInputError),
        ({Permission.MANAGE_ROLES: Scope.ALL}, ForbiddenError),
    ],
)
def test_a_key_has_no_more_than_its_maker_and_all_of_it_everywhere(grants: Grants, error: type[Exception]) -> None:
    with pytest.raises(error):
        ApiKey(uuid4(), COMPANY).create(AGENT, "Till", grants)


def test_an_invitation_ends_once_by_whatever_ends_it_first() -> None:
    revoked, accepted = invitation(), invitation()
    revoked.revoke(reason=None, at=AT)
    revoked.revoke(reason=None, at=AT)
    assert kinds(revoked) == ["InvitationCreated", "InvitationRevoked"]
    accepted.accept(uuid4(), at=AT)
    for over in (revoked, accepted):
        with pytest.raises(InvalidStateError):
            over.accept(uuid4(), at=AT)
        with pytest.raises(InvalidStateError):
            over.resend(at=AT + timedelta(days=1))
    with pytest.raises(InvalidStateError):
        accepted.revoke(reason=None, at=AT)


def test_an_invitation_is_good_for_a_week_from_when_it_was_last_sent() -> None:
    made = invitation()
    with pytest.raises(InvalidStateError):
        made.resend(at=AT + timedelta(seconds=59))
    made.resend(at=AT + timedelta(days=6))
    assert made.expires_at == AT + timedelta(days=6) + LIFETIME
    with pytest.raises(InvalidStateError):
        made.accept(uuid4(), at=AT + timedelta(days=13))


def test_a_provider_changes_by_what_is_given_and_says_whether_its_secret_did() -> None:
    made = IdentityProvider(uuid4(), COMPANY)
    made.create("Work", "https://login.example", "parley", b"sealed")
    made.change(Client(), None, reason=None)
    made.change(Client(name="Work"), None, reason=None)
    assert kinds(made) == ["IdentityProviderCreated"]
    made.change(Client(enabled=False), b"other", reason=None)
    assert (made.enabled, made.client_secret, made.name) == (False, b"other", "Work")
    assert Client(enabled=False).only_disables
    assert not Client(enabled=False, name="x").only_disables


def test_an_identity_key_is_revoked_once() -> None:
    made = IdentityKey(uuid4(), COMPANY)
    made.create("Shop", IdentityKeyKind.HMAC, b"sealed")
    made.revoke(reason=None, at=AT)
    made.revoke(reason=None, at=AT + timedelta(days=1))
    assert (made.kind, made.revoked_at, kinds(made)) == ("hmac", AT, ["IdentityKeyCreated", "IdentityKeyRevoked"])


def test_who_is_vouched_for_again_in_the_same_words_does_not_change() -> None:
    made = customer()
    made.verify(VOUCHED, at=AT)
    made.verify(VOUCHED, at=AT + timedelta(days=1))
    made.verify(Vouched(COMPANY, uuid4(), "c-1"), at=AT + timedelta(days=2))
    assert (made.name, made.email, made.verified_at) == ("Ann", "ann@shop.example", AT)
    assert kinds(made) == ["CustomerVerified"]
    made.verify(replace(VOUCHED, name="Anna"), at=AT)
    assert (made.name, kinds(made)) == ("Anna", ["CustomerVerified"] * 2)


def test_a_visitor_becomes_one_known_customer_and_a_known_one_nobody_else() -> None:
    visitor, first, second = customer(), customer(), customer()
    first.verify(VOUCHED, at=AT)
    assert visitor.merge(first)
    assert visitor.merge(first)
    assert not visitor.merge(second)
    assert not first.merge(second)
    assert (visitor.merged_into, kinds(visitor)) == (first.id, ["CustomerMerged"])


def test_a_conversation_and_what_was_said_in_it_become_the_known_customers() -> None:
    visitor, known = actor(ActorKind.CUSTOMER, COMPANY), uuid4()
    made = Conversation(uuid4(), COMPANY)
    made.start(visitor, "Hello?", uuid4(), uuid4())
    made.identify(known)
    made.identify(known)
    assert made.customer_id == known
    assert [message.author_id for message in made.messages] == [known]
    assert kinds(made) == ["ConversationStarted", "MessageSent", "CustomerIdentified"]
    rebuilt = Conversation(made.id, COMPANY)
    rebuilt.replay(made.pending)
    assert (rebuilt.customer_id, rebuilt.messages) == (made.customer_id, made.messages)


def test_the_log_is_asked_for_what_there_is() -> None:
    assert {"ApiKeyRevoked", "CustomerMerged", "InvitationCreated"} <= audited_kinds()
    assert not {"Audited", "StandingChanged", "MessageSent"} & audited_kinds()
    AuditFilter(sorted(audited_kinds())[:50], since=AT, until=AT)
    for wrong in ({"kinds": ["MessageSent"]}, {"since": AT.replace(tzinfo=None)}):
        with pytest.raises(InvalidInputError):
            AuditFilter(**wrong)

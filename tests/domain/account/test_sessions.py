"""Sessions and people: what a session tells, when it is over, and which doors are open to whom."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.account.events import SessionEnded, SessionStarted
from domain.base import ActorKind, ForbiddenError, InvalidInputError
from domain.login.person import Membership, Person, email_address
from domain.login.session import Session

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def session(**fields: object) -> Session:
    return Session(uuid4(), uuid4(), expires_at=NOW + timedelta(days=1), **fields)  # type: ignore[arg-type]


def test_a_session_tells_whose_it_is_and_by_which_way() -> None:
    agent_id = uuid4()
    one = session(agent_id=agent_id, strategy="password", device="Firefox on Linux")
    one.start()
    assert one.pending == [SessionStarted(agent_id=agent_id, strategy="password", device="Firefox on Linux")]


def test_a_session_ends_once() -> None:
    one = session()
    one.end("signed_out", NOW, reason="Enough.")
    one.end("revoked", NOW + timedelta(seconds=1))
    assert one.pending == [SessionEnded(cause="signed_out", reason="Enough.")]
    assert (one.ended_at, one.ended_reason) == (NOW, "signed_out")


def test_a_session_whose_time_is_up_is_over_and_cannot_be_ended() -> None:
    one = session()
    assert not one.is_over(NOW)
    assert one.is_over(NOW + timedelta(days=1))
    one.end("revoked", NOW + timedelta(days=1))
    assert one.pending == []


def membership(**fields: object) -> Membership:
    return Membership(uuid4(), uuid4(), "Tea", "tea", **fields)  # type: ignore[arg-type]


def test_doors_are_open_unless_somebody_closed_them() -> None:
    one = membership()
    one.require_open()
    one.require_password()


@pytest.mark.parametrize("closed", ["agent_suspended", "organization_suspended"])
def test_nobody_who_is_suspended_gets_in(closed: str) -> None:
    with pytest.raises(ForbiddenError, match="suspended"):
        membership(**{closed: True}).require_open()


def test_passwords_open_nothing_where_they_are_off() -> None:
    membership(settings={"password": True}).require_password()
    with pytest.raises(ForbiddenError, match="Tea does not allow"):
        membership(settings={"password": False}).require_password()


@pytest.mark.parametrize(
    ("role", "kind"),
    [("owner", ActorKind.ADMIN), ("admin", ActorKind.ADMIN), ("agent", ActorKind.AGENT), (None, ActorKind.AGENT)],
)
def test_the_journal_names_people_as_who_they_are_there(role: str | None, kind: ActorKind) -> None:
    one = membership(builtin_role=role)
    found = one.actor("192.0.2.1")
    assert (found.kind, found.id, found.tenant, found.address) == (kind, one.agent_id, one.organization_id, "192.0.2.1")
    assert dict(found.grants) == {}


def test_an_address_is_kept_in_lower_case() -> None:
    assert email_address("  Ann@Shop.Example ") == "ann@shop.example"


@pytest.mark.parametrize(
    "text", ["", "ann", "ann@", "a b@shop.example", "ann@shop.example\n.", "a" * 250 + "@b.example"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        email_address(text, "owner")


def test_a_person_shows_no_secret_and_names_what_a_guesser_knows() -> None:
    one = Person(uuid4(), "ann@shop.example", "Ann", "a-hash", memberships=(membership(),))
    assert "a-hash" not in repr(one)
    assert one.words == ["Ann", "ann@shop.example", "Tea"]

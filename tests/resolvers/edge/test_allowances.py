"""Whose budget pays: a caller's own, that of its kind, or its address's."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from starlette.requests import HTTPConnection

from domain.base import ANONYMOUS, Actor, ActorKind
from domain.budget import Budget
from resolvers.edge.allowances import Allowances

FIGURES = {"anonymous": (1, 2), "customer": (3, 4), "staff": (5, 6), "api_key": (7, 8)}


@dataclass(frozen=True)
class Known:
    actor: Actor
    budget: Budget | None = None


def connection(address: str | None) -> HTTPConnection:
    return HTTPConnection({"type": "http", "headers": [], "client": (address, 1) if address else None})


def budget_of(caller: Known, address: str | None = "192.0.2.1") -> Budget:
    return Allowances(FIGURES).budget_of(caller, connection(address))


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        (ActorKind.CUSTOMER, (3, 4)),
        (ActorKind.AGENT, (5, 6)),
        (ActorKind.ADMIN, (5, 6)),
        (ActorKind.API_KEY, (7, 8)),
        (ActorKind.SYSTEM, (3, 4)),
    ],
)
def test_each_kind_has_its_figures_and_each_caller_a_bucket(kind: ActorKind, figures: tuple[int, int]) -> None:
    one, other = (Actor(kind, uuid4(), uuid4()) for _ in range(2))
    assert budget_of(Known(one)) == Budget(str(one), *figures)
    assert budget_of(Known(one)) == budget_of(Known(one), "192.0.2.2")
    assert budget_of(Known(one)).key != budget_of(Known(other)).key


def test_a_caller_may_bring_a_budget() -> None:
    own = Budget("api_key:x", 10, 1)
    assert budget_of(Known(Actor(ActorKind.API_KEY, uuid4(), uuid4()), own)) == own


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "address:192.0.2.1"),
        ("2001:db8:1:2:3::4", "address:2001:db8:1:2::/64"),
        ("fe80::1%eth0", "address:fe80::/64"),
        ("::ffff:192.0.2.1", "address:192.0.2.1"),
        ("testclient", "address:unknown"),
        (None, "address:unknown"),
    ],
)
def test_strangers_share_the_budget_of_their_address(address: str | None, key: str) -> None:
    assert budget_of(Known(ANONYMOUS), address) == Budget(key, 1, 2)

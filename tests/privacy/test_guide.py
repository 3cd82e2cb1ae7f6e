"""The guide's documents, run in its order."""

from pathlib import Path

from schema.base import global_id
from tests.privacy.world import World
from tests.test_readme import documents

GUIDE = Path(__file__).parents[2] / "docs" / "privacy.md"


async def test_what_the_guide_asks_for_happens(world: World) -> None:
    ask, requests, take_back, gone = documents(GUIDE)
    customer = world.ids["customer"] = str(global_id("Customer", world.company.other_customer.identity))
    made = (await world.admin.ask(ask, customer=customer))["createPrivacyRequest"]["privacyRequest"]
    assert (await world.over(made["id"]))["state"] == "DONE"
    [listed] = (await world.admin.ask(requests))["privacyRequests"]["nodes"]
    assert listed["url"] and listed["size"] > 0
    waiting = (await world.admin.ask(ask.replace("EXPORT", "ERASURE"), customer=customer))["createPrivacyRequest"]
    taken = await world.admin.ask(take_back, request=waiting["privacyRequest"]["id"])
    assert taken["cancelPrivacyRequest"]["privacyRequest"]["state"] == "CANCELLED"
    assert (await world.admin.ask(gone, customer=customer))["customer"]["erasedAt"] is None
    await world.ask("ERASURE")
    left = (await world.admin.ask(gone, customer=customer))["customer"]
    assert (left["name"], left["email"], left["contacts"]) == ("[erased]", None, []) and left["erasedAt"]

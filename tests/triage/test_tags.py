"""A tag that something goes by is not deleted unnoticed."""

import asyncio
from typing import Any

import pytest

from domain.level.policy import ServiceLevelPolicy, Terms
from domain.ports import Receipt
from domain.triage.tag import TagInUseError
from tests.triage.conftest import Desk, inner
from tests.triage.documents import done

pytestmark = pytest.mark.asyncio(loop_scope="module")
DELETE = """
mutation Delete($id: ID!) {
  deleteTag(input: { tagId: $id }) { ... on Error { code message } ... on TagInUseError { uses { kind name } } }
}"""


async def tag(desk: Desk, name: str) -> str:
    identity: str = (await done(desk.admin, "createTag", "tag { id }", name=name))["tag"]["id"]
    return identity


async def made(desk: Desk, command: str, concept: str, **input: Any) -> str:
    identity: str = (await done(desk.admin, command, f"{concept} {{ id }}", **input))[concept]["id"]
    return identity


async def refusal(desk: Desk, identity: str) -> Any:
    return (await desk.admin.ask(DELETE, id=identity))["deleteTag"]


async def test_a_tag_in_use_is_kept_and_its_uses_are_named(desk: Desk) -> None:
    vip = await tag(desk, "VIP")
    targets, triggers = [{"priority": "NORMAL", "resolution": 60}], ["CUSTOMER_WROTE"]
    policy = await made(desk, "createServiceLevelPolicy", "policy", name="Quick", targets=targets, tagIds=[vip])
    actions = [{"kind": "ADD_TAGS", "tagIds": [vip]}]
    adding = await made(desk, "createRule", "rule", name="Adding", triggers=triggers, condition={}, actions=actions)
    test = {"not": {"fact": "conversation.tags", "any": [vip]}}
    asking = await made(
        desk,
        "createRule",
        "rule",
        name="Asking",
        triggers=triggers,
        condition=test,
        actions=[{"kind": "WAKE"}],
    )
    view = await made(desk, "createView", "view", name="VIPs", filter={"allTagIds": [vip]}, isShared=True)
    macro = await made(desk, "createMacro", "macro", name="Greet", actions={"addTagIds": [vip]}, isShared=True)
    await made(desk, "createView", "view", name="My VIPs", filter={"anyTagIds": [vip]})
    refused = await refusal(desk, vip)
    assert refused["code"] == "TAG_IN_USE"
    assert "the service level policy “Quick”" in refused["message"]
    assert [(use["kind"], use["name"]) for use in refused["uses"]] == [
        ("SERVICE_LEVEL_POLICY", "Quick"),
        ("RULE", "Adding"),
        ("RULE", "Asking"),
        ("VIEW", "VIPs"),
        ("MACRO", "Greet"),
    ]
    await done(desk.admin, "deleteServiceLevelPolicy", "deletedId", policyId=policy)
    for rule in (adding, asking):
        await done(desk.admin, "deleteRule", "deletedId", ruleId=rule)
    await done(desk.admin, "deleteView", "deletedId", viewId=view)
    assert (await refusal(desk, vip))["uses"] == [{"kind": "MACRO", "name": "Greet"}]
    await done(desk.admin, "deleteMacro", "deletedId", macroId=macro)
    await done(desk.admin, "deleteTag", "deletedId", tagId=vip)


async def test_a_tag_does_not_go_while_a_policy_that_names_it_comes(desk: Desk) -> None:
    rare = inner(await tag(desk, "Rare"))
    admin = desk.company.admin
    async with desk.parts.units(admin) as unit:
        policy = ServiceLevelPolicy(desk.parts.conversations.new_id(), admin.tenant)
        policy.create(Terms("Late", {"normal": {"resolution": 60}}, tag_ids=(rare,)))
        await unit.level_policies.require_known(policy.terms)
        deleting = asyncio.create_task(desk.parts.desk.triage.tags.delete(admin, rare))
        await asyncio.sleep(0.3)
        assert not deleting.done()
        unit.level_policies.add(policy)
        await unit.commit(Receipt(policy.id))
    with pytest.raises(TagInUseError, match="Late"):
        await deleting

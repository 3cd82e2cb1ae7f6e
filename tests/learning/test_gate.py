"""The gate catches what would have been told to customers: a wrong price, a lost policy, a worse prompt."""

import pytest
from sqlalchemy import select

from domain.prompt.prompt import GateFailedError
from infra.rows import events
from tests.learning.shop import ARTICLES, CAREFUL, KINDER, WORSE, Shop

CURRENT = 1


async def refusal(shop: Shop, number: int) -> str:
    with pytest.raises(GateFailedError) as refused:
        await shop.publish(number)
    return refused.value.message


async def published(shop: Shop) -> int:
    async with shop.parts.units(shop.admin) as unit:
        return (await unit.prompts.own()).published


async def test_what_is_as_good_passes(shop: Shop) -> None:
    suite, version = await shop.guard(), await shop.prompt(KINDER)
    before, after = await shop.run(suite, CURRENT), await shop.run(suite, version)
    assert (before.done, before.passed) == (after.done, after.passed) == (7, 7)
    assert (after.model, after.prompt_number) == ("reader", version)
    await shop.publish(version)
    assert await published(shop) == version


async def test_a_wrong_price_is_caught(shop: Shop) -> None:
    suite, version = await shop.guard(), await shop.prompt(KINDER)
    await shop.run(suite, CURRENT)
    await shop.write("Express delivery", ARTICLES["Express delivery"].replace("£12.50", "£2.50"))
    await shop.run(suite, version)
    said = "Critical test cases pass with the published version and fail with this one: "
    assert await refusal(shop, version) == f"{said}“What does express delivery cost?”."
    await shop.write("Express delivery", ARTICLES["Express delivery"])
    await shop.run(suite, version)
    await shop.publish(version)


async def test_a_lost_line_of_a_policy_is_caught(shop: Shop) -> None:
    suite, version = await shop.guard(), await shop.prompt(KINDER)
    await shop.run(suite, CURRENT)
    await shop.write("Returns", ARTICLES["Returns"].partition("\n")[0])
    await shop.run(suite, version)
    assert "“Can I return a used mattress?”." in await refusal(shop, version)


async def test_a_worse_prompt_is_caught_though_no_case_is_critical(shop: Shop) -> None:
    suite, version = await shop.guard(critical=False), await shop.prompt(WORSE)
    await shop.run(suite, CURRENT)
    assert (await shop.run(suite, version)).passed == 0
    said = await refusal(shop, version)
    assert said.startswith("7 test cases broke and 0 were mended, which chance explains in less than 5%")
    assert said.endswith("and 2 more.")


async def test_one_case_that_wobbles_is_no_regression(shop: Shop) -> None:
    suite, version = await shop.guard(critical=False), await shop.prompt(KINDER)
    await shop.run(suite, CURRENT)
    await shop.write("Warranty", "Every lamp has a warranty.")
    assert (await shop.run(suite, version)).passed == 6
    await shop.publish(version)


async def test_without_a_run_of_the_published_version_no_critical_case_may_fail(shop: Shop) -> None:
    suite, version = await shop.guard(), await shop.prompt(KINDER)
    await shop.write("Warranty", "Every lamp has a warranty.")
    await shop.run(suite, version)
    assert await refusal(shop, version) == "Critical test cases fail: “How long is the warranty on a lamp?”."
    await shop.write("Warranty", ARTICLES["Warranty"])
    await shop.run(suite, version)
    await shop.publish(version)


async def test_only_a_run_of_what_there_is_now_counts(shop: Shop) -> None:
    suite, version = await shop.guard(), await shop.prompt(KINDER)
    assert "was not rehearsed yet" in await refusal(shop, version)
    receipt = await shop.runs.start(shop.admin, suite, prompt_number=version)
    assert "is not over yet" in await refusal(shop, version)
    await shop.runs.cancel(shop.admin, receipt.id)
    assert "was cancelled" in await refusal(shop, version)
    await shop.run(suite, version)
    await shop.write("Warranty", ARTICLES["Warranty"] + " Batteries have one year.")
    assert "The knowledge has changed" in await refusal(shop, version)
    await shop.run(suite, version)
    await shop.learning.suites.change(shop.admin, suite, trials=2)
    assert "tried each case 1 times, and the suite asks for 2" in await refusal(shop, version)
    await shop.learning.suites.change(shop.admin, suite, trials=1)
    async with shop.parts.units(shop.admin) as unit:
        case = (await unit.test_cases.of_suite(suite))[0]
    await shop.learning.suites.change_case(shop.admin, case.id, "Another name", case.script)
    assert "The test cases have changed" in await refusal(shop, version)


async def test_a_reason_opens_the_gate_and_stands_in_the_audit_log(shop: Shop) -> None:
    suite, version = await shop.guard(), await shop.prompt(WORSE)
    await shop.run(suite, version)
    await shop.publish(version, override_reason="The fair opens today.")
    assert await published(shop) == version
    e = events.c
    wanted = select(e.payload, e.audited).where(e.organization_id == shop.company.id, e.kind == "PromptPublished")
    async with shop.parts.database.tenant(shop.company.id) as connection:
        last = (await connection.execute(wanted.order_by(e.id.desc()).limit(1))).one()
    assert last.audited and last.payload["is_override"] and last.payload["reason"] == "The fair opens today."


async def test_without_a_gate_everything_passes(shop: Shop) -> None:
    await shop.guard()
    await shop.learning.suites.choose_gate(shop.admin, None)
    await shop.publish(await shop.prompt(CAREFUL))

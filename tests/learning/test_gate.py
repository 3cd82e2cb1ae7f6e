"""The gate catches what would have been told to customers: a wrong price, a lost policy, a worse prompt."""

import pytest

from domain.learning.gate import SuiteGate
from domain.learning.run import Surroundings
from domain.prompt.prompt import GateFailedError
from tests.learning.shop import ARTICLES, Shop

CURRENT, NEXT = 1, 2


def gate_of(shop: Shop) -> SuiteGate:
    """The gate of a shop whose published version is number 1."""

    async def published(_: object) -> int:
        return CURRENT

    return SuiteGate(shop.parts.units, Surroundings(shop.learning.runs.around.knowledge, published))


async def refusal(shop: Shop) -> str:
    with pytest.raises(GateFailedError) as refused:
        await gate_of(shop).check(shop.admin, NEXT)
    return refused.value.message


async def test_what_changes_nothing_passes(shop: Shop) -> None:
    suite = await shop.guard()
    before, after = await shop.run(suite, CURRENT), await shop.run(suite, NEXT)
    assert (before.done, before.passed) == (after.done, after.passed) == (7, 7)
    await gate_of(shop).check(shop.admin, NEXT)


async def test_a_wrong_price_is_caught(shop: Shop) -> None:
    suite = await shop.guard()
    await shop.run(suite, CURRENT)
    await shop.write("Express delivery", ARTICLES["Express delivery"].replace("£12.50", "£2.50"))
    await shop.run(suite, NEXT)
    said = "Critical test cases pass with the published version and fail with this one: "
    assert await refusal(shop) == f"{said}“What does express delivery cost?”."


async def test_a_lost_line_of_a_policy_is_caught(shop: Shop) -> None:
    suite = await shop.guard()
    await shop.run(suite, CURRENT)
    await shop.write("Returns", ARTICLES["Returns"].partition("\n")[0])
    await shop.run(suite, NEXT)
    assert "“Can I return a used mattress?”" in await refusal(shop)


async def test_a_worse_prompt_is_caught_though_no_case_is_critical(shop: Shop) -> None:
    suite = await shop.guard(critical=False)
    await shop.run(suite, CURRENT)
    shop.reader.forgetful = {NEXT}
    run = await shop.run(suite, NEXT)
    assert run.passed == 0
    assert (await refusal(shop)).startswith(
        "7 test cases broke and 0 were mended, which chance explains in less than 5%"
    )


async def test_a_prompt_that_invents_is_caught(shop: Shop) -> None:
    suite = await shop.guard()
    await shop.run(suite, CURRENT)
    shop.reader.careless = {NEXT}
    await shop.run(suite, NEXT)
    assert "and 2 more" in await refusal(shop)


async def test_one_case_that_wobbles_is_no_regression(shop: Shop) -> None:
    suite = await shop.guard(critical=False)
    await shop.run(suite, CURRENT)
    await shop.write("Warranty", "Every lamp has a warranty.")
    run = await shop.run(suite, NEXT)
    assert run.passed == 6
    await gate_of(shop).check(shop.admin, NEXT)


async def test_without_a_run_of_the_published_version_no_critical_case_may_fail(shop: Shop) -> None:
    suite = await shop.guard()
    await shop.run(suite, NEXT)
    await gate_of(shop).check(shop.admin, NEXT)
    await shop.write("Warranty", "Every lamp has a warranty.")
    await shop.run(suite, NEXT)
    assert await refusal(shop) == "Critical test cases fail: “How long is the warranty on a lamp?”."


async def test_only_a_run_of_what_there_is_now_counts(shop: Shop) -> None:
    await gate_of(shop).check(shop.admin, NEXT)
    suite = await shop.guard()
    assert "was not rehearsed yet" in await refusal(shop)
    receipt = await shop.runs.start(shop.admin, suite, prompt_number=NEXT)
    assert "is not over yet" in await refusal(shop)
    await shop.runs.cancel(shop.admin, receipt.id)
    assert "was cancelled" in await refusal(shop)
    await shop.run(suite, NEXT)
    await gate_of(shop).check(shop.admin, NEXT)
    await shop.write("Warranty", ARTICLES["Warranty"] + " Batteries have one year.")
    assert "The knowledge has changed" in await refusal(shop)
    await shop.run(suite, NEXT)
    await shop.learning.suites.change(shop.admin, suite, trials=2)
    assert "tried each case 1 times, and the suite asks for 2" in await refusal(shop)
    await shop.learning.suites.change(shop.admin, suite, trials=1)
    async with shop.parts.units(shop.admin) as unit:
        case = (await unit.test_cases.of_suite(suite))[0]
    await shop.learning.suites.change_case(shop.admin, case.id, "Another name", case.script)
    assert "The test cases have changed" in await refusal(shop)
    await shop.learning.suites.choose_gate(shop.admin, None)
    await gate_of(shop).check(shop.admin, NEXT)

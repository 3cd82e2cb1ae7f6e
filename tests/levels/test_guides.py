"""What the guides show is what the API takes."""

import re
from pathlib import Path

import pytest

from tests.levels.conftest import Shop

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = [
    (guide, number, block)
    for guide in ("service-levels", "automation")
    for number, block in enumerate(re.findall(r"```graphql\n(.*?)```", (DOCS / f"{guide}.md").read_text(), re.DOTALL))
]


@pytest.mark.parametrize(("guide", "number", "document"), BLOCKS, ids=lambda value: str(value)[:20])
async def test_the_examples_of_the_guides_run(shop: Shop, guide: str, number: int, document: str) -> None:
    answer = await shop.admin.ask(document)
    (value,) = answer.values()
    assert "Success" in value["__typename"] if document.startswith("mutation") else value is not None


def test_both_guides_have_examples() -> None:
    assert [guide for guide, _, _ in BLOCKS].count("automation") == 4
    assert [guide for guide, _, _ in BLOCKS].count("service-levels") == 2

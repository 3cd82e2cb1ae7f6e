"""Every document that the web app asks is one that the server runs."""

from pathlib import Path

import orjson
import pytest

from resolvers.execution import Engine, GraphQLRequest
from resolvers.root import schema

BUILT = Path(__file__).parents[2] / "web" / "dist" / "documents.json"

ENGINE = Engine(schema)

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="The web app is not built: say `make web`.")


def documents() -> list[str]:
    return list(orjson.loads(BUILT.read_bytes()).values()) if BUILT.exists() else []


def test_the_app_asks_something() -> None:
    assert len(documents()) > 1


@pytest.mark.parametrize("text", documents(), ids=lambda text: text.split("(")[0].split("{")[0].strip())
def test_the_server_runs_it(text: str) -> None:
    """Neither invalid, nor deeper or costlier than what anybody may ask."""
    ENGINE.prepare(GraphQLRequest(query=text))

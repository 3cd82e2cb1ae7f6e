"""Rules of the code, each checked over all of it."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLUnionType, get_named_type
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from domain.base import Event
from infra.rows import organizations
from resolvers.root import schema
from schema.base import Edge
from workers.relay import SUBSCRIBERS

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "schema", "infra", "resolvers", "workers")


def sources(*packages: str) -> list[Path]:
    found = [path for package in packages or PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path for path in found if "versions" not in path.parts]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_functions_are_small() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{function.name}": length(function)
        for path in sources()
        for function in functions(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert statistics.median(lengths.values()) <= 7
    assert sorted(lengths.values())[int(len(lengths) * 0.95)] <= 30
    assert {name: lines for name, lines in lengths.items() if lines > 50} == {}


def test_files_are_short() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: count for name, count in lines.items() if count > 450} == {}


def test_imports_stand_at_the_top() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        for function in functions(ast.parse(path.read_text(encoding="utf-8")))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_the_domain_imports_the_standard_library_alone() -> None:
    foreign = []
    for path in sources("domain"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            tops = {name.partition(".")[0] for name in names}
            foreign += [f"{path.name}: {top}" for top in tops if top not in sys.stdlib_module_names | {"domain"}]
    assert foreign == []


def test_every_file_says_what_it_is_for() -> None:
    silent = [str(path.relative_to(ROOT)) for path in sources() if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in sources()
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ[", "os.environ.get", "os.getenv"))
    ]
    assert set(readers) == {"infra/settings/reading.py", "infra/models/declared.py"}


def test_only_the_worker_main_and_one_adapter_know_arq() -> None:
    knowing = [str(path.relative_to(ROOT)) for path in sources() if "from arq" in path.read_text(encoding="utf-8")]
    assert set(knowing) <= {"infra/live/queue.py", "workers/main.py"}


def test_every_subscriber_is_an_event_that_exists() -> None:
    assert all(Event.kinds[event.__name__] is event for event in SUBSCRIBERS)


def test_no_event_has_a_field_that_hides_its_name_in_the_journal() -> None:
    assert [name for name, event in Event.kinds.items() if event.kind is not Event.kind] == []


def test_no_edge_hides_in_a_resolver() -> None:
    """A field that leads to other objects is declared by `edge`, `edges` or `pages`, or is a root field."""
    declared: set[str] = set()
    hidden: set[str] = set()
    for name, one in schema._schema.type_map.items():
        if name in {"Query", "Mutation", "Subscription"} or not isinstance(one, GraphQLObjectType):
            continue
        definition = (one.extensions or {}).get("strawberry-definition")
        for field in getattr(definition, "fields", ()):
            target = get_named_type(one.fields[schema.config.name_converter.get_graphql_name(field)].type)
            if isinstance(target, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType) and field.base_resolver:
                (declared if isinstance(field.metadata.get("edge"), Edge) else hidden).add(f"{name}.{field.name}")
    assert hidden == set()
    assert {"Conversation.customer", "Conversation.messages", "Message.author", "Article.passages"} <= declared


OF_NO_TENANT = {"mail_token", "recovery_code", "sign_in_throttle", "signing_key", "search_backlog", "rollup_place"}
"""Only the roles that sign people in, search or roll up reach these; a person's row has a policy for their tenants."""


@pytest.fixture
def tables() -> list[str]:
    return [table.name for table in organizations.metadata.sorted_tables]


async def test_every_table_is_closed_to_other_tenants(fresh_database_url: str, tables: list[str]) -> None:
    engine = create_async_engine(fresh_database_url)
    wanted = text(
        """
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS closed,
               EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant') AS policed
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
        """
    )
    async with engine.connect() as connection:
        rows = (await connection.execute(wanted)).all()
        roles = await connection.execute(
            text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'parley_%' AND (rolsuper OR rolbypassrls)")
        )
        assert roles.all() == []
    await engine.dispose()
    assert {row.relname for row in rows} == set(tables)
    assert [row.relname for row in rows if not row.closed] == []
    assert {row.relname for row in rows if not row.policed} == OF_NO_TENANT

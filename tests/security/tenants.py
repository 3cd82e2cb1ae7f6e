"""Two organizations with something of everything, in which every text of one has its mark and every id is known."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
from graphql import GraphQLInterfaceType
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.account.organization import default_inbox_of, role_of
from domain.account.permission import CUSTOMER, BuiltinRole, Permission, Scope, scopes_of
from domain.base import Actor, ActorKind, system_of
from domain.export.events import Dataset, ExportFormat
from domain.export.filter import ExportFilter
from domain.knowledge.content import content_of
from domain.knowledge.events import Audience, ImportOptions
from domain.knowledge.ports import StoredFile
from domain.learning.case import Script, Wording
from domain.learning.curated import curation_of
from domain.learning.rehearsing import Trial
from domain.ports import IdempotencyKey
from infra import bootstrap
from infra.accounts.founding import found
from infra.identity.keys import first_keys
from infra.identity.standing import API_KEY_PREFIX, grants_of, hash_of
from infra.identity.tokens import AccessTokens
from resolvers.root import schema
from tests.security.rows import TABLES, TENANTS, fill, superuser
from tests.stack import SECRET, scripted

TABLE_OF = {"KnowledgeImport": "import", "Action": "tool_call", "DeadLetter": "job"}
"""Types whose table has another name than the type."""
GRANTABLE = [permission for permission in Permission if permission is not Permission.START_CONVERSATIONS]


@dataclass
class Tenant:
    """An organization with its people and with a row of every kind."""

    id: UUID
    mark: str
    actors: dict[str, Actor] = field(default_factory=dict)
    people: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    uuids: set[str] = field(default_factory=set)
    request_keys: list[str] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)

    @property
    def all_ids(self) -> list[str]:
        """Every id that the API would give out."""
        return [identity for ids in self.ids.values() for identity in ids]

    def traces(self, answer: str) -> list[str]:
        """What an answer shows of this tenant: its mark, its ids as they are, or wrapped up in ids and cursors."""
        numbered = [identity for identity in self.ids["DeadLetter"] if f'"{identity}"' in answer]
        plain = [answer, *(_unwrapped(word) for word in re.findall(r"[A-Za-z0-9_-]{16,}", answer))]
        return numbered + [
            word
            for text in plain
            for word in re.findall(rf"{self.mark}[^\"]{{0,40}}|{UUID_SHAPE}", text)
            if self._is_mine(word)
        ]

    def _is_mine(self, word: str) -> bool:
        return word.startswith(self.mark) or word in self.uuids


UUID_SHAPE = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def _unwrapped(word: str) -> str:
    try:
        return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode(errors="ignore")
    except ValueError:
        return ""


def wrapped(concept: str, identity: object) -> str:
    """An id as the API gives it out."""
    return base64.urlsafe_b64encode(f"{concept}:{identity}".encode()).decode().rstrip("=")


async def furnish(database_url: str, parts: bootstrap.Parts, mark: str) -> Tenant:
    """A tenant in which every table has a row."""
    tenant = Tenant(uuid4(), mark)
    engine = superuser(database_url)
    async with engine.begin() as connection:
        await _people(connection, tenant)
    await _history(parts, tenant)
    await _rehearse(parts, tenant)
    await _let_out(parts, tenant)
    async with engine.begin() as connection:
        await fill(connection, tenant.id, mark)
        await _learn(connection, tenant)
    await engine.dispose()
    return tenant


async def _people(connection: AsyncConnection, tenant: Tenant) -> None:
    """Somebody of each kind; `own` and `team` have all permissions, in that scope where there is one."""
    at, mine, mark = bootstrap.now(), {"organization_id": tenant.id}, tenant.mark
    await found(connection, tenant.id, f"{mark} Inc.", f"{mark}-slug", settings={"note": mark}, at=at)
    customer = Actor(ActorKind.CUSTOMER, uuid4(), tenant.id, CUSTOMER)
    tenant.actors["customer"] = customer
    row = mine | {"id": customer.id, "name": f"{mark} customer", "email": f"{mark}@customers.example", "created_at": at}
    tenant.people["customer"].append(row)
    for name in ("own", "team"):
        grants = {
            str(one): str(Scope(name) if Scope(name) in scopes_of(one) else scopes_of(one)[0]) for one in GRANTABLE
        }
        role = {"id": uuid4(), "name": f"{mark} {name}", "grants": grants, "created_at": at} | mine
        tenant.people["role"].append(role)
        _agent(tenant, name, UUID(str(role["id"])), grants_of(None, grants))
    for builtin in BuiltinRole:
        _agent(tenant, builtin, role_of(tenant.id, builtin), grants_of(builtin, {}))
    team = {"id": uuid4(), "name": f"{mark} team", "created_at": at} | mine
    tenant.people["team"].append(team)
    tenant.people["team_agent"].append(mine | {"team_id": team["id"], "agent_id": tenant.actors["team"].id})
    tenant.people["team_inbox"].append(mine | {"team_id": team["id"], "inbox_id": default_inbox_of(tenant.id)})
    await restore(connection, tenant)


def _agent(tenant: Tenant, name: str, role_id: UUID, grants: Any) -> None:
    at, mark, person_id = bootstrap.now(), tenant.mark, uuid4()
    person = {"id": person_id, "email": f"{mark}.{name}@people.example", "name": f"{mark} {name}", "created_at": at}
    kind = ActorKind.ADMIN if name in (BuiltinRole.OWNER, BuiltinRole.ADMIN) else ActorKind.AGENT
    tenant.actors[name] = actor = Actor(kind, uuid4(), tenant.id, grants)
    row = {"id": actor.id, "organization_id": tenant.id, "person_id": person_id, "role_id": role_id}
    tenant.people["person"].append(person)
    tenant.people["agent"].append(row | {"name": f"{mark} {name}", "created_at": at, "suspended_at": None})


async def restore(connection: AsyncConnection, tenant: Tenant) -> None:
    """Make the tenant's people as they were, whatever their own commands have made of them since."""
    for name in ("role", "person", "agent", "customer", "team", "team_agent", "team_inbox"):
        table, rows = TABLES[name], tenant.people[name]
        added = insert(table)
        keys = [column.name for column in table.primary_key]
        again = {column: added.excluded[column] for column in rows[0]}
        await connection.execute(added.on_conflict_do_update(index_elements=keys, set_=again), rows)


async def _history(parts: bootstrap.Parts, tenant: Tenant) -> None:
    """Conversations and knowledge as people make them: with events that can be replayed, in all states."""
    mark, customer, agent = tenant.mark, tenant.actors["customer"], tenant.actors["agent"]
    answers = bootstrap.answers(parts, scripted(f"{mark} answer"))
    tenant.request_keys = [str(uuid4()) for _ in range(2)]
    for number in range(3):
        key = IdempotencyKey(tenant.request_keys[0], "start") if number == 0 else None
        receipt = await parts.conversations.start(customer, f"{mark} question {number}", key=key)
        assert receipt.part_id is not None
        await answers.answer(tenant.id, receipt.id, receipt.part_id, "")
        if number == 0:
            await parts.conversations.send(customer, receipt.id, f"{mark} open question")
        if number:
            await parts.conversations.take_over(agent, receipt.id)
            await parts.conversations.send(agent, receipt.id, f"{mark} answer")
        if number == 2:
            await parts.conversations.resolve(agent, receipt.id)
    await parts.read_marks.mark(agent, receipt.id)
    await _offer(parts, tenant)
    source = await parts.knowledge.sources.create(agent, f"{mark} source")
    for audience in Audience:
        for steps in range(3):
            text = content_of(
                f"{mark} {audience} {steps}", f"# {mark}\n\n{mark} body.", questions=[f"{mark}?"], audience=audience
            )
            article = await parts.knowledge.articles.create(agent, source.id, text)
            for step in (parts.knowledge.articles.publish, parts.knowledge.articles.unpublish)[:steps]:
                await step(agent, article.id)
    file = StoredFile(f"{mark}.md", f"# {mark}".encode())
    await parts.knowledge.imports.request(agent, f"{mark} source", [file], ImportOptions("", False, True))


async def _offer(parts: bootstrap.Parts, tenant: Tenant) -> None:
    """A conversation that waits, which the owner is asked to take."""
    customer = tenant.actors["customer"]
    waiting = await parts.conversations.start(customer, f"{tenant.mark} question for a person")
    await parts.conversations.request_handoff(customer, waiting.id)
    async with parts.units(system_of(tenant.id)) as unit:
        conversation = await unit.conversations.get(waiting.id)
        conversation.offer(tenant.actors["owner"].identity, bootstrap.now() + timedelta(days=1))
        await unit.commit(waiting)


async def _rehearse(parts: bootstrap.Parts, tenant: Tenant) -> None:
    """A curated answer, and two suites: a run of the first is over, one of the second goes on."""
    mark, admin, learning = tenant.mark, tenant.actors["admin"], parts.assistants.learning
    await learning.curated_answers.create(admin, curation_of([f"{mark} question"], f"{mark} answer."))
    for number in range(2):
        suite = await learning.suites.create(admin, f"{mark} suite {number}", 1)
        script = Script((f"{mark}?",), must_say=(Wording(mark),))
        await learning.suites.create_case(admin, suite.id, f"{mark} case", script)
        begun = await learning.runs.start(admin, suite.id)
        if number == 0:
            async with parts.units(admin) as unit:
                run = await unit.suite_runs.get(begun.id)
                trial = Trial(run.cases[0].id, 1, (f"{mark} failed",), None, f"{mark} text", (), mark, 1.0)
                run.advance(await unit.suite_runs.keep(run, [trial]), bootstrap.now())
                await unit.commit(begun)


async def _let_out(parts: bootstrap.Parts, tenant: Tenant) -> None:
    """An export that waits for a worker, and a login for SQL."""
    admin, doors = tenant.actors["admin"], parts.doors
    await doors.exports.create(admin, Dataset.TRANSCRIPTS, ExportFormat.CSV, ExportFilter())
    await doors.sql_logins.create(admin, f"{tenant.mark} tool")


async def _learn(connection: AsyncConnection, tenant: Tenant) -> None:
    """All ids of the tenant: by type as the API gives them out, and as they are stored."""
    for name in TENANTS:
        table = TABLES[name]
        wanted = select(table).where(table.c.organization_id == tenant.id)
        for row in (await connection.execute(wanted)).mappings():
            tenant.uuids |= {
                str(value) for column, value in row.items() if column != "organization_id" and isinstance(value, UUID)
            }
            for concept in concepts_of(name):
                tenant.ids[concept].append(wrapped(concept, identity_of(name, row)))
    tenant.ids["Organization"].append(wrapped("Organization", tenant.id))
    tenant.uuids.add(str(tenant.id))
    tenant.cursors = [_cursor(at, tenant) for at in range(3)]


def identity_of(table: str, row: Mapping[Any, Any]) -> str:
    """What an id of a row has inside."""
    return f"{row['article_id']}:{row['number']}" if table == "article_version" else str(row.get("id", ""))


def _cursor(number: int, tenant: Tenant) -> str:
    """Places in lists: by number, by time and id, by name and id."""
    keys: Sequence[list[str]] = (
        ["0"],
        [bootstrap.now().isoformat(), sorted(tenant.uuids)[0]],
        [tenant.mark, sorted(tenant.uuids)[0]],
    )
    return base64.urlsafe_b64encode(orjson.dumps(keys[number])).decode().rstrip("=")


def node_types() -> list[str]:
    """Every type with an id of its own."""
    node = schema._schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    return [one.name for one in schema._schema.get_implementations(node).objects]


def concepts_of(table: str) -> list[str]:
    """The types of the schema whose ids name rows of a table."""
    snake = {
        name: TABLE_OF.get(name) or re.sub(r"(?<=.)(?=[A-Z])", "_", name).lower()
        for name in (*node_types(), "DeadLetter")
    }
    return [name for name, of in snake.items() if of == table]


async def token(connection: AsyncConnection, tenant: Tenant, name: str) -> str | None:
    """A new way in for one of the tenant's people: a session, or a key that may do everything; None for a stranger."""
    if name == "anonymous":
        return None
    if name == "api_key":
        return await key_for(connection, tenant, GRANTABLE)
    actor, at, session_id = tenant.actors[name], bootstrap.now(), uuid4()
    whose = "customer_id" if actor.kind is ActorKind.CUSTOMER else "agent_id"
    row = {"id": session_id, "organization_id": tenant.id, whose: actor.identity, "strategy": "password"}
    times = {"created_at": at, "last_seen_at": at, "expires_at": at + timedelta(days=1)}
    await connection.execute(insert(TABLES["session"]), row | times | {"device": f"{tenant.mark} device"})
    return AccessTokens(first_keys(SECRET), bootstrap.now).issue(session_id, tenant.id)


async def key_for(connection: AsyncConnection, tenant: Tenant, permissions: Iterable[Permission]) -> str:
    """A new API key that may do some things, everywhere."""
    key = f"{API_KEY_PREFIX}{uuid4().hex}"
    row = {"id": uuid4(), "organization_id": tenant.id, "name": f"{tenant.mark} key", "prefix": tenant.mark}
    costs = {"cost_capacity": 1_000_000, "cost_per_second": 1_000_000}
    made = {"created_by": f"{tenant.mark} somebody", "created_at": bootstrap.now(), "hash": hash_of(key)}
    grants = {"grants": dict.fromkeys(permissions, "all")}
    await connection.execute(insert(TABLES["api_key"]), row | costs | made | grants)
    return key

"""Tools, put together once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

from domain.base import Clock, Identifiers
from domain.tool.action import Actions
from domain.tool.calling import Caller, OrganizationTools
from domain.tool.commands import ToolCommands
from domain.tool.proof import Proofs
from domain.tool.servers import McpServers
from domain.tool.service import Toolbox
from infra.database import Database
from infra.identity.mail import mailer
from infra.identity.sealing import Sealer
from infra.settings import Settings
from infra.tools.catalog import SqlCatalog
from infra.tools.outside import ToolDoor
from infra.tools.schemas import JsonSchemas
from infra.tools.sealing import CustomerCodes, ToolSeals
from infra.unit_of_work import SqlUnits


@dataclass(frozen=True)
class ToolParts:
    """The organization's tools as its assistant has them, and what people do about them."""

    tools: OrganizationTools
    commands: ToolCommands


def tool_parts(chosen: Settings, database: Database, units: SqlUnits, clock: Clock, new_id: Identifiers) -> ToolParts:
    """Make them."""
    networks = [ip_network(each, strict=False) for each in chosen.tool_networks]
    seals, catalog, schemas = ToolSeals(Sealer(chosen.secret)), SqlCatalog(database), JsonSchemas()
    door = ToolDoor(seals, clock, networks)
    caller = Caller(door, clock)
    proofs = Proofs(units, catalog, CustomerCodes(chosen.secret), mailer(chosen), clock, catalog.name_of)
    return ToolParts(
        tools=OrganizationTools(catalog, units, caller, schemas, seals, proofs, new_id, clock),
        commands=ToolCommands(
            box=Toolbox(units, catalog, caller, schemas, seals, new_id, clock),
            servers=McpServers(units, catalog, door, schemas, seals, new_id, clock),
            actions=Actions(units, catalog, caller, seals, new_id, clock),
            proofs=proofs,
        ),
    )

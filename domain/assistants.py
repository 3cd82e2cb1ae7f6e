"""Everything that people do about their assistant: each part is a service, with the actor first."""

from __future__ import annotations

from dataclasses import dataclass

from domain.assist.service import Assist
from domain.learning.service import Learning
from domain.prompt.prompt import Prompts
from domain.spending.service import Spending
from domain.tool.commands import ToolCommands


@dataclass(frozen=True)
class Assistants:
    """The services, as the resolvers have them."""

    assist: Assist
    learning: Learning
    prompts: Prompts
    spending: Spending
    tools: ToolCommands
